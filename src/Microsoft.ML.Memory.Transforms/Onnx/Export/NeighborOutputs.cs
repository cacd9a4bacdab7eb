// Licensed under the MIT License. See LICENSE in the project root for license information.

using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Writes the columns about neighbours as outputs of a fixed size.</summary>
internal static class NeighborOutputs
{
    /// <param name="graph">Receives the nodes.</param>
    /// <param name="columns">Which columns.</param>
    /// <param name="rows">The entries.</param>
    /// <param name="found">The neighbours.</param>
    /// <param name="labels">[N, k] Int64, their classes.</param>
    /// <param name="weights">[N, k] Double, their shares in the vote.</param>
    /// <param name="isFinite">[N, 1] Bool: whether there are neighbours.</param>
    /// <param name="classes">Who writes classes.</param>
    public static void Add(
        OnnxGraph graph,
        NeighborColumns columns,
        BankRows rows,
        FoundRows found,
        string labels,
        string weights,
        string isFinite,
        ClassOutputs classes)
    {
        foreach (NeighborColumns column in ClassifierColumns.Each(columns))
        {
            string name = "Neighbor" + column;
            switch (column)
            {
                case NeighborColumns.Ids:
                    string ids = graph.Gather(graph.Tensor(rows.Each(rows.Bank.IdAt), rows.Count), found.Rows);
                    graph.Output(
                        name,
                        graph.Where(isFinite, ids, graph.Int64(-1)),
                        DataType.Int64,
                        "Ids of the neighbours, nearest first; -1 where there is none.",
                        found.Count);
                    break;
                case NeighborColumns.Distances:
                    graph.Output(
                        name,
                        graph.Where(isFinite, found.Distances, graph.Single(float.NaN)),
                        DataType.Float,
                        "Distances of the neighbours, ascending; NaN where there is none.",
                        found.Count);
                    break;
                case NeighborColumns.Labels:
                    classes.AddLabels(name, labels, isFinite, found.Count, "Classes of the neighbours.");
                    break;
                default:
                    graph.Output(
                        name,
                        graph.ToSingle(weights),
                        DataType.Float,
                        "Shares of the neighbours in the vote, summing to 1; 0 where nobody votes.",
                        found.Count);
                    break;
            }
        }
    }
}
