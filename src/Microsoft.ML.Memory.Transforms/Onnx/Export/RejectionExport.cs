// Licensed under the MIT License. See LICENSE in the project root for license information.

using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Writes what tells unknown rows from known ones.</summary>
internal sealed class RejectionExport(OnnxGraph graph, VisualMemoryTransformer transformer)
{
    /// <summary>Adds the columns of rejection.</summary>
    /// <param name="shares">[N, c] Double, vote shares before calibration.</param>
    /// <param name="distances">[N, k] Double, ascending.</param>
    /// <param name="winner">[N, 1] Int64.</param>
    /// <param name="isPresent">[N, 1] Bool: whether somebody votes.</param>
    /// <param name="count">k.</param>
    public void Add(string shares, string distances, string winner, string isPresent, int count)
    {
        RejectionOptions rejection = transformer.Options.Rejection!;
        float threshold = transformer.Trust.Known?.ThresholdOf(rejection.KeptRate) ?? float.PositiveInfinity;
        string score = graph.ToSingle(rejection.Score switch
        {
            UnknownScoreKind.VoteEntropy => Entropy(shares),
            UnknownScoreKind.MaxProbability => graph.Sub(graph.Double(1), graph.Largest(shares, 1)),
            UnknownScoreKind.NearestDistance => At(distances, 0),
            UnknownScoreKind.MeanDistance => graph.Div(graph.Sum(distances, 1), graph.Double(count)),
            UnknownScoreKind.SoftmaxLeftover => Leftover(distances),
            UnknownScoreKind.ClassNormalizedDistance => Normalized(At(distances, count - 1), winner),
            _ => At(distances, count - 1),
        });
        string unknown = graph.Where(isPresent, score, graph.Single(float.PositiveInfinity));
        string isUnknown = graph.Or(graph.Not(isPresent), graph.Greater(unknown, graph.Single(threshold)));
        graph.Output(ClassifierColumns.IsUnknown, isUnknown, DataType.Bool, "Whether the row is rejected.", 1);
        graph.Output(
            ClassifierColumns.UnknownScore, unknown, DataType.Float, "How unknown the row is; larger is more.", 1);
    }

    private string At(string distances, int rank) => graph.Gather(distances, graph.Shape(rank), 1);

    private string Entropy(string shares)
    {
        string isVoted = graph.Greater(shares, graph.Double(0));
        string logs = graph.Log(graph.Where(isVoted, shares, graph.Double(1)));
        return graph.Sub(graph.Double(0), graph.Sum(graph.Mul(shares, logs), 1));
    }

    /// <summary>Divides a distance by the median of the winner's; 0 stays 0 and infinity stays.</summary>
    private string Normalized(string distance, string winner)
    {
        float[] medians = transformer.Trust.Medians;
        double[] wide = Array.ConvertAll(medians, median => (double)median);
        string ofWinner = graph.Gather(graph.Tensor(wide, wide.Length), winner);
        string isKept = graph.Or(
            graph.Equal(distance, graph.Double(0)), graph.Equal(distance, graph.Double(double.PositiveInfinity)));
        return graph.Where(isKept, distance, graph.Div(distance, ofWinner));
    }

    private string Leftover(string distances)
    {
        string temperature = graph.Double(transformer.Options.Temperature);
        string first = At(distances, 0);
        string nearest = graph.Div(graph.Sub(graph.Double(1), first), temperature);
        string fading = graph.Exp(graph.Div(graph.Sub(first, distances), temperature));
        string sum = graph.Sum(graph.Where(graph.Equal(distances, first), graph.Double(1), fading), 1);
        string rest = graph.Exp(graph.Sub(graph.Double(0), graph.Node("Abs", [nearest])));
        return graph.Where(
            graph.Greater(nearest, graph.Double(0)),
            graph.Div(rest, graph.Add(rest, sum)),
            graph.Div(graph.Double(1), graph.Add(graph.Double(1), graph.Mul(sum, rest))));
    }
}
