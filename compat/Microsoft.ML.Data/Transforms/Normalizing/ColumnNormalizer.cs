// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>The function that normalizes one column.</summary>
internal abstract class ColumnNormalizer
{
    protected ColumnNormalizer(DataViewType type)
    {
        Type = type;
    }

    /// <summary>The type of the column, before and after.</summary>
    public DataViewType Type { get; }

    protected abstract bool IsDistribution { get; }

    public static ColumnNormalizer Read(BinaryReader reader)
    {
        bool isDistribution = reader.ReadBoolean();
        PrimitiveDataViewType item = TypeCodec.Read(reader);
        if (item != NumberDataViewType.Single && item != NumberDataViewType.Double)
            throw Marked.Format($"The model holds a normalizer of '{item}'");
        DataViewType type = ReadType(reader, item);
        return item == NumberDataViewType.Single
            ? Read<float>(reader, type, isDistribution)
            : Read<double>(reader, type, isDistribution);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(IsDistribution);
        TypeCodec.Write(writer, (PrimitiveDataViewType)PrimitiveTypes.ItemTypeOf(Type));
        var vector = Type as VectorDataViewType;
        writer.Write(vector?.Dimensions.Length ?? 0);
        foreach (int dimension in vector?.Dimensions ?? [])
            writer.Write(dimension);
        WriteParameters(writer);
    }

    public abstract Delegate MakeGetter(DataViewRow row, DataViewSchema.Column source);

    protected abstract void WriteParameters(BinaryWriter writer);

    private static DataViewType ReadType(BinaryReader reader, PrimitiveDataViewType item)
    {
        var dimensions = new int[ModelParts.ReadCount(reader, 0)];
        for (int i = 0; i < dimensions.Length; i++)
            dimensions[i] = ModelParts.ReadCount(reader, 1);
        return dimensions.Length == 0 ? item : new VectorDataViewType(item, dimensions);
    }

    private static ColumnNormalizer Read<TReal>(BinaryReader reader, DataViewType type, bool isDistribution)
        where TReal : struct, System.Numerics.IFloatingPointIeee754<TReal>
    {
        int size = type is VectorDataViewType vector ? vector.Size : 1;
        TReal[] first = ReadReals<TReal>(reader, size);
        TReal[] second = ReadReals<TReal>(reader, size);
        return isDistribution
            ? new DistributionNormalizer<TReal>(type, first, second)
            : new AffineNormalizer<TReal>(type, first, second);
    }

    private static TReal[] ReadReals<TReal>(BinaryReader reader, int size)
    {
        var values = new TReal[size];
        for (int i = 0; i < size; i++)
            values[i] = ValueCodec.ReadItem<TReal>(reader);
        return values;
    }
}
