// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;
using Microsoft.ML;

namespace MemoryServe;

/// <summary>A column with one value a row.</summary>
internal sealed class ScalarColumn<T>(
    DataViewSchema.Column column, string description, string jsonType, JsonScalar<T> read) : InputColumn(column)
{
    public override string Description => description;

    public override string JsonType => jsonType;

    public override object? Read(ref Utf8JsonReader reader, out string? error)
    {
        if (read(ref reader, out T value))
        {
            error = null;
            return value;
        }

        error = $"Column '{Name}' must be {Description}. Got {Found(ref reader)}.";
        return null;
    }

    public override Delegate CreateGetter(Func<object?> value)
        => new ValueGetter<T>((ref T target) => target = value() is T typed ? typed : default!);
}
