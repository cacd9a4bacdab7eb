// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Renames everything in a graph and the graphs within it, so that two graphs can be one.</summary>
internal static class GraphNames
{
    /// <summary>Lists every name that a graph reads or gives, also from within its graphs.</summary>
    public static IEnumerable<string> Read(GraphProto graph)
        => graph.Output.Select(output => output.Name).Concat(graph.Node.SelectMany(Read));

    /// <summary>Puts a prefix before the name of every node and value.</summary>
    public static void Prefix(GraphProto graph, string prefix)
    {
        foreach (TensorProto tensor in graph.Initializer) tensor.Name = prefix + tensor.Name;
        foreach (SparseTensorProto sparse in graph.SparseInitializer) sparse.Values.Name = prefix + sparse.Values.Name;
        foreach (ValueInfoProto value in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo))
            value.Name = prefix + value.Name;
        foreach (NodeProto node in graph.Node)
        {
            // Nodes need no name, but their outputs do.
            node.Name = prefix + (node.Name.Length > 0 ? node.Name : node.Output.First(output => output.Length > 0));
            for (int index = 0; index < node.Input.Count; index++)
            {
                // An empty name is an input or output that is left out.
                if (node.Input[index].Length > 0) node.Input[index] = prefix + node.Input[index];
            }

            for (int index = 0; index < node.Output.Count; index++)
            {
                if (node.Output[index].Length > 0) node.Output[index] = prefix + node.Output[index];
            }

            foreach (GraphProto inner in InnerGraphs.Of(node)) Prefix(inner, prefix);
        }
    }

    private static IEnumerable<string> Read(NodeProto node)
        => node.Input.Where(input => input.Length > 0).Concat(InnerGraphs.Of(node).SelectMany(Read));
}
