// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Harness;

/// <summary>Writes what a case returned in the notation of the recording.</summary>
internal static class Serializer
{
    public static JsonNode Write(object value) => value switch
    {
        null => null,
        string or char or ReadOnlyMemory<char> => JsonValue.Create(TempFolder.Hide(value.ToString())),
        bool b => JsonValue.Create(b),
        float or double or byte or sbyte or short or ushort or int or uint or long or ulong => Number(value),
        DateTime d => JsonValue.Create(d.ToString("O", CultureInfo.InvariantCulture)),
        DateTimeOffset d => JsonValue.Create(d.ToString(CultureInfo.InvariantCulture)),
        TimeSpan t => JsonValue.Create(t.ToString()),
        DataViewRowId id => JsonValue.Create($"{id.High:x}:{id.Low:x}"),
        Type t => JsonValue.Create(TypeText.Of(t)),
        IDataView v => ViewText.OfView(v),
        DataViewSchema s => ViewText.OfSchema(s),
        CaughtException e => new JsonObject { ["exception"] = ExceptionText.Of(e.Exception) },
        JsonNode n => n,
        _ when IsBuffer(value) => Buffer((dynamic)value),
        IDictionary d => Dictionary(d),
        IEnumerable e => Sequence(e),
        _ => Members(value),
    };

    private static JsonValue Number(object value)
    {
        string text = ((IFormattable)value).ToString("R", CultureInfo.InvariantCulture);
        return text is "NaN" or "Infinity" or "-Infinity"
            ? JsonValue.Create(text)
            : JsonNode.Parse(text).AsValue();
    }

    private static bool IsBuffer(object value) =>
        value.GetType() is { IsGenericType: true } t && t.GetGenericTypeDefinition() == typeof(VBuffer<>);

    private static JsonObject Buffer<T>(VBuffer<T> buffer)
    {
        JsonNode values = Sequence(buffer.GetValues().ToArray());
        return buffer.IsDense
            ? new JsonObject { ["length"] = buffer.Length, ["dense"] = values }
            : new JsonObject
            {
                ["length"] = buffer.Length,
                ["indices"] = Sequence(buffer.GetIndices().ToArray()),
                ["values"] = values,
            };
    }

    private static JsonObject Dictionary(IDictionary dictionary)
    {
        var result = new JsonObject();
        foreach (DictionaryEntry entry in dictionary)
        {
            result[entry.Key.ToString()] = Write(entry.Value);
        }
        return result;
    }

    private static JsonArray Sequence(IEnumerable items)
    {
        var result = new JsonArray();
        foreach (object item in items)
        {
            result.Add(Write(item));
        }
        return result;
    }

    private static JsonObject Members(object value)
    {
        var result = new JsonObject();
        foreach (var property in value.GetType().GetProperties())
        {
            result[property.Name] = Write(property.GetValue(value));
        }
        foreach (var field in value.GetType().GetFields().Where(f => !f.IsStatic))
        {
            result[field.Name] = Write(field.GetValue(value));
        }
        return result;
    }
}
