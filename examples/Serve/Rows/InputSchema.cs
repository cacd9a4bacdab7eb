// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text;
using System.Text.Json;
using Microsoft.ML;

namespace MemoryServe;

/// <summary>What the rows of a model must be: its input schema as it was saved with it.</summary>
internal sealed class InputSchema
{
    private readonly InputColumn?[] _columns;
    private readonly byte[][] _names;

    /// <param name="schema">The schema that the model was saved with.</param>
    /// <param name="needed">Indices of the columns that a prediction depends on; all others may be left out.</param>
    /// <exception cref="InvalidDataException">A column that a prediction depends on is of a type that no request can
    /// carry.</exception>
    public InputSchema(DataViewSchema schema, IEnumerable<int> needed)
    {
        Schema = schema;
        _columns = [.. schema.Select(column => column.IsHidden ? null : InputColumns.Create(column))];
        _names = [.. schema.Select(column => Encoding.UTF8.GetBytes(column.Name))];
        Needed = [.. needed.Order()];
        foreach (int index in Needed.Where(index => _columns[index] is null))
        {
            throw new InvalidDataException(
                $"The model's column '{schema[index].Name}' must be numbers, texts, truth values or an image to be "
                + $"served. Got {schema[index].Type}.");
        }
    }

    public DataViewSchema Schema { get; }

    /// <summary>Indices of the columns that a prediction depends on, ascending.</summary>
    public IReadOnlyList<int> Needed { get; }

    /// <summary>The columns that requests can carry, in the order of the schema.</summary>
    public IEnumerable<InputColumn> Columns => _columns.OfType<InputColumn>();

    /// <summary>The columns that a prediction depends on.</summary>
    public IReadOnlyList<InputColumn> NeededColumns => [.. Needed.Select(index => _columns[index]!)];

    /// <summary>Finds a column by its name as JSON has it; null where no request carries one of that name.</summary>
    public InputColumn? Find(ref Utf8JsonReader name)
    {
        for (int index = 0; index < _names.Length; index++)
        {
            if (_columns[index] is { } column && name.ValueTextEquals(_names[index])) return column;
        }

        return null;
    }

    /// <summary>Makes the getter of a column; one that no request carries gives what the row holds.</summary>
    public ValueGetter<TValue> Getter<TValue>(DataViewSchema.Column column, Func<object?> value)
    {
        Delegate getter = _columns[column.Index]?.CreateGetter(value)
            ?? new ValueGetter<TValue>((ref TValue target) => target = value() is TValue typed ? typed : default!);
        return getter as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"Column '{column.Name}' must be read as {column.Type}. Got {typeof(TValue)}.");
    }
}
