// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.RowMapping;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>An input or an output of a network, and the column that stands for it.</summary>
/// <remarks>A first dimension that is free is the batch, which is one row.</remarks>
internal sealed class TensorColumn
{
    private TensorColumn(string name, PrimitiveDataViewType itemType, int[] dimensions)
    {
        Name = name;
        ItemType = itemType;
        Dimensions = dimensions;
        IsScalar = dimensions.Length == 0;
        FixedSize = dimensions.Where(size => size != 0).Aggregate(1L, (product, size) => checked(product * size));
        DataViewType ofAnySize = new VectorDataViewType(itemType);
        PromisedType = IsScalar || dimensions.Contains(0) ? ofAnySize : new VectorDataViewType(itemType, dimensions);
        ColumnType = IsScalar ? itemType : PromisedType;
    }

    public string Name { get; }

    public PrimitiveDataViewType ItemType { get; }

    /// <summary>Sizes, 0 where one is free.</summary>
    public int[] Dimensions { get; }

    /// <summary>Whether there is no dimension; the host reads and gives no such tensors.</summary>
    public bool IsScalar { get; }

    public DataViewType ColumnType { get; }

    /// <summary>The type in the shape of a schema, which is another without a dimension.</summary>
    public DataViewType PromisedType { get; }

    /// <summary>Product of the sizes that are not free.</summary>
    public long FixedSize { get; }

    /// <param name="port">The input or output as the file has it.</param>
    /// <param name="node">The same as the loaded network has it.</param>
    /// <param name="shapes">Shapes to use in place of the file's, by name; or null.</param>
    public static TensorColumn Of(OnnxMessage port, NodeMetadata node, IDictionary<string, int[]> shapes)
    {
        string name = port.Name;
        if (!node.IsTensor)
            throw new NotSupportedException(
                $"'{name}' of the network must be a tensor, as sequences and maps are not supported. " +
                $"Got {node.OnnxValueType}.");
        PrimitiveDataViewType itemType = ItemTypeOf(node.ElementDataType) ?? throw Unsupported(node.ElementDataType);
        // A tensor without a shape ends here, as it does in the host.
        _ = port.Part(OnnxMessageKind.Type).Part(OnnxMessageKind.TensorType).Part(OnnxMessageKind.Shape).Kind;
        int[] shape = shapes is not null && shapes.TryGetValue(name, out int[] given)
            ? Checked(given, node.Dimensions)
            : node.Dimensions;
        int[] dimensions = [.. shape.Select((size, i) => size >= 0 ? size : i == 0 ? 1 : 0)];
        return new TensorColumn(name, itemType, dimensions);
    }

    /// <summary>Checks that a column of known size can be read; that it is read tells the rest.</summary>
    public void CheckSize(int size)
    {
        if (size % FixedSize != 0)
            throw HostErrors.Marked(new InvalidOperationException(
                $"Input shape mismatch: Input '{Name}' has shape {string.Join(",", Dimensions)}, " +
                $"but input data is of length {size}."));
    }

    public void CheckFree()
    {
        if (Dimensions.Count(size => size == 0) > 1)
            throw HostErrors.Marked(new ArgumentOutOfRangeException(Name, "Only 1 unknown dimension is allowed"));
    }

    /// <summary>The shape of a row's tensor.</summary>
    /// <param name="count">How many values the row has.</param>
    /// <param name="isVariable">Whether the column says nothing of its size; the free dimension is then filled.</param>
    public long[] ShapeFor(int count, bool isVariable)
    {
        if (IsScalar)
            throw new ArgumentNullException("source", default(string));
        long[] shape = Array.ConvertAll(Dimensions, size => (long)size);
        if (isVariable)
        {
            // The list refuses for itself where none is free, as the host's does.
            List<int> free = [.. Enumerable.Range(0, shape.Length).Where(i => shape[i] == 0)];
            shape[free[0]] = count / FixedSize;
        }
        long product = shape.Aggregate(1L, (all, size) => checked(all * size));
        return product == count
            ? shape
            : throw new ArgumentException(
                $"Length of memory ({count}) must match product of dimensions ({product}).");
    }

    private static int[] Checked(int[] given, int[] declared)
    {
        bool fits = given.Length == declared.Length
            && !given.Where((size, i) => declared[i] >= 0 && size != declared[i]).Any();
        return fits
            ? given
            : throw HostErrors.Marked(new ArgumentOutOfRangeException(
                $"The specified shape {string.Join(",", given)} is not compatible with the shape " +
                $"{string.Join(",", declared)} loaded from the ONNX model file. Only unknown dimension can replace " +
                "or be replaced by another dimension.",
                given,
                "shapeDictionary"));
    }

    private static InvalidOperationException Unsupported(TensorElementType type)
    {
        string name = type == TensorElementType.BFloat16 ? "Bfloat16" : type.ToString();
        return HostErrors.Marked(new InvalidOperationException($"Unsupported ONNX scalar type: {name}"));
    }

    private static PrimitiveDataViewType ItemTypeOf(TensorElementType type) => type switch
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
