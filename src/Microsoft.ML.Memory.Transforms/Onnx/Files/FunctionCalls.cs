// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory;

/// <summary>Checks the calls of a model's own functions, which ONNX Runtime trusts and puts in place of each call.
/// </summary>
internal sealed class FunctionCalls
{
    private readonly string _source;
    private readonly ILookup<(string, string), FunctionProto> _functions;
    private readonly Dictionary<FunctionProto, (long NodeCount, int Depth)> _known =
        new(ReferenceEqualityComparer.Instance);

    private FunctionCalls(ModelProto model, string source)
    {
        _source = source;
        _functions = model.Functions.ToLookup(function => (Plain(function.Domain), function.Name));
    }

    /// <summary>
    /// Refuses nodes with more inputs or outputs than their function has, which would end the process, and functions
    /// of functions that come to more nodes than a model may have.
    /// </summary>
    /// <exception cref="InvalidDataException">There are some.</exception>
    public static void Require(ModelProto model, string source)
    {
        if (model.Functions.Count == 0) return;
        var calls = new FunctionCalls(model, source);

        // Also those that no node of the graph calls: the runtime reads them all.
        foreach (FunctionProto function in model.Functions) calls.Measure(function, OnnxParts.MostNesting);
        calls.Measure(model.Graph.Node, OnnxParts.MostNesting);
    }

    private (long NodeCount, int Depth) Measure(FunctionProto function, int mostDepth)
    {
        if (mostDepth == 0) throw TooMany();
        if (_known.TryGetValue(function, out (long NodeCount, int Depth) known)) return known;
        return _known[function] = Measure(function.Node, mostDepth - 1);
    }

    private (long NodeCount, int Depth) Measure(IEnumerable<NodeProto> nodes, int mostDepth)
    {
        (long count, int depth) = (0, 0);
        foreach (NodeProto node in Nodes(nodes))
        {
            count++;
            foreach (FunctionProto function in _functions[(Plain(node.Domain), node.OpType)])
            {
                RequireFit(node, function);
                (long inner, int levels) = Measure(function, mostDepth);
                (count, depth) = (count + inner, Math.Max(depth, levels + 1));
            }

            if (count > OnnxParts.Most || depth > OnnxParts.MostNesting) throw TooMany();
        }

        return (count, depth);
    }

    // The standard domain has two names, and the runtime takes one for the other.
    private static string Plain(string domain) => domain == "ai.onnx" ? "" : domain;

    private static IEnumerable<NodeProto> Nodes(IEnumerable<NodeProto> nodes)
    {
        foreach (NodeProto node in nodes)
        {
            yield return node;
            foreach (NodeProto inner in InnerGraphs.Of(node).SelectMany(graph => Nodes(graph.Node)))
                yield return inner;
        }
    }

    private void RequireFit(NodeProto node, FunctionProto function)
    {
        if (node.Input.Count <= function.Input.Count && node.Output.Count <= function.Output.Count) return;
        throw new InvalidDataException(
            $"{_source} must call its function '{function.Name}' with at most {function.Input.Count} inputs and "
            + $"{function.Output.Count} outputs. Got {node.Input.Count} and {node.Output.Count}.");
    }

    private InvalidDataException TooMany() => new(
        $"{_source} must come to at most {OnnxParts.Most} nodes with its functions, which may call each other "
        + $"{OnnxParts.MostNesting} deep and never themselves. Got more.");
}
