// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory;

/// <summary>The graphs that a node has as attributes: branches of an If, the body of a Loop or Scan.</summary>
internal static class InnerGraphs
{
    public static IEnumerable<GraphProto> Of(NodeProto node) => node.Attribute.SelectMany(
        attribute => attribute.G is { } graph ? attribute.Graphs.Append(graph) : attribute.Graphs);
}
