// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>Adaptive memories as graphs, against what a still session says.</summary>
[TestClass]
public sealed class AdaNpcExportTests
{
    private const int Dimension = 12;

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    [DataRow(ConfidenceKind.VoteProbability, null)]
    [DataRow(ConfidenceKind.DoubleSoftmax, null)]
    [DataRow(ConfidenceKind.VoteProbability, 0.97)]
    [DataRow(ConfidenceKind.DoubleSoftmax, -0.5)]
    public void A_graph_says_what_a_still_session_says(ConfidenceKind kind, double? ball)
    {
        AssertSame(Fit(new AdaNpcOptions
        {
            ConfidenceKind = kind,
            BallSimilarity = ball,
            ConfidenceColumnName = "Confidence",
            NeighborColumns = ball is null ? NeighborColumns.Ids : NeighborColumns.None,
        }));
    }

    [TestMethod]
    public void A_confidence_named_like_another_output_is_refused()
    {
        AdaNpcTransformer memory = Fit(new AdaNpcOptions { ConfidenceColumnName = "Score" });

        ExportRefusal.Assert<InvalidOperationException>(
            "Every input and output of the graph must have a name of its own. Got 'Score' more than once. "
            + "Rename the column.",
            () => GraphRun.Export(memory));
    }

    [TestMethod]
    public void A_snapshot_of_a_session_that_adapted_keeps_what_it_learnt_and_its_statistics()
    {
        AdaNpcTransformer trained = Fit(new AdaNpcOptions
        {
            MatchStatistics = true,
            BatchSize = 8,
            ConfidenceColumnName = "Confidence",
            NeighborColumns = NeighborColumns.Ids,
        });
        AdaNpcSession session = trained.CreateAdaptiveSession();
        session.Adapt(VectorRows.View(_mlContext, VectorRows.Draw(40, Dimension, 4, seed: 5)));

        AdaNpcTransformer snapshot = session.ToTransformer();

        Assert.IsGreaterThan(trained.Model.Memory.Count, snapshot.Model.Memory.Count);
        AssertSame(snapshot);
    }

    [TestMethod]
    public void Neighbour_columns_of_a_ball_are_refused()
    {
        AdaNpcTransformer memory = Fit(new AdaNpcOptions
        {
            BallSimilarity = 0.5,
            NeighborColumns = NeighborColumns.Ids,
        });

        ExportRefusal.Assert<InvalidOperationException>(
            "AdaNpcOptions.NeighborColumns must be None to be exported with BallSimilarity, since the neighbours in a "
            + "ball have no fixed number. Got Ids.",
            () => GraphRun.Export(memory));
    }

    private AdaNpcTransformer Fit(AdaNpcOptions options)
        => _mlContext.MulticlassClassification.Trainers.AdaNpc(options)
            .Fit(VectorRows.Keyed(_mlContext, VectorRows.Draw(200, Dimension, classCount: 4, seed: 1)));

    private void AssertSame(AdaNpcTransformer memory)
    {
        VectorRow<string>[] queries = [.. VectorRows.Draw(60, Dimension, 4, seed: 2)];
        queries[4].Features = new float[Dimension];
        queries[9].Features = [.. queries[9].Features];
        queries[9].Features[3] = float.NaN;
        IReadOnlyList<AdaptivePrediction> own = memory.CreateAdaptiveSession().Predict(
            VectorRows.View(_mlContext, queries));
        using GraphRun graph = GraphRun.Of(memory, new OnnxExportOptions { Labels = OnnxLabels.Indices });
        Dictionary<string, Array> values = graph.Run(VectorRows.Flat(queries), Dimension, 7);

        CollectionAssert.AreEqual(
            own.Select(row => (long)(row.ClassIndex ?? -1)).ToArray(), (long[])values["PredictedLabel"]);
        GraphAssert.Near([.. own.SelectMany(row => row.Scores)], (float[])values["Score"], "scores");
        GraphAssert.Near(
            [.. own.Select(row => (float)row.Confidence)], (float[])values["Confidence"], "confidence");
        if (!values.TryGetValue("NeighborIds", out Array? ids)) return;
        long[] expected =
        [
            .. own.SelectMany(row => row.NeighborIds.Count == 0 ? Enumerable.Repeat(-1L, 10) : row.NeighborIds),
        ];
        CollectionAssert.AreEqual(expected, (long[])ids);
    }
}
