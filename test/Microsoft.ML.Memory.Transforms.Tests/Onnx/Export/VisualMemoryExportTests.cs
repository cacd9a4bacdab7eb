// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>Visual memories as graphs in the real ONNX Runtime, against their own predictions.</summary>
[TestClass]
public sealed class VisualMemoryExportTests
{
    private const int Dimension = 12;

    private static readonly OnnxExportOptions _keys = new() { Labels = OnnxLabels.Keys };

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Every_vote_and_tie_break_gives_what_the_transformer_gives(Metric metric)
    {
        foreach (VoteKind vote in Enum.GetValues<VoteKind>())
        {
            foreach (TieBreak tieBreak in Enum.GetValues<TieBreak>())
            {
                AssertSame(
                    Fit(new VisualMemoryOptions
                    {
                        NeighborCount = 9,
                        Metric = metric,
                        Vote = vote,
                        TieBreak = tieBreak,
                        IdColumnName = "Id",
                        ExampleWeightColumnName = vote == VoteKind.Softmax ? "Weight" : null,
                        NeighborColumns = NeighborColumns.All,
                    }),
                    $"{metric} {vote} {tieBreak}");
            }
        }
    }

    [TestMethod]
    public void Every_kind_of_pruning_calibration_and_rejection_gives_what_the_transformer_gives()
    {
        foreach (VisualMemoryOptions options in Trusting.EveryOption())
        {
            AssertSame(
                Fit(options with { NeighborColumns = NeighborColumns.All }),
                $"{options.Pruning.Kind} {options.Rejection!.Score} {options.Calibration}");
        }
    }

    private VisualMemoryTransformer Fit(VisualMemoryOptions options)
        => _mlContext.MulticlassClassification.Trainers
            .VisualMemory(options)
            .Fit(VectorRows.Keyed(_mlContext, VectorRows.Draw(300, Dimension, classCount: 4, seed: 1)));

    private void AssertSame(VisualMemoryTransformer memory, string what)
    {
        VectorRow<string>[] queries = Queries();
        OwnRun own = OwnRun.Of(memory, VectorRows.View(_mlContext, queries));
        using GraphRun graph = GraphRun.Of(memory, _keys);
        foreach (int batch in (int[])[1, 7, 32])
        {
            GraphAssert.Same(own, graph.Run(VectorRows.Flat(queries), Dimension, batch), $"{what}, batch {batch}");
        }
    }

    private static VectorRow<string>[] Queries()
    {
        VectorRow<string>[] rows =
        [
            .. VectorRows.Draw(300, Dimension, 4, seed: 1).Take(30), .. VectorRows.Draw(40, Dimension, 4, seed: 2),
        ];
        rows[3].Features = new float[Dimension];
        rows[5].Features = [.. rows[5].Features];
        rows[5].Features[2] = float.NaN;
        rows[8].Features = [.. rows[8].Features];
        rows[8].Features[0] = float.PositiveInfinity;
        return rows;
    }
}
