// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Makes actions that copy a column of a row into a member of a row object.</summary>
internal static class MemberSetters
{
    public static Action<TRow> Create<TRow>(
        SchemaDefinition.Column member, DataViewSchema.Column column, DataViewRow row)
    {
        Type memberType = RowMembers.TypeOf(member.Member);
        if (memberType == typeof(string))
            return Text<TRow>(member, column, row);
        if (memberType == typeof(string[]))
            return TextArray<TRow>(member, column, row);
        Type itemType = RowMembers.ItemTypeOf(memberType);
        string method = memberType.IsArray ? nameof(Array) : itemType is not null ? nameof(Buffer) : nameof(Scalar);
        return Generic.Call<Action<TRow>>(
            typeof(MemberSetters), method, [typeof(TRow), itemType ?? memberType], member, column, row);
    }

    private static Action<TRow> Text<TRow>(
        SchemaDefinition.Column member, DataViewSchema.Column column, DataViewRow row)
    {
        ValueGetter<ReadOnlyMemory<char>> get = row.GetGetter<ReadOnlyMemory<char>>(column);
        Action<TRow, string> write = RowMembers.Writer<TRow, string>(member.Member);
        ReadOnlyMemory<char> value = default;
        return target =>
        {
            get(ref value);
            write(target, value.ToString());
        };
    }

    private static Action<TRow> TextArray<TRow>(
        SchemaDefinition.Column member, DataViewSchema.Column column, DataViewRow row)
    {
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> get = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
        Action<TRow, string[]> write = RowMembers.Writer<TRow, string[]>(member.Member);
        VBuffer<ReadOnlyMemory<char>> value = default;
        return target =>
        {
            get(ref value);
            write(target, [.. value.DenseValues().Select(item => item.ToString())]);
        };
    }

    private static Action<TRow> Scalar<TRow, T>(
        SchemaDefinition.Column member, DataViewSchema.Column column, DataViewRow row)
    {
        ValueGetter<T> get = row.GetGetter<T>(column);
        Action<TRow, T> write = RowMembers.Writer<TRow, T>(member.Member);
        T value = default;
        return target =>
        {
            get(ref value);
            write(target, value);
        };
    }

    // An array that already has the right length is filled again: a reused row object keeps its arrays.
    private static Action<TRow> Array<TRow, T>(
        SchemaDefinition.Column member, DataViewSchema.Column column, DataViewRow row)
    {
        ValueGetter<VBuffer<T>> get = row.GetGetter<VBuffer<T>>(column);
        Func<TRow, T[]> read = RowMembers.Reader<TRow, T[]>(member.Member);
        Action<TRow, T[]> write = RowMembers.Writer<TRow, T[]>(member.Member);
        VBuffer<T> value = default;
        return target =>
        {
            get(ref value);
            T[] array = read(target);
            if (array?.Length != value.Length)
                array = new T[value.Length];
            value.CopyTo(array);
            write(target, array);
        };
    }

    private static Action<TRow> Buffer<TRow, T>(
        SchemaDefinition.Column member, DataViewSchema.Column column, DataViewRow row)
    {
        ValueGetter<VBuffer<T>> get = row.GetGetter<VBuffer<T>>(column);
        Func<TRow, VBuffer<T>> read = RowMembers.Reader<TRow, VBuffer<T>>(member.Member);
        Action<TRow, VBuffer<T>> write = RowMembers.Writer<TRow, VBuffer<T>>(member.Member);
        return target =>
        {
            VBuffer<T> value = read(target);
            get(ref value);
            write(target, value);
        };
    }
}
