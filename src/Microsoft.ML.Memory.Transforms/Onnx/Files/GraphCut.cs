// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory;

/// <summary>Cuts a graph behind one tensor: what does not lead to it is not run.</summary>
internal static class GraphCut
{
    private const int MostNames = 20;

    /// <summary>Makes a tensor the only output of a model.</summary>
    /// <param name="model">The model, which is changed.</param>
    /// <param name="tensor">Name of the tensor; null is the first output.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentException">No node computes such a tensor.</exception>
    /// <exception cref="InvalidDataException">The model has no output.</exception>
    public static string At(ModelProto model, string? tensor)
    {
        GraphProto graph = model.Graph;
        if (graph.Output.Count == 0) throw new InvalidDataException("The ONNX model must have an output. Got none.");
        string name = tensor ?? graph.Output[0].Name;
        HashSet<string> made = [.. graph.Node.SelectMany(node => node.Output).Where(output => output.Length > 0)];
        if (!made.Contains(name)) throw NotMade(graph, name);
        ValueInfoProto output = graph.Output.Concat(graph.ValueInfo).FirstOrDefault(value => value.Name == name)
            ?? new ValueInfoProto { Name = name };
        HashSet<string> needed = Needed(graph, name);
        Keep(graph.Node, node => node.Output.Any(needed.Contains));
        Keep(graph.Initializer, initializer => needed.Contains(initializer.Name));
        Keep(graph.SparseInitializer, sparse => needed.Contains(sparse.Values?.Name ?? ""));
        Keep(graph.Input, input => needed.Contains(input.Name));
        Keep(graph.ValueInfo, value => value.Name != name && needed.Contains(value.Name));
        graph.Output.Clear();
        graph.Output.Add(output);
        return name;
    }

    /// <summary>Lists names for a message, not more than can be read.</summary>
    public static string Listed(IReadOnlyList<string> names)
        => string.Join(", ", names.Take(MostNames).Select(name => $"'{name}'"))
            + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");

    private static HashSet<string> Needed(GraphProto graph, string name)
    {
        var needed = new HashSet<string> { name };
        var open = new Stack<string>(needed);
        ILookup<string, NodeProto> makers = graph.Node
            .SelectMany(node => node.Output.Select(output => (output, node)))
            .ToLookup(made => made.output, made => made.node);

        // ONNX Runtime takes nodes in any order, so their order says nothing.
        while (open.TryPop(out string? wanted))
        {
            foreach (string read in makers[wanted].SelectMany(Read).Where(needed.Add)) open.Push(read);
        }

        return needed;
    }

    /// <summary>What a node reads, also from within its subgraphs.</summary>
    private static IEnumerable<string> Read(NodeProto node)
        => node.Input.Concat(InnerGraphs.Of(node).SelectMany(
            graph => graph.Node.SelectMany(Read).Concat(graph.Output.Select(output => output.Name))));

    private static void Keep<T>(Google.Protobuf.Collections.RepeatedField<T> items, Func<T, bool> isKept)
    {
        T[] kept = [.. items.Where(isKept)];
        if (kept.Length == items.Count) return;
        items.Clear();
        items.AddRange(kept);
    }

    private static ArgumentException NotMade(GraphProto graph, string name)
    {
        string[] outputs = [.. graph.Output.Select(output => output.Name)];
        string[] inner = [.. graph.Node.SelectMany(node => node.Output).Except(outputs).Where(n => n.Length > 0)];
        string others = inner.Length == 0 ? "" : $" Its inner tensors are {Listed([.. inner.Reverse()])}.";
        return new ArgumentException(
            $"EmbedOnnxOptions.OutputTensor must be a tensor that the network computes. Got '{name}'. "
            + $"Its outputs are {Listed(outputs)}.{others}");
    }
}
