// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;

namespace MemoryServe;

/// <summary>An answer of any length as JSON, sent while it is written.</summary>
internal sealed class JsonStream : IDisposable
{
    /// <summary>Values that are written before what is there is sent, if the client takes it.</summary>
    private const int ValuesAtOnce = 2048;

    private readonly HttpContext _context;

    /// <summary>Begins the answer.</summary>
    public JsonStream(HttpContext context)
    {
        _context = context;
        context.Response.ContentType = "application/json; charset=utf-8";
        Json = new Utf8JsonWriter(context.Response.BodyWriter);
    }

    /// <summary>Takes the rest of the answer: few values at a time.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>Writes an array, waiting for the client where it is slow.</summary>
    public async Task WriteArrayAsync<T>(string name, IEnumerable<T> values, Action<Utf8JsonWriter, T> write)
    {
        Json.WriteStartArray(name);
        int count = 0;
        foreach (T value in values)
        {
            write(Json, value);
            if (++count % ValuesAtOnce == 0) await FlushAsync();
        }

        Json.WriteEndArray();
    }

    /// <inheritdoc cref="WriteArrayAsync{T}"/>
    public Task WriteArrayAsync(string name, IEnumerable<int> values)
        => WriteArrayAsync(name, values, (json, value) => json.WriteNumberValue(value));

    /// <inheritdoc cref="WriteArrayAsync{T}"/>
    public Task WriteArrayAsync(string name, IEnumerable<long> values)
        => WriteArrayAsync(name, values, (json, value) => json.WriteNumberValue(value));

    /// <inheritdoc cref="WriteArrayAsync{T}"/>
    public Task WriteArrayAsync(string name, IEnumerable<string> values)
        => WriteArrayAsync(name, values, (json, value) => json.WriteStringValue(value));

    /// <summary>Writes an array of numbers; null for those that JSON has no form for.</summary>
    public Task WriteArrayAsync(string name, IEnumerable<float> values)
        => WriteArrayAsync(name, values, WriteNumber);

    /// <summary>Sends what was written.</summary>
    public async Task FlushAsync()
    {
        await Json.FlushAsync(_context.RequestAborted);
        await _context.Response.BodyWriter.FlushAsync(_context.RequestAborted);
    }

    public void Dispose() => Json.Dispose();

    private static void WriteNumber(Utf8JsonWriter json, float value)
    {
        if (float.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteNullValue();
    }
}
