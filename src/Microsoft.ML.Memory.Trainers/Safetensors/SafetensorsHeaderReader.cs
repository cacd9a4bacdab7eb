// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text;
using System.Text.Json;

namespace Microsoft.ML.Memory;

/// <summary>Reads the JSON text of a header, refusing everything but what the format has.</summary>
internal ref struct SafetensorsHeaderReader
{
    private const string MetadataKey = "__metadata__";
    private const int LongestName = 4096;
    private const int MostTensors = 1 << 18;
    private const int LargestRank = 64;
    private const int LongestNumber = 32;

    private readonly long _dataStart;
    private readonly string _source;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private Utf8JsonReader _reader;
    private string _subject = "The header";

    /// <summary>Starts at a text that is valid UTF-8; the data start where the file says, in bytes.</summary>
    public SafetensorsHeaderReader(ReadOnlySpan<byte> json, long dataStart, string source)
    {
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 });
        _dataStart = dataStart;
        _source = source;
    }

    /// <summary>The tensors in the order of the text.</summary>
    public List<TensorEntry> Entries { get; } = [];

    /// <summary>What the writer noted.</summary>
    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the whole text.</summary>
    public void Read()
    {
        try
        {
            Start(JsonTokenType.StartObject, "be a JSON object");
            while (Next() != JsonTokenType.EndObject)
            {
                _subject = "The header";
                string name = Text();
                if (!_names.Add(name)) throw Error("have every key once", $"{BadFile.Quote(name)} twice");
                if (name == MetadataKey) ReadMetadata();
                else if (Entries.Count < MostTensors) Entries.Add(ReadTensor(name));
                else throw Error($"have at most {MostTensors} tensors", "more");
            }

            Next();
        }
        catch (JsonException)
        {
            throw Error("be valid JSON", $"something else at byte {_reader.BytesConsumed} of the header");
        }
    }

    private void ReadMetadata()
    {
        _subject = MetadataKey;
        Start(JsonTokenType.StartObject, "be an object of strings");
        while (Next() != JsonTokenType.EndObject)
        {
            string key = Text();
            if (Next() != JsonTokenType.String)
                throw Error("be an object of strings", $"{Shown()} at {BadFile.Quote(key)}");
            if (!Metadata.TryAdd(key, Value())) throw Error("have every key once", $"{BadFile.Quote(key)} twice");
        }
    }

    private TensorEntry ReadTensor(string name)
    {
        _subject = SafetensorsHeader.Subject(name);
        Start(JsonTokenType.StartObject, "be an object");
        TensorDtype? dtype = null;
        long[]? shape = null, offsets = null;
        while (Next() != JsonTokenType.EndObject)
        {
            string field = Text();
            if ((field == "dtype" && dtype is not null) || (field == "shape" && shape is not null)
                || (field == "data_offsets" && offsets is not null))
            {
                throw Error("have every field once", $"'{field}' twice");
            }

            switch (field)
            {
                case "dtype": dtype = ReadDtype(); break;
                case "shape": shape = ReadNumbers("shape", LargestRank); break;
                case "data_offsets": offsets = ReadNumbers("data_offsets", 2); break;
                default: throw Error("have the fields dtype, shape and data_offsets only", BadFile.Quote(field));
            }
        }

        return Entry(
            name,
            dtype ?? throw Error("have a dtype", "none"),
            shape ?? throw Error("have a shape", "none"),
            offsets ?? throw Error("have data_offsets", "none"));
    }

    private readonly TensorEntry Entry(string name, TensorDtype dtype, long[] shape, long[] offsets)
    {
        if (offsets is not [long begin, long end] || end < begin)
            throw Error("have data_offsets of a begin and an end not before it", ShapeText.Of(offsets));
        string type = $"{DtypeText.Of(dtype)} {ShapeText.Of(shape)}";
        long count = ShapeText.ByteCount(shape, DtypeText.SizeOf(dtype))
            ?? throw Error("have fewer than 2^63 bytes", type);
        if (count != end - begin)
            throw Error($"span {count} bytes, as {type} does", $"{end - begin} in its data_offsets");
        if (begin > long.MaxValue - _dataStart - count)
            throw Error("lie within 2^63 bytes", $"data_offsets {ShapeText.Of(offsets)}");
        return new TensorEntry(name, dtype, shape, _dataStart + begin, count);
    }

    private TensorDtype ReadDtype()
    {
        if (Next() != JsonTokenType.String) throw Error("have a dtype that is a string", Shown());
        string text = Value();
        return DtypeText.Parse(text) ?? throw Error($"have a dtype of {DtypeText.All}", BadFile.Quote(text));
    }

    private long[] ReadNumbers(string field, int most)
    {
        Start(JsonTokenType.StartArray, $"have a {field} that is an array");
        List<long> numbers = [];
        while (Next() != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out long number) || number < 0)
                throw Error($"have a {field} of whole numbers from 0 to 2^63 - 1", Shown());
            if (numbers.Count == most) throw Error($"have a {field} of at most {most} numbers", "more");
            numbers.Add(number);
        }

        return [.. numbers];
    }

    private void Start(JsonTokenType expected, string constraint)
    {
        if (Next() != expected) throw Error(constraint, Shown());
    }

    // The end of the text gives None; within a value the reader refuses it by itself.
    private JsonTokenType Next() => _reader.Read() ? _reader.TokenType : JsonTokenType.None;

    private readonly string Text()
        => _reader.ValueSpan.Length <= LongestName
            ? Value()
            : throw Error($"have names of at most {LongestName} bytes", $"{_reader.ValueSpan.Length}");

    private readonly string Value()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // An escape such as \ud800 is half of a character.
            throw Error("hold whole characters", "half of one");
        }
    }

    private readonly string Shown() => _reader.TokenType switch
    {
        JsonTokenType.Number when _reader.ValueSpan.Length <= LongestNumber
            => Encoding.ASCII.GetString(_reader.ValueSpan),
        JsonTokenType.Number => $"a number of {_reader.ValueSpan.Length} digits",
        JsonTokenType.String => "a string",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        _ => "a literal",
    };

    private readonly InvalidDataException Error(string constraint, string got)
        => BadFile.Error(_subject, _source, constraint, got);
}
