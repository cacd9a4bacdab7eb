// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MemoryServe;

/// <summary>A column with a vector in each row.</summary>
/// <param name="column">The column.</param>
/// <param name="size">Length of every vector; 0 where it may differ from row to row.</param>
/// <param name="items">What the items are, as an error says it.</param>
/// <param name="read">Reads an item.</param>
internal sealed class VectorColumn<T>(DataViewSchema.Column column, int size, string items, JsonScalar<T> read)
    : InputColumn(column)
{
    /// <summary>Vectors of any length start with room for so many.</summary>
    private const int FirstCapacity = 16;

    public override string Description => size == 0
        ? $"an array of {items}"
        : string.Create(CultureInfo.InvariantCulture, $"an array of {size} {items}");

    public override string JsonType => "array";

    public override int? Size => size;

    public override object? Read(ref Utf8JsonReader reader, out string? error)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            error = $"Column '{Name}' must be {Description}. Got {Found(ref reader)}.";
            return null;
        }

        T[] values = new T[size == 0 ? FirstCapacity : size];
        int count = 0;
        string? wrong = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (size == 0 && count == values.Length) Array.Resize(ref values, 2 * count);
            if (!read(ref reader, out T value)) wrong ??= $"{Found(ref reader)} at place {count}";
            else if (count < values.Length) values[count] = value;
            count++;
        }

        if (wrong is null && size != 0 && count != size) wrong = $"{count}";
        error = wrong is null ? null : $"Column '{Name}' must be {Description}. Got {wrong}.";
        if (size == 0) Array.Resize(ref values, count);
        return error is null ? values : null;
    }

    public override Delegate CreateGetter(Func<object?> value) => new ValueGetter<VBuffer<T>>((ref VBuffer<T> target) =>
    {
        ReadOnlySpan<T> values = (T[]?)value();
        int length = values.IsEmpty ? size : values.Length;
        VBufferEditor<T> editor = VBufferEditor.Create(ref target, length);
        if (values.IsEmpty) editor.Values.Clear();
        else values.CopyTo(editor.Values);
        target = editor.Commit();
    });
}
