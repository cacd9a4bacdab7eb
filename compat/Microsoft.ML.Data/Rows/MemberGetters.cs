// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Makes column getters that read a member of the current row object.</summary>
internal static class MemberGetters
{
    /// <summary>A getter over whatever row the function gives at the time of the call.</summary>
    public static Delegate Create<TRow>(SchemaDefinition.Column column, Func<TRow> current)
    {
        Type memberType = RowMembers.TypeOf(column.Member);
        Type itemType = RowMembers.ItemTypeOf(memberType);
        if (memberType == typeof(string))
            return Text(RowMembers.Reader<TRow, string>(column.Member), current);
        if (memberType == typeof(string[]))
            return TextArray(RowMembers.Reader<TRow, string[]>(column.Member), current);
        string method = memberType.IsArray ? nameof(Array)
            : itemType is not null ? nameof(Buffer)
            : column.ColumnType is KeyDataViewType ? nameof(Key) : nameof(Scalar);
        return Generic.Call<Delegate>(
            typeof(MemberGetters), method, [typeof(TRow), itemType ?? memberType], column, current);
    }

    private static ValueGetter<ReadOnlyMemory<char>> Text<TRow>(Func<TRow, string> read, Func<TRow> current) =>
        (ref ReadOnlyMemory<char> value) => value = read(current()).AsMemory();

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> TextArray<TRow>(
        Func<TRow, string[]> read, Func<TRow> current) =>
        (ref VBuffer<ReadOnlyMemory<char>> value) =>
        {
            string[] source = read(current()) ?? [];
            VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref value, source.Length);
            for (int i = 0; i < source.Length; i++)
                editor.Values[i] = source[i].AsMemory();
            value = editor.Commit();
        };

    private static ValueGetter<T> Scalar<TRow, T>(SchemaDefinition.Column column, Func<TRow> current)
    {
        Func<TRow, T> read = RowMembers.Reader<TRow, T>(column.Member);
        return (ref T value) => value = read(current());
    }

    private static ValueGetter<VBuffer<T>> Array<TRow, T>(SchemaDefinition.Column column, Func<TRow> current)
    {
        Func<TRow, T[]> read = RowMembers.Reader<TRow, T[]>(column.Member);
        return (ref VBuffer<T> value) =>
        {
            T[] source = read(current()) ?? [];
            VBuffer<T>.Copy(source, 0, ref value, source.Length);
        };
    }

    private static ValueGetter<VBuffer<T>> Buffer<TRow, T>(SchemaDefinition.Column column, Func<TRow> current)
    {
        Func<TRow, VBuffer<T>> read = RowMembers.Reader<TRow, VBuffer<T>>(column.Member);
        return (ref VBuffer<T> value) => read(current()).CopyTo(ref value);
    }

    // A scalar key member counts from 0, the column from 1: too large a value becomes missing.
    private static Delegate Key<TRow, T>(SchemaDefinition.Column column, Func<TRow> current)
    {
        ulong count = ((KeyDataViewType)column.ColumnType).Count;
        if (typeof(T) == typeof(byte))
        {
            Func<TRow, byte> read = RowMembers.Reader<TRow, byte>(column.Member);
            return (ValueGetter<byte>)((ref byte value) => value = (byte)Shift(read(current()), count));
        }
        if (typeof(T) == typeof(ushort))
        {
            Func<TRow, ushort> read = RowMembers.Reader<TRow, ushort>(column.Member);
            return (ValueGetter<ushort>)((ref ushort value) => value = (ushort)Shift(read(current()), count));
        }
        if (typeof(T) == typeof(uint))
        {
            Func<TRow, uint> read = RowMembers.Reader<TRow, uint>(column.Member);
            return (ValueGetter<uint>)((ref uint value) => value = (uint)Shift(read(current()), count));
        }
        Func<TRow, ulong> readLong = RowMembers.Reader<TRow, ulong>(column.Member);
        return (ValueGetter<ulong>)((ref ulong value) => value = Shift(readLong(current()), count));
    }

    private static ulong Shift(ulong value, ulong count) => value < count ? value + 1 : 0;
}
