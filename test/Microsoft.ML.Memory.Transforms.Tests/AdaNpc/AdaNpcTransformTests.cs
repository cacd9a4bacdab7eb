// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class AdaNpcTransformTests
{
    private readonly MLContext _mlContext = new(seed: 0);
    private readonly List<string> _warnings = [];

    [TestInitialize]
    public void Listen() => _mlContext.Log += (_, message) =>
    {
        if (message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) _warnings.Add(message.RawMessage);
    };

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(300)]
    public void Transform_adapts_along_the_pass_as_the_core_does(int batchSize)
    {
        var options = new AdaNpcOptions
        {
            BatchSize = batchSize,
            ConfidenceThreshold = 0.4,
            ConfidenceColumnName = "Confidence",
            NeighborColumns = NeighborColumns.Ids,
        };
        AdaNpcTransformer model = Fit(Points.Draw(60, seed: 1), options);
        Point[] stream = Points.Draw(700, seed: 2);
        var memory = new AdaptiveMemory(model.Model, options);
        var expected = new AdaptivePredictions();
        memory.Adapt([.. stream.SelectMany(point => point.Features)], expected);

        IDataView scored = model.Transform(Points.View(_mlContext, stream));

        Assert.IsGreaterThan(60, memory.Count);
        CollectionAssert.AreEqual(
            Enumerable.Range(0, 700).Select(row => (uint)expected.LabelOf(row)!.Value + 1).ToArray(),
            scored.GetColumn<uint>("PredictedLabel").ToArray());
        CollectionAssert.AreEqual(
            Enumerable.Range(0, 700).Select(row => (float)expected.ConfidenceOf(row)).ToArray(),
            scored.GetColumn<float>("Confidence").ToArray());
        long[][] ids = [.. scored.GetColumn<long[]>("NeighborIds")];
        for (int row = 0; row < 700; row++)
            CollectionAssert.AreEqual(expected.NeighborIdsOf(row).ToArray(), ids[row], $"row {row}");
    }

    [TestMethod]
    public void Rows_are_read_in_order_by_one_cursor_whatever_is_asked_for()
    {
        AdaNpcTransformer model = Fit(Points.Draw(60, seed: 1), new() { ConfidenceThreshold = 0 });
        IDataView scored = model.Transform(Points.View(_mlContext, Points.Draw(100, seed: 2)));
        DataViewSchema.Column[] columns = [scored.Schema["Score"]];

        Assert.IsFalse(scored.CanShuffle);
        DataViewRowCursor[] cursors = scored.GetRowCursorSet(columns, 4);
        Assert.HasCount(1, cursors);
        cursors[0].Dispose();
    }

    [TestMethod]
    public void A_prediction_engine_predicts_with_the_trained_memory_as_it_is()
    {
        AdaNpcTransformer model = Fit(Points.Draw(60, seed: 1), new() { ConfidenceThreshold = 0 });
        Point[] stream = Points.Draw(50, seed: 2);
        var engine = _mlContext.Model.CreatePredictionEngine<Point, KeyPrediction>(model);
        AdaNpcSession session = model.CreateAdaptiveSession();

        foreach (Point point in stream)
        {
            AdaptivePrediction expected = session.Predict(point.Features);
            CollectionAssert.AreEqual(expected.Scores.ToArray(), engine.Predict(point).Score);
        }
    }

    [TestMethod]
    public void Floor_is_spread_over_all_classes_and_the_scores_sum_to_one()
    {
        AdaNpcTransformer model = Fit(
            [
                new() { Label = "ant", Features = [1, 0, 0] },
                new() { Label = "bee", Features = [0, 1, 0] },
                new() { Label = "cat", Features = [0, 0, 1] },
            ],
            new() { NeighborCount = 1, ProbabilityFloor = 0.25 });

        float[] scores = model.Transform(Points.View(_mlContext, [new Point { Features = [1, 0, 0] }]))
            .GetColumn<float[]>("Score").Single();

        CollectionAssert.AreEqual(new[] { 1.25f / 1.75f, 0.25f / 1.75f, 0.25f / 1.75f }, scores);
    }

    [TestMethod]
    public void A_threshold_that_no_row_can_reach_is_reported()
    {
        Fit(
            Points.Draw(60, seed: 1),
            new() { ConfidenceKind = ConfidenceKind.DoubleSoftmax, ConfidenceThreshold = 0.75 });

        CollectionAssert.Contains(
            _warnings,
            "AdaNpcOptions.ConfidenceThreshold should be at most 0.5761168847658291, the largest confidence with "
            + "3 classes. Got 0.75. No row will ever be remembered.");
    }

    [TestMethod]
    public void Options_out_of_range_are_named_all_at_once()
        => Assert.AreEqual(
            "AdaNpcOptions.LabelColumnName must be a column name. Got an empty name. "
            + "AdaNpcOptions.ConfidenceColumnName must be null or a column name. Got an empty name. "
            + "AdaNpcOptions.NeighborCount must be at least 1. Got 0. "
            + "AdaNpcOptions.NeighborColumns must be a set of columns. Got 64.",
            Assert.ThrowsExactly<ArgumentException>(() => Fit([], new()
            {
                LabelColumnName = "",
                ConfidenceColumnName = "",
                NeighborCount = 0,
                NeighborColumns = (NeighborColumns)64,
            })).Message);

    [TestMethod]
    public void A_capacity_below_the_number_of_entries_or_classes_is_refused()
    {
        Assert.AreEqual(
            "AdaNpcOptions.Capacity must be at least 10, since the memory starts with 10 entries and 3 classes. Got 9.",
            Assert.ThrowsExactly<ArgumentException>(
                () => Fit(Points.Draw(10, seed: 1), new() { Capacity = 9 })).Message);
    }

    [TestMethod]
    public void Every_option_survives_the_file()
    {
        var options = new AdaNpcOptions
        {
            IdColumnName = "Id",
            ConfidenceColumnName = "Sure",
            NeighborColumns = NeighborColumns.Labels,
            NeighborCount = 3,
            Temperature = 0.2,
            ConfidenceThreshold = 0.6,
            ConfidenceKind = ConfidenceKind.DoubleSoftmax,
            BallSimilarity = 0.9,
            ProbabilityFloor = 1e-4,
            BatchSize = 16,
            Capacity = 50,
            Eviction = EvictionKind.Reservoir,
            MatchStatistics = true,
            Seed = 17,
        };
        string path = Path.GetTempFileName();
        try
        {
            _mlContext.Model.Save(Fit(Points.Draw(30, seed: 1), options), null, path);

            Assert.AreEqual(options, _mlContext.Model.Load(path, out _).FindMemory<AdaNpcTransformer>().Options);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private AdaNpcTransformer Fit(Point[] points, AdaNpcOptions options)
        => _mlContext.MulticlassClassification.Trainers.AdaNpc(options).Fit(Points.Keyed(_mlContext, points));

    private sealed class KeyPrediction
    {
        [KeyType(3)]
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }
}
