// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Microsoft.ML.Memory;

/// <summary>Reads fields of a JSON object out of a file that is taken to be hostile.</summary>
/// <remarks>Every error is an <see cref="InvalidDataException"/> that names the field and the file.</remarks>
internal sealed class JsonFields : IDisposable
{
    private const int Deepest = 32;

    private readonly JsonDocument? _document;
    private readonly string _prefix;
    private readonly JsonElement _root;

    private JsonFields(JsonDocument? document, JsonElement root, string source, string prefix)
    {
        _document = document;
        _root = root;
        _prefix = prefix;
        Source = source;
    }

    /// <summary>Name of the file in messages.</summary>
    public string Source { get; }

    /// <summary>Names of all fields.</summary>
    public IEnumerable<string> Names => _root.EnumerateObject().Select(pair => Text(() => pair.Name));

    public static JsonFields Open(string path, int longest)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (file.Length > longest)
            throw BadFile.Error("The content", path, $"be at most {longest} bytes long", $"{file.Length}");
        byte[] json = new byte[(int)file.Length];
        file.ReadExactly(json);
        return Parse(json, path);
    }

    public static JsonFields Parse(ReadOnlyMemory<byte> json, string source)
    {
        if (!Utf8.IsValid(json.Span)) throw BadFile.Error("The content", source, "be UTF-8", "other bytes");
        JsonDocument document;
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = Deepest, AllowDuplicateProperties = false };
            document = JsonDocument.Parse(json, options);
        }
        catch (InvalidOperationException)
        {
            // Names are compared with their escapes undone, and an escape such as \ud800 is half of a character.
            throw HalfCharacter(source);
        }
        catch (JsonException error)
        {
            string place = error.LineNumber is long line
                ? $"something else in line {line + 1} at byte {error.BytePositionInLine}"
                : "a key twice";
            throw BadFile.Error(
                "The content", source, $"be JSON of at most {Deepest} levels with every key once", place);
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return new JsonFields(document, document.RootElement, source, "");
        using (document)
            throw BadFile.Error("The content", source, "be a JSON object", Shown(document.RootElement));
    }

    /// <summary>Gives the fields of an object that is a field, null where there is none.</summary>
    public JsonFields? Within(string name)
        => Object(name) is JsonElement inner ? new JsonFields(null, inner, Source, $"{_prefix}{name}.") : null;

    /// <summary>Gives a field, null where it is missing or null.</summary>
    public JsonElement? Find(string name)
        => _root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public JsonElement? Object(string name)
        => Find(name) is not JsonElement value ? null
            : value.ValueKind == JsonValueKind.Object ? value : throw Error(name, "be an object", Shown(value));

    public int? Integer(string name, int least, int most)
        => Find(name) is JsonElement value ? Integer(name, value, least, most) : null;

    public int Integer(string name, JsonElement value, int least, int most)
        => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            && number >= least && number <= most
            ? number
            : throw Error(name, $"be a whole number from {least} to {most}", Shown(value));

    /// <summary>Gives a finite number in [least, most].</summary>
    public double? Number(string name, double least, double most)
        => Find(name) is JsonElement value ? Number(name, value, least, most) : null;

    public double Number(string name, JsonElement value, double least, double most)
        => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number)
            && number >= least && number <= most
            ? number
            : throw Error(
                name, string.Create(CultureInfo.InvariantCulture, $"be a number from {least} to {most}"), Shown(value));

    public bool? Boolean(string name) => Find(name)?.ValueKind switch
    {
        null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Error(name, "be true or false", Shown(Find(name)!.Value)),
    };

    public string? String(string name)
        => Find(name) is not JsonElement value ? null
            : value.ValueKind == JsonValueKind.String ? Text(() => value.GetString()!)
            : throw Error(name, "be a string", Shown(value));

    /// <summary>Gives a list of strings, where a string alone stands for a list of itself.</summary>
    public string[]? Strings(string name)
    {
        if (Find(name) is not JsonElement value) return null;
        if (value.ValueKind == JsonValueKind.String) return [String(name)!];
        bool strings = value.ValueKind == JsonValueKind.Array
            && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String);
        if (!strings) throw Error(name, "be a string or an array of strings", Shown(value));

        return [.. value.EnumerateArray().Select(item => Text(() => item.GetString()!))];
    }

    /// <summary>Takes a text out of the document, where half of a character may hide in an escape.</summary>
    public string Text(Func<string> get)
    {
        try
        {
            return get();
        }
        catch (InvalidOperationException)
        {
            throw HalfCharacter(Source);
        }
    }

    public InvalidDataException Error(string subject, string constraint, string got)
        => BadFile.Error(_prefix + subject, Source, constraint, got);

    /// <summary>Shows a value in a message.</summary>
    public static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        _ => BadFile.Shorten(value.GetRawText()),
    };

    private static InvalidDataException HalfCharacter(string source)
        => BadFile.Error("The content", source, "hold whole characters", "half of one");

    public void Dispose() => _document?.Dispose();
}
