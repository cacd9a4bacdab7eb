// Licensed under the MIT License. See LICENSE in the project root for license information.

using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Writes the count of votes in double precision, in the order in which the transformers count.</summary>
/// <param name="graph">Receives the nodes.</param>
/// <param name="labels">[N, k] Int64, class of each neighbour, nearest first.</param>
/// <param name="weights">[N, k] Double, weight of each vote, at least 0.</param>
/// <param name="count">k.</param>
/// <param name="classCount">c.</param>
internal sealed class GraphVote(OnnxGraph graph, string labels, string weights, int count, int classCount)
{
    private string? _totals;

    /// <summary>Gives the total of each class, [N, c], added nearest first.</summary>
    public string Totals() => _totals ??= graph.Node(
        "ScatterElements",
        [graph.Fill(graph.Double(0), labels, classCount), labels, weights],
        OnnxGraph.Attribute("axis", 1L),
        OnnxGraph.Attribute("reduction", "add"));

    /// <summary>Gives the winner, [N, 1] Int64.</summary>
    public string Winner(TieBreak tieBreak)
    {
        if (tieBreak == TieBreak.LowestLabel) return graph.ArgMax(Totals());

        // The first largest: the neighbour with which a total was reached, or whose class has it in the end.
        string reached = tieBreak == TieBreak.FirstToReach
            ? RunningTotals()
            : graph.GatherElements(Totals(), labels, 1);
        return graph.GatherElements(labels, graph.ArgMax(reached), 1);
    }

    /// <summary>
    /// Gives for each neighbour the total of its class up to it, [N, k]; running sums keep the order of addition.
    /// </summary>
    private string RunningTotals()
    {
        bool[] isEarlier = new bool[count * count];
        for (int earlier = 0; earlier < count; earlier++)
        {
            for (int rank = earlier; rank < count; rank++) isEarlier[(earlier * count) + rank] = true;
        }

        string ofEarlier = graph.Unsqueeze(graph.Transpose(labels, 1, 0), 2); // [k, N, 1]
        string isSame = graph.Equal(ofEarlier, graph.Unsqueeze(labels, 0)); // [k, N, k]
        string counts = graph.And(isSame, graph.Tensor(isEarlier, count, 1, count));
        string votes = graph.Where(
            counts, graph.Unsqueeze(graph.Transpose(weights, 1, 0), 2), graph.Double(0));
        return graph.Gather(graph.RunningSum(votes, 0), graph.Int64(count - 1));
    }
}
