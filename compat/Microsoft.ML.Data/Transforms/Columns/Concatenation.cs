// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>The type, annotations and values of joined columns.</summary>
internal static class Concatenation
{
    public static DataViewType TypeOf(DataViewSchema.Column[] sources, PrimitiveDataViewType item)
    {
        if (IsIdentity(sources))
            return sources[0].Type;
        int size = 0;
        foreach (DataViewSchema.Column source in sources)
        {
            int slots = SlotsOf(source);
            if (slots == 0)
                return new VectorDataViewType(item);
            size = checked(size + slots);
        }

        return new VectorDataViewType(item, size);
    }

    public static DataViewSchema.Annotations AnnotationsOf(DataViewSchema.Column[] sources)
    {
        if (IsIdentity(sources))
            return sources[0].Annotations;
        var builder = new DataViewSchema.Annotations.Builder();
        if (Array.TrueForAll(sources, ColumnAnnotations.IsNormalized))
            builder.AddIsNormalized();
        if (!Array.TrueForAll(sources, source => SlotsOf(source) > 0))
            return builder.ToAnnotations();

        if (MakeSlotNames(sources) is { } names)
            builder.AddSlotNames(names);
        int[] ranges = MakeRanges(sources);
        if (ranges.Length > 0)
            builder.AddCategoricalRanges(ranges);
        return builder.ToAnnotations();
    }

    public static ValueGetter<VBuffer<TItem>> MakeGetter<TItem>(DataViewRow row, int[] sources)
    {
        var parts = new ConcatenatedPart<TItem>[sources.Length];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = ConcatenatedPart<TItem>.Create(row, row.Schema[sources[i]]);
        return (ref VBuffer<TItem> result) =>
        {
            int length = 0;
            int stored = 0;
            foreach (ConcatenatedPart<TItem> part in parts)
            {
                part.Read();
                length = checked(length + part.Length);
                stored += part.StoredCount;
            }

            Store(parts, length, stored, ref result);
        };
    }

    private static void Store<TItem>(
        ConcatenatedPart<TItem>[] parts, int length, int stored, ref VBuffer<TItem> result)
    {
        bool isDense = stored >= length / 2;
        VBufferEditor<TItem> editor = VBufferEditor.Create(ref result, length, isDense ? length : stored);
        int at = 0;
        int count = 0;
        foreach (ConcatenatedPart<TItem> part in parts)
        {
            if (isDense)
                part.WriteDense(editor.Values.Slice(at, part.Length));
            else
                part.WriteSparse(editor.Values[count..], editor.Indices[count..], at);
            at += part.Length;
            count += part.StoredCount;
        }

        result = editor.Commit();
    }

    private static bool IsIdentity(DataViewSchema.Column[] sources) =>
        sources.Length == 1 && sources[0].Type is VectorDataViewType;

    // The count of slots, 0 where it differs from row to row.
    private static int SlotsOf(DataViewSchema.Column source) =>
        source.Type is VectorDataViewType vector ? vector.Size : 1;

    private static List<ReadOnlyMemory<char>> MakeSlotNames(DataViewSchema.Column[] sources)
    {
        bool hasNames = false;
        var all = new List<ReadOnlyMemory<char>>();
        foreach (DataViewSchema.Column source in sources)
        {
            ReadOnlyMemory<char>[] names = ColumnAnnotations.SlotNamesOf(source);
            hasNames |= names is not null || source.Type is not VectorDataViewType;
            if (source.Type is not VectorDataViewType)
                all.Add(source.Name.AsMemory());
            else if (names is null)
                all.AddRange(new ReadOnlyMemory<char>[SlotsOf(source)]);
            else
                all.AddRange(names.Select(name => name.IsEmpty ? name : $"{source.Name}.{name}".AsMemory()));
        }

        return hasNames ? all : null;
    }

    private static int[] MakeRanges(DataViewSchema.Column[] sources)
    {
        var ranges = new List<int>();
        int offset = 0;
        foreach (DataViewSchema.Column source in sources)
        {
            int start = offset;
            ranges.AddRange(ColumnAnnotations.CategoricalRangesOf(source).Select(slot => slot + start));
            offset += SlotsOf(source);
        }

        return [.. ranges];
    }
}
