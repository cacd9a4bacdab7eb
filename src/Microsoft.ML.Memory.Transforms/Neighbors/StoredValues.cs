// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>A stored column of one type of values.</summary>
internal sealed class StoredValues<T>(string name, PrimitiveDataViewType type, SharedList<T> values)
    : StoredColumn(name, type)
    where T : notnull
{
    private readonly SharedList<T> _values = values;

    public override ColumnAppender Append() => new Appender(this);

    public override StoredColumn Keep(int[] slots) => new StoredValues<T>(
        Name, Type, new SharedList<T>(Array.ConvertAll(slots, slot => _values[slot])));

    public override void Write(BinaryWriter writer, int slot)
    {
        if (_values[slot] is ReadOnlyMemory<char> text) TextFormat.Write(writer, text.Span);
        else ValueFormat.Write(writer, _values[slot]);
    }

    public override Delegate CreateGetter(Func<int> row, FoundNeighbors neighbors) => new ValueGetter<VBuffer<T>>(
        (ref VBuffer<T> value) =>
        {
            int current = row();
            VBufferEditor<T> editor = VBufferEditor.Create(ref value, neighbors.CountOf(current));
            for (int rank = 0; rank < editor.Values.Length; rank++)
                editor.Values[rank] = _values[neighbors.SlotOf(current, rank)];

            value = editor.Commit();
        });

    private sealed class Appender(StoredValues<T> column) : ColumnAppender
    {
        private readonly List<T> _added = [];

        public override Action ReaderOf(DataViewRow row, DataViewSchema.Column source)
        {
            ValueGetter<T> getter = row.GetGetter<T>(source);
            T value = default!;
            return () =>
            {
                getter(ref value);
                _added.Add(Owned(value));
            };
        }

        public override void Read(BinaryReader reader) => _added.Add(
            column.Type is TextDataViewType
                ? (T)(object)TextFormat.Read(reader).AsMemory()
                : (T)ValueFormat.Read(reader, column.Type));

        public override StoredColumn Finish() => new StoredValues<T>(
            column.Name, column.Type, column._values.Append(CollectionsMarshal.AsSpan(_added)));

        /// <summary>A text that a cursor gives may lie in the cursor's own buffer.</summary>
        private static T Owned(T value) =>
            value is ReadOnlyMemory<char> text ? (T)(object)text.ToString().AsMemory() : value;
    }
}
