// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>An input or an output of a network, and the column that stands for it.</summary>
/// <remarks>A first dimension that is free is the batch, which is one row. Another free one is as long as it must be.
/// </remarks>
internal sealed class TensorColumn
{
    private TensorColumn(string name, PrimitiveDataViewType itemType, int[] dimensions)
    {
        Name = name;
        Dimensions = dimensions;
        ColumnType = dimensions.Length == 0
            ? new VectorDataViewType(itemType, 1)
            : new VectorDataViewType(itemType, dimensions);
        FixedSize = checked(dimensions.Where(size => size > 0).Aggregate(1, (product, size) => product * size));
        IsFixed = !dimensions.Contains(0);
    }

    public string Name { get; }

    /// <summary>Sizes, 0 where one is free.</summary>
    public int[] Dimensions { get; }

    public VectorDataViewType ColumnType { get; }

    /// <summary>Product of the sizes that are not free.</summary>
    public int FixedSize { get; }

    public bool IsFixed { get; }

    public static TensorColumn Of(string name, NodeMetadata node, IDictionary<string, int[]> shapes)
    {
        if (!node.IsTensor)
            throw new NotSupportedException(
                $"'{name}' of the network must be a tensor, as sequences and maps are not supported. " +
                $"Got {node.OnnxValueType}.");
        PrimitiveDataViewType itemType = ItemType(node.ElementDataType) ?? throw new NotSupportedException(
            $"'{name}' of the network must have elements of a column's type. Got {node.ElementDataType}.");
        int[] shape = shapes is not null && shapes.TryGetValue(name, out int[] given)
            ? Checked(name, given, node)
            : node.Dimensions;
        int[] dimensions = [.. shape.Select((size, i) => size > 0 ? size : i == 0 ? 1 : 0)];
        return new TensorColumn(name, itemType, dimensions);
    }

    /// <summary>The shape of a row's tensor.</summary>
    public long[] ShapeFor(int count)
    {
        int free = Dimensions.Count(size => size == 0);
        if (free > 1 || (free == 0 ? count != FixedSize : count % FixedSize != 0 || count == 0))
            throw new InvalidOperationException(
                $"Column '{Name}' must hold as many values as the network's input [{string.Join(", ", Dimensions)}], " +
                $"0 standing for any size. Got {count}.");
        return Array.ConvertAll(Dimensions, size => (long)(size == 0 ? count / FixedSize : size));
    }

    private static int[] Checked(string name, int[] given, NodeMetadata node)
    {
        int[] declared = node.Dimensions;
        bool fits = given.Length == declared.Length
            && !given.Where((size, i) => declared[i] > 0 && size != declared[i]).Any();
        return fits
            ? given
            : throw new ArgumentException(
                $"The shape given for '{name}' must fit [{string.Join(", ", declared)}] of the network, " +
                $"-1 standing for any size. Got [{string.Join(", ", given)}].");
    }

    private static PrimitiveDataViewType ItemType(TensorElementType type) => type switch
    {
        TensorElementType.Float => NumberDataViewType.Single,
        TensorElementType.Double => NumberDataViewType.Double,
        TensorElementType.Int8 => NumberDataViewType.SByte,
        TensorElementType.Int16 => NumberDataViewType.Int16,
        TensorElementType.Int32 => NumberDataViewType.Int32,
        TensorElementType.Int64 => NumberDataViewType.Int64,
        TensorElementType.UInt8 => NumberDataViewType.Byte,
        TensorElementType.UInt16 => NumberDataViewType.UInt16,
        TensorElementType.UInt32 => NumberDataViewType.UInt32,
        TensorElementType.UInt64 => NumberDataViewType.UInt64,
        TensorElementType.Bool => BooleanDataViewType.Instance,
        TensorElementType.String => TextDataViewType.Instance,
        _ => null,
    };
}
