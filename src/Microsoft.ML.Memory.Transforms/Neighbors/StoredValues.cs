// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>A stored column of one type of values; those of a vector lie together.</summary>
internal sealed class StoredValues<T>(string name, DataViewType type, SharedList<T> values) : StoredColumn(name, type)
    where T : notnull
{
    private readonly SharedList<T> _values = values;

    /// <summary>Gives what a slot holds, where the column is one of scalars.</summary>
    public T ScalarAt(int slot) => _values[slot];

    public override ColumnAppender Append() => new Appender(this);

    public override StoredColumn Keep(int[] slots)
    {
        T[] kept = new T[slots.Length * Length];
        for (int i = 0; i < slots.Length; i++) ValuesOf(slots[i]).CopyTo(kept.AsSpan(i * Length));
        return new StoredValues<T>(Name, Type, new SharedList<T>(kept));
    }

    public override void Write(BinaryWriter writer, int slot)
    {
        foreach (T value in ValuesOf(slot))
        {
            if (value is ReadOnlyMemory<char> text) TextFormat.Write(writer, text.Span);
            else ValueFormat.Write(writer, value);
        }
    }

    public override Delegate CreateGetter(Func<int> row, FoundNeighbors neighbors) => new ValueGetter<VBuffer<T>>(
        (ref VBuffer<T> value) =>
        {
            int current = row();
            int count = neighbors.CountOf(current);
            VBufferEditor<T> editor = VBufferEditor.Create(ref value, checked(count * Length));
            for (int rank = 0; rank < count; rank++)
                ValuesOf(neighbors.SlotOf(current, rank)).CopyTo(editor.Values[(rank * Length)..]);

            value = editor.Commit();
        });

    private ReadOnlySpan<T> ValuesOf(int slot) => _values.Values.Slice(slot * Length, Length);

    private sealed class Appender(StoredValues<T> column) : ColumnAppender
    {
        private readonly PrimitiveDataViewType _item = ItemOf(column.Type);
        private readonly List<T> _added = [];

        public override Action ReaderOf(DataViewRow row, DataViewSchema.Column source)
        {
            if (column.Type is VectorDataViewType) return VectorReaderOf(row, source);
            ValueGetter<T> getter = row.GetGetter<T>(source);
            T value = default!;
            return () =>
            {
                getter(ref value);
                RequireRoom();
                _added.Add(Owned(value));
            };
        }

        public override void Read(BinaryReader reader)
        {
            RequireRoom();
            for (int i = 0; i < column.Length; i++)
            {
                _added.Add(
                    _item is TextDataViewType
                        ? (T)(object)TextFormat.Read(reader).AsMemory()
                        : (T)ValueFormat.Read(reader, _item));
            }
        }

        public override StoredColumn Finish() => new StoredValues<T>(
            column.Name, column.Type, column._values.Append(CollectionsMarshal.AsSpan(_added)));

        private Action VectorReaderOf(DataViewRow row, DataViewSchema.Column source)
        {
            ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(source);
            VBuffer<T> vector = default;
            return () =>
            {
                getter(ref vector);
                if (vector.Length != column.Length)
                {
                    throw new InvalidOperationException(
                        $"Column '{column.Name}' must hold {column.Length} values in every row. "
                        + $"Got {vector.Length} in row {row.Position}.");
                }

                RequireRoom();
                foreach (T value in vector.DenseValues()) _added.Add(Owned(value));
            };
        }

        private void RequireRoom()
        {
            long all = (long)column._values.Count + _added.Count + column.Length;
            if (all > Array.MaxLength)
            {
                throw new InvalidOperationException(
                    $"Column '{column.Name}' must have at most {Array.MaxLength} values in all rows to be stored. "
                    + $"Got {all}. Store fewer rows, or a column that tells where the values are.");
            }
        }

        /// <summary>A text that a cursor gives may lie in the cursor's own buffer.</summary>
        private static T Owned(T value) =>
            value is ReadOnlyMemory<char> text ? (T)(object)text.ToString().AsMemory() : value;
    }
}
