// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>An input as an ONNX model declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Type of its numbers.</param>
/// <param name="Dims">Its dimensions, that of the batch included.</param>
internal sealed record DeclaredInput(string Name, TensorElementType Type, IReadOnlyList<DeclaredDimension> Dims)
{
    /// <summary>Fills 1 GiB with numbers of single precision.</summary>
    private const int MostNumbers = 1 << 28;

    /// <summary>Lists the inputs of a model that are no constants.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sizes">Sizes of dimensions that it leaves open.</param>
    /// <exception cref="InvalidDataException">An input is no tensor, or of an unknown number of dimensions.</exception>
    public static DeclaredInput[] Of(ModelProto model, IReadOnlyDictionary<string, int> sizes)
    {
        HashSet<string> constants =
        [
            .. model.Graph.Initializer.Select(initializer => initializer.Name),
            .. model.Graph.SparseInitializer.Select(sparse => sparse.Values?.Name ?? ""),
        ];
        return [.. model.Graph.Input.Where(input => !constants.Contains(input.Name)).Select(input => Of(input, sizes))];
    }

    /// <summary>Shows the dimensions as a list.</summary>
    public string ShownDims => $"[{string.Join(", ", Dims.Select(dim => dim.Shown))}]";

    private static DeclaredInput Of(ValueInfoProto input, IReadOnlyDictionary<string, int> sizes)
    {
        if (input.Type?.TensorType is not { Shape: { } shape } tensor)
        {
            throw new InvalidDataException(
                $"Input '{input.Name}' of the network must be a tensor with a known number of dimensions. "
                + "Got another. Export the network again.");
        }

        DeclaredDimension[] dims = [.. shape.Dim.Select((dim, index) => Of(dim, $"{input.Name}[{index}]", sizes))];
        var declared = new DeclaredInput(input.Name, (TensorElementType)tensor.ElemType, dims);
        double length = dims.Aggregate(1.0, (product, dim) => product * (dim.Size ?? 1));
        return length <= MostNumbers ? declared : throw new InvalidDataException(
            $"Input '{input.Name}' {declared.ShownDims} of the network must hold at most {MostNumbers} numbers a row. "
            + "Got more.");
    }

    private static DeclaredDimension Of(
        TensorShapeProto.Types.Dimension dim, string place, IReadOnlyDictionary<string, int> sizes)
    {
        string name = dim.DimParam.Length > 0 ? dim.DimParam : place;
        if (dim.HasDimValue && dim.DimValue > 0)
        {
            return dim.DimValue <= Array.MaxLength
                ? new DeclaredDimension(name, (int)dim.DimValue)
                : throw new InvalidDataException(
                    $"Dimension {place} of the network must be at most {Array.MaxLength}. Got {dim.DimValue}.");
        }

        return new DeclaredDimension(name, sizes.TryGetValue(name, out int size) ? size : null);
    }
}
