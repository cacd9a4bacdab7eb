// Licensed under the MIT License. See LICENSE in the project root for license information.

using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Writes the columns about neighbours as outputs of a fixed size.</summary>
/// <param name="graph">Receives the nodes.</param>
/// <param name="neighbors">What is known of them.</param>
/// <param name="addLabels">Adds the output of their labels, by its name.</param>
internal sealed class NeighborOutputs(OnnxGraph graph, NeighborValues neighbors, Action<string> addLabels)
{
    private readonly FoundRows _found = neighbors.Found;

    /// <summary>Adds the outputs of a set of columns.</summary>
    public void Add(NeighborColumns columns)
    {
        foreach (NeighborColumns column in ClassifierColumns.Each(columns))
        {
            string name = "Neighbor" + column;
            switch (column)
            {
                case NeighborColumns.Ids:
                    AddIds(name);
                    break;
                case NeighborColumns.Distances:
                    AddDistances(name);
                    break;
                case NeighborColumns.Labels:
                    addLabels(name);
                    break;
                default:
                    AddWeights(name);
                    break;
            }
        }
    }

    private void AddIds(string name)
    {
        BankRows rows = neighbors.Rows;
        string ids = graph.Gather(graph.Tensor(rows.Each(rows.Bank.IdAt), rows.Count), _found.Rows);
        graph.Output(
            name,
            graph.Where(neighbors.IsPresent, ids, graph.Int64(-1)),
            DataType.Int64,
            "Ids of the neighbours, nearest first; -1 where there is none.",
            _found.Count);
    }

    private void AddDistances(string name) => graph.Output(
        name,
        graph.Where(neighbors.IsPresent, _found.Distances, graph.Single(float.NaN)),
        DataType.Float,
        "Distances of the neighbours, ascending; NaN where there is none.",
        _found.Count);

    private void AddWeights(string name) => graph.Output(
        name,
        graph.ToSingle(neighbors.Weights),
        DataType.Float,
        "Shares of the neighbours in the prediction, summing to 1; 0 where there is none.",
        _found.Count);
}
