// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>The values that the stored rows have in one column; immutable.</summary>
internal abstract class StoredColumn(string name, PrimitiveDataViewType type)
{
    private static readonly MethodInfo _create =
        typeof(StoredColumn).GetMethod(nameof(CreateOf), BindingFlags.Static | BindingFlags.NonPublic)!;

    /// <summary>Gives the row numbers of the neighbours of a block's row.</summary>
    public delegate ReadOnlySpan<int> RowsOf(int slot);

    /// <summary>Name of the column that the values come from.</summary>
    public string Name { get; } = name;

    /// <summary>Type of a value.</summary>
    public PrimitiveDataViewType Type { get; } = type;

    /// <summary>Number of values.</summary>
    public abstract int Count { get; }

    /// <summary>Gives a value; a text as a string.</summary>
    public abstract object this[int row] { get; }

    /// <summary>Makes an empty column of a type that <see cref="ValueFormat"/> knows.</summary>
    public static StoredColumn Empty(string name, PrimitiveDataViewType type) =>
        (StoredColumn)_create.MakeGenericMethod(type.RawType).Invoke(null, [name, type])!;

    /// <summary>Starts to read more values from a column of the same type.</summary>
    public abstract Appender Append(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Starts to read more values given as objects, texts as strings.</summary>
    public abstract Appender Append(Func<object> next);

    /// <summary>Gives the column with some of its rows.</summary>
    public abstract StoredColumn Keep(int[] rows);

    /// <summary>Gives a getter of the values of a row's neighbours.</summary>
    public abstract Delegate CreateGetter(Func<int> slot, RowsOf rows);

    private static Values<T> CreateOf<T>(string name, PrimitiveDataViewType type) => new(name, type, []);

    /// <summary>Values that are being read, row by row.</summary>
    internal abstract class Appender
    {
        /// <summary>Reads the value of the row that the input stands on.</summary>
        public abstract void Read();

        /// <summary>Gives the column with the former and the read values.</summary>
        public abstract StoredColumn Finish();
    }

    private sealed class Values<T>(string name, PrimitiveDataViewType type, T[] values) : StoredColumn(name, type)
    {
        public override int Count => values.Length;

        public override object this[int row] => values[row] is ReadOnlyMemory<char> text ? text.ToString() : values[row]!;

        public override Appender Append(DataViewRow row, DataViewSchema.Column column)
        {
            ValueGetter<T> getter = row.GetGetter<T>(column);
            T value = default!;
            return new Reader(this, values, () =>
            {
                getter(ref value);
                return Owned(value);
            });
        }

        public override Appender Append(Func<object> next) => new Reader(
            this, values, () => next() is var value && value is string text ? (T)(object)text.AsMemory() : (T)value);

        public override StoredColumn Keep(int[] rows) =>
            new Values<T>(Name, Type, Array.ConvertAll(rows, row => values[row]));

        public override Delegate CreateGetter(Func<int> slot, RowsOf rows) => new ValueGetter<VBuffer<T>>(
            (ref VBuffer<T> value) =>
            {
                ReadOnlySpan<int> neighbors = rows(slot());
                VBufferEditor<T> editor = VBufferEditor.Create(ref value, neighbors.Length);
                for (int rank = 0; rank < neighbors.Length; rank++) editor.Values[rank] = values[neighbors[rank]];
                value = editor.Commit();
            });

        /// <summary>A text that a cursor gives may lie in the cursor's own buffer.</summary>
        private static T Owned(T value) =>
            value is ReadOnlyMemory<char> text ? (T)(object)text.ToString().AsMemory() : value;

        private sealed class Reader(Values<T> column, T[] before, Func<T> next) : Appender
        {
            private readonly List<T> _values = [.. before];

            public override void Read() => _values.Add(next());

            public override StoredColumn Finish() => new Values<T>(column.Name, column.Type, [.. _values]);
        }
    }
}
