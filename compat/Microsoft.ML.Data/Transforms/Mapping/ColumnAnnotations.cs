// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Reads and writes the annotations that the host gives a meaning.</summary>
internal static class ColumnAnnotations
{
    public static void AddIsNormalized(this DataViewSchema.Annotations.Builder builder) =>
        builder.AddPrimitiveValue(AnnotationKinds.IsNormalized, BooleanDataViewType.Instance, true);

    public static void AddSlotNames(
        this DataViewSchema.Annotations.Builder builder, IReadOnlyList<ReadOnlyMemory<char>> names)
    {
        ReadOnlyMemory<char>[] values = [.. names];
        builder.Add<VBuffer<ReadOnlyMemory<char>>>(
            AnnotationKinds.SlotNames, new VectorDataViewType(TextDataViewType.Instance, values.Length), Get);

        void Get(ref VBuffer<ReadOnlyMemory<char>> value) =>
            VBuffer<ReadOnlyMemory<char>>.Copy(values, 0, ref value, values.Length);
    }

    public static void AddCategoricalRanges(this DataViewSchema.Annotations.Builder builder, int[] ranges)
    {
        builder.Add<VBuffer<int>>(
            AnnotationKinds.CategoricalSlotRanges,
            new VectorDataViewType(NumberDataViewType.Int32, ranges.Length / 2, 2),
            (ref value) => VBuffer<int>.Copy(ranges, 0, ref value, ranges.Length));
    }

    /// <summary>Hands an annotation of another column on, if there is one.</summary>
    public static void Keep(
        this DataViewSchema.Annotations.Builder builder, DataViewSchema.Column source, string kind) =>
        builder.Add(source.Annotations, name => name == kind);

    /// <summary>The names of the slots of a vector column; null where it has none.</summary>
    public static ReadOnlyMemory<char>[] SlotNamesOf(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType { IsKnownSize: true } type || type.Size == 0)
            return null;
        DataViewSchema.Column? names = column.Annotations.Schema.GetColumnOrNull(AnnotationKinds.SlotNames);
        if (names?.Type is not VectorDataViewType { ItemType: TextDataViewType } nameType || nameType.Size != type.Size)
            return null;

        VBuffer<ReadOnlyMemory<char>> values = default;
        column.Annotations.GetValue(AnnotationKinds.SlotNames, ref values);
        return [.. values.DenseValues()];
    }

    public static bool IsNormalized(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(AnnotationKinds.IsNormalized)?.Type is not BooleanDataViewType)
            return false;
        bool value = false;
        column.Annotations.GetValue(AnnotationKinds.IsNormalized, ref value);
        return value;
    }

    public static int[] CategoricalRangesOf(DataViewSchema.Column column)
    {
        DataViewSchema.Column? ranges =
            column.Annotations.Schema.GetColumnOrNull(AnnotationKinds.CategoricalSlotRanges);
        if (ranges?.Type is not VectorDataViewType { ItemType: NumberDataViewType item } || item.RawType != typeof(int))
            return [];
        VBuffer<int> values = default;
        column.Annotations.GetValue(AnnotationKinds.CategoricalSlotRanges, ref values);
        return [.. values.DenseValues()];
    }
}
