// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers;
using System.Text;
using System.Text.Json;

namespace MemoryServe;

/// <summary>Reads the rows of a request from JSON and collects everything that is wrong with them.</summary>
/// <param name="schema">The columns that a row may have, and those that it must have.</param>
/// <param name="extra">Columns that rows of examples have beside those; null for rows to predict.</param>
/// <param name="largestCount">Most rows that a request may have.</param>
internal sealed class RowReader(InputSchema schema, ExampleColumns? extra, int largestCount)
{
    private const int MostErrors = 20;

    private static readonly JsonReaderOptions _options = new() { MaxDepth = 8 };

    private readonly List<Row> _rows = [];
    private readonly List<ExampleTag> _tags = [];
    private readonly List<RowError> _errors = [];

    /// <summary>What the examples say beside their rows; empty for rows to predict.</summary>
    public IReadOnlyList<ExampleTag> Tags => _tags;

    /// <summary>Reads a body that is one row.</summary>
    /// <exception cref="RequestProblem">The body is no valid row.</exception>
    public Row ReadOne(ReadOnlySequence<byte> body)
    {
        Parse(body, (ref Utf8JsonReader reader) => ReadRow(ref reader));
        return _rows[0];
    }

    /// <summary>Reads a body that is an object with the array "rows".</summary>
    /// <exception cref="RequestProblem">The body is no such object, or one of its rows is not valid.</exception>
    public IReadOnlyList<Row> ReadMany(ReadOnlySequence<byte> body)
    {
        Parse(body, ReadRows);
        return _rows;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds) throw Malformed($"The body must be {what}.");
    }

    private static RequestProblem Malformed(string detail) => new(StatusCodes.Status400BadRequest, detail);

    private void Parse(ReadOnlySequence<byte> body, ReadBody read)
    {
        var reader = new Utf8JsonReader(body, _options);
        try
        {
            reader.Read();
            read(ref reader);
            while (reader.Read())
            {
            }
        }
        catch (JsonException error)
        {
            throw Malformed(
                $"The body must be JSON. Got something else at line {error.LineNumber + 1}, "
                + $"byte {error.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException error) when (error.InnerException is DecoderFallbackException)
        {
            throw Malformed("The body must be JSON in UTF-8. Got texts that are not.");
        }

        if (_errors.Count > 0)
        {
            throw new RequestProblem(StatusCodes.Status400BadRequest, "Every row must fit the model's input.")
            {
                Errors = _errors,
            };
        }
    }

    private void ReadRows(ref Utf8JsonReader reader)
    {
        const string Expected = "an object with the array \"rows\" and nothing else";
        Require(reader.TokenType == JsonTokenType.StartObject, Expected);
        Require(reader.Read() && reader.TokenType == JsonTokenType.PropertyName, Expected);
        Require(reader.ValueTextEquals("rows"u8), Expected);
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartArray, Expected);
        int count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (++count > largestCount)
            {
                throw new RequestProblem(
                    StatusCodes.Status413PayloadTooLarge,
                    $"A request must have at most {largestCount} rows. Got more. Send them in parts.");
            }

            ReadRow(ref reader);
            if (_errors.Count >= MostErrors) return;
        }

        Require(count > 0, "an object with at least one row in \"rows\"");
        Require(reader.Read() && reader.TokenType == JsonTokenType.EndObject, Expected);
    }

    private void ReadRow(ref Utf8JsonReader reader)
    {
        int row = _rows.Count;
        object?[] values = new object?[schema.Schema.Count];
        var tag = new ExampleTag();
        _rows.Add(new Row(values));
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            _errors.Add(new RowError(row, null, "A row must be an object with the names of columns."));
            reader.Skip();
        }
        else
        {
            var seen = new bool[values.Length];
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                ReadValue(ref reader, row, values, seen, ref tag);
            foreach (int index in schema.Needed)
            {
                if (!seen[index]) Miss(row, schema.Schema[index].Name);
            }

            if (extra is not null && tag.Label is null && !tag.IsLabelWrong) Miss(row, extra.Label);
        }

        if (extra is not null) _tags.Add(tag);
    }

    private void ReadValue(ref Utf8JsonReader reader, int row, object?[] values, bool[] seen, ref ExampleTag tag)
    {
        if (extra is not null && extra.TryRead(ref reader, ref tag, out string? name, out string? wrong))
        {
            if (wrong is not null) _errors.Add(new RowError(row, name, wrong));
            return;
        }

        if (schema.Find(ref reader) is not { } column)
        {
            string unknown = reader.GetString()!;
            _errors.Add(new RowError(row, unknown, $"Column '{unknown}' must be one of the model's input. It is not."));
            reader.Skip();
            return;
        }

        reader.Read();
        string? error = seen[column.Index] ? $"Column '{column.Name}' must be given once. Got it twice." : null;
        if (error is null) values[column.Index] = column.Read(ref reader, out error);
        else reader.Skip();
        seen[column.Index] = true;
        if (error is not null) _errors.Add(new RowError(row, column.Name, error));
    }

    private void Miss(int row, string column)
        => _errors.Add(new RowError(row, column, $"Column '{column}' must be there. Got a row without it."));

    private delegate void ReadBody(ref Utf8JsonReader reader);
}
