// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;

namespace MemoryServe;

/// <summary>Names of the columns that an example has beside those of a prediction.</summary>
/// <param name="Label">The label column.</param>
/// <param name="Id">The column with ids; null where the memory numbers its entries.</param>
/// <param name="Weight">The column with weights; null where all weigh the same.</param>
internal sealed record ExampleColumns(string Label, string? Id, string? Weight)
{
    /// <summary>Reads the value of a property if it is one of these columns.</summary>
    /// <param name="reader">Stands on the name of a property; on its value afterwards if it is one of these.</param>
    /// <param name="tag">Receives the value.</param>
    /// <param name="name">The column; null where it is none of these.</param>
    /// <param name="error">What was wrong with the value; null where nothing was.</param>
    /// <returns>Whether the property is one of these columns.</returns>
    public bool TryRead(ref Utf8JsonReader reader, ref ExampleTag tag, out string? name, out string? error)
    {
        error = null;
        name = reader.ValueTextEquals(Label) ? Label
            : Id is not null && reader.ValueTextEquals(Id) ? Id
            : Weight is not null && reader.ValueTextEquals(Weight) ? Weight
            : null;
        if (name is null) return false;

        reader.Read();
        if (name == Label) error = ReadLabel(ref reader, ref tag);
        else if (name == Id) error = ReadId(ref reader, ref tag);
        else error = ReadWeight(ref reader, ref tag);
        return true;
    }

    private string? ReadLabel(ref Utf8JsonReader reader, ref ExampleTag tag)
    {
        tag.Label = reader.TokenType switch
        {
            JsonTokenType.String when reader.GetString() is { Length: > 0 } text => text,
            JsonTokenType.Number => JsonElement.ParseValue(ref reader).GetRawText(),
            JsonTokenType.True => bool.TrueString,
            JsonTokenType.False => bool.FalseString,
            _ => null,
        };
        if (tag.Label is not null) return null;
        tag.IsLabelWrong = true;
        reader.Skip();
        return $"Column '{Label}' must be the name of a class: a text that is not empty, or a number.";
    }

    private string? ReadId(ref Utf8JsonReader reader, ref ExampleTag tag)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long id))
        {
            tag.Id = id;
            return null;
        }

        reader.Skip();
        return $"Column '{Id}' must be a whole number.";
    }

    private string? ReadWeight(ref Utf8JsonReader reader, ref ExampleTag tag)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out float weight)
            && float.IsFinite(weight) && weight >= 0)
        {
            tag.Weight = weight;
            return null;
        }

        reader.Skip();
        return $"Column '{Weight}' must be a finite number of at least 0.";
    }
}
