// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MemoryServe;

/// <summary>A column of the model's input: how its values look in JSON and how a row of ML.NET gives them.</summary>
internal abstract class InputColumn(DataViewSchema.Column column)
{
    public string Name { get; } = column.Name;

    public int Index { get; } = column.Index;

    /// <summary>What a value must be, as an error says it.</summary>
    public abstract string Description { get; }

    /// <summary>The value as OpenAPI and JSON Schema name it: number, integer, boolean, string or array.</summary>
    public abstract string JsonType { get; }

    /// <summary>Number of values of a vector; null for a scalar, 0 for a vector of any length.</summary>
    public virtual int? Size => null;

    /// <summary>Reads a value; the reader stands on its last token afterwards.</summary>
    /// <param name="reader">Stands on the first token of the value.</param>
    /// <param name="error">What was wrong with it; null where nothing was.</param>
    /// <returns>The value, for <see cref="CreateGetter"/>; null where there was an error.</returns>
    public abstract object? Read(ref Utf8JsonReader reader, out string? error);

    /// <summary>Makes the getter of the column for whatever row is current.</summary>
    /// <param name="value">Gives the value of the current row; null gives the default of the type.</param>
    public abstract Delegate CreateGetter(Func<object?> value);

    /// <summary>Says what was got instead of a value, in few words and without repeating it.</summary>
    protected static string Found(ref Utf8JsonReader reader)
    {
        string found = reader.TokenType switch
        {
            JsonTokenType.Null => "null",
            JsonTokenType.String => "a text",
            JsonTokenType.True or JsonTokenType.False => "a truth value",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.StartObject => "an object",
            _ => "another number",
        };
        reader.Skip();
        return found;
    }
}
