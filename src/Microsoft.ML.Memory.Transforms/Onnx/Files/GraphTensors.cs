// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory;

/// <summary>Finds every tensor that a model holds: in graphs, subgraphs, attributes and functions.</summary>
internal static class GraphTensors
{
    public static IEnumerable<TensorProto> Of(ModelProto model)
        => Of(model.Graph).Concat(model.Functions.SelectMany(function => function.Node).SelectMany(Of))
            .Concat(model.Functions.SelectMany(function => function.AttributeProto).SelectMany(Of));

    private static IEnumerable<TensorProto> Of(GraphProto graph)
        => graph.Initializer.Concat(graph.SparseInitializer.SelectMany(Of)).Concat(graph.Node.SelectMany(Of));

    private static IEnumerable<TensorProto> Of(NodeProto node) => node.Attribute.SelectMany(Of);

    private static IEnumerable<TensorProto> Of(AttributeProto attribute)
    {
        IEnumerable<TensorProto> tensors = attribute.Tensors.Concat(attribute.SparseTensors.SelectMany(Of))
            .Concat(attribute.Graphs.SelectMany(Of));
        if (attribute.T is { } tensor) tensors = tensors.Append(tensor);
        if (attribute.SparseTensor is { } sparse) tensors = tensors.Concat(Of(sparse));
        return attribute.G is { } graph ? tensors.Concat(Of(graph)) : tensors;
    }

    private static IEnumerable<TensorProto> Of(SparseTensorProto sparse)
    {
        if (sparse.Values is { } values) yield return values;
        if (sparse.Indices is { } indices) yield return indices;
    }
}
