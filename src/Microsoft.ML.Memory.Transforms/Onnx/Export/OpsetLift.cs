// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Rewrites the operators of an older network in those of opset 17, where that is certain.</summary>
/// <remarks>
/// Which operators keep their meaning <see cref="OpsetMeaning"/> says; a few are rewritten, since attributes became
/// inputs. All others are refused.
/// </remarks>
internal static class OpsetLift
{
    private const int LeastOpset = 7;

    /// <summary>Gives the opset of the standard domain that a network asks for.</summary>
    public static int OpsetOf(ModelProto model)
        => checked((int)model.OpsetImport
            .Where(import => IsStandard(import.Domain))
            .Select(import => import.Version)
            .DefaultIfEmpty(OnnxGraph.LeastOpset)
            .Max());

    /// <summary>Says whether a domain is the standard one.</summary>
    public static bool IsStandard(string domain) => domain is "" or "ai.onnx";

    /// <summary>Brings a graph, and the graphs within it, to opset 17 in place.</summary>
    /// <exception cref="InvalidOperationException">An operator may mean something else there.</exception>
    public static void Lift(GraphProto graph, int opset)
    {
        if (opset >= OnnxGraph.LeastOpset) return;
        if (opset < LeastOpset)
        {
            throw new InvalidOperationException(
                $"The encoder must be of opset {LeastOpset} or later to be exported with its memory. Got {opset}. "
                + "Export the encoder again with opset 13 or later.");
        }

        Lift(graph, opset, [.. GraphNames.Read(graph)]);
    }

    private static void Lift(GraphProto graph, int opset, HashSet<string> read)
    {
        NodeProto[] nodes = [.. graph.Node];
        graph.Node.Clear();
        foreach (NodeProto node in nodes)
        {
            foreach (GraphProto inner in InnerGraphs.Of(node)) Lift(inner, opset, read);

            new OpsetRewriting(graph, node, opset, read).Add();
        }
    }
}
