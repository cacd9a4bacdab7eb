// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class RerankingTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void A_second_memory_ranks_again_what_the_first_one_found()
    {
        Point[] train = Points.Draw(300, seed: 1), test = Points.Draw(200, seed: 2);
        ITransformer model = Pipeline(candidates: 20).Fit(Points.View(_mlContext, train));

        IDataView scored = model.Transform(Points.View(_mlContext, test));

        long[][] found = [.. scored.GetColumn<long[]>("Candidates")];
        long[][] ranked = [.. scored.GetColumn<long[]>("NeighborIds")];
        for (int row = 0; row < test.Length; row++)
        {
            CollectionAssert.IsSubsetOf(ranked[row], found[row]);
            CollectionAssert.AreEqual(
                found[row].OrderBy(id => Distance(test[row], train[id])).ThenBy(id => id).Take(5).ToArray(),
                ranked[row]);
        }
    }

    [TestMethod]
    public void A_strong_second_memory_repairs_a_weak_first_one()
    {
        IDataView train = TwoViews(Points.Draw(300, seed: 1)), test = TwoViews(Points.Draw(200, seed: 2));
        double Accuracy(IEstimator<ITransformer> pipeline)
            => _mlContext.MulticlassClassification.Evaluate(pipeline.Fit(train).Transform(test)).MicroAccuracy;

        double weak = Accuracy(Weak(k: 5));
        double repaired = Accuracy(Weak(k: 60)
            .Append(_mlContext.Transforms.CopyColumns("Candidates", "NeighborIds"))
            .Append(_mlContext.MulticlassClassification.Trainers.VisualMemory(
                Strong() with { CandidateColumnName = "Candidates" })));

        Assert.IsGreaterThan(weak + 0.05, repaired);
    }

    [TestMethod]
    public void All_entries_as_candidates_change_nothing()
    {
        Point[] train = Points.Draw(100, seed: 1), test = Points.Draw(50, seed: 2);
        IDataView view = Points.View(_mlContext, train);

        ITransformer all = Pipeline(candidates: 100).Fit(view);
        ITransformer alone = Points.Pipeline(_mlContext, Strong()).Fit(view);

        Points.AssertSame(
            Points.Predict(_mlContext, alone, test),
            [.. _mlContext.Data.CreateEnumerable<PointPrediction>(
                all.Transform(Points.View(_mlContext, test)), reuseRowObject: false)]);
    }

    [TestMethod]
    public void A_prediction_engine_and_a_loaded_model_rank_again_as_well()
    {
        Point[] train = Points.Draw(100, seed: 1), test = Points.Draw(20, seed: 2);
        ITransformer model = Pipeline(candidates: 10).Fit(Points.View(_mlContext, train));
        PointPrediction[] expected = Points.Predict(_mlContext, model, test);
        string path = Path.GetTempFileName();
        try
        {
            _mlContext.Model.Save(model, Points.View(_mlContext, []).Schema, path);
            ITransformer loaded = _mlContext.Model.Load(path, out _);
            var engine = _mlContext.Model.CreatePredictionEngine<Point, PointPrediction>(loaded);

            Points.AssertSame(expected, Points.Predict(_mlContext, loaded, test));
            Points.AssertSame(expected, [.. test.Select(engine.Predict)]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void A_row_without_candidates_has_no_prediction()
    {
        IDataView data = _mlContext.Data.LoadFromEnumerable(
            new[] { new Chosen(), new Chosen { Candidates = [3, 9999] } });

        IDataView scored = Fit().Transform(data);

        CollectionAssert.AreEqual(new[] { 0u, 1u }, scored.GetColumn<uint>("PredictedLabel")
            .Select(label => Math.Min(label, 1u)).ToArray());
        CollectionAssert.AreEqual(new long[] { 3 }, scored.GetColumn<long[]>("NeighborIds").Last());
    }

    [TestMethod]
    public void Explanations_and_measures_see_the_candidates()
    {
        VisualMemoryTransformer memory = Fit();
        IDataView data = _mlContext.Data.LoadFromEnumerable(
            new[] { new Chosen { Candidates = [3, 5] }, new Chosen { Candidates = [7] } });

        Explanation[] explanations = [.. memory.Explain(data)];

        CollectionAssert.AreEquivalent(
            new long[] { 3, 5 }, explanations[0].Contributions.Select(each => each.Id).ToArray());
        Assert.AreEqual(7, explanations[1].Contributions.Single().Id);
        Assert.AreEqual(
            "VisualMemoryTransformer.Explain must see the candidates in column 'Candidates'. "
            + "Got features alone. Explain a view with both.",
            Assert.ThrowsExactly<InvalidOperationException>(() => memory.Explain([1f, 0f, 0f])).Message);
    }

    [TestMethod]
    public void A_missing_or_wrong_candidate_column_is_named()
    {
        VisualMemoryTransformer memory = Fit();

        Assert.AreEqual(
            "Column 'Candidates' must be in the data. Got columns 'Label', 'Id', 'Weight', 'Features'.",
            Assert.ThrowsExactly<ArgumentException>(
                () => memory.Transform(Points.View(_mlContext, Points.Draw(3, seed: 1)))).Message);
        IDataView wrong = _mlContext.Transforms.CopyColumns("Candidates", "Features")
            .Fit(Points.View(_mlContext, [])).Transform(Points.View(_mlContext, Points.Draw(3, seed: 1)));
        Assert.AreEqual(
            "Column 'Candidates' must be a vector of Int64. Got Vector<Single, 3>.",
            Assert.ThrowsExactly<ArgumentException>(() => memory.Transform(wrong)).Message);
        VisualMemoryTrainer trainer = _mlContext.MulticlassClassification.Trainers.VisualMemory(
            Strong() with { CandidateColumnName = "Candidates" });
        SchemaShape shape = Schemas.ShapeOf(
            _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(wrong).Transform(wrong));
        Assert.AreEqual(
            "Column 'Candidates' must be a vector of Int64. Got Vector of Single.",
            Assert.ThrowsExactly<ArgumentException>(() => trainer.GetOutputSchema(shape)).Message);
    }

    [TestMethod]
    public void TuneVote_lets_all_candidates_vote_where_they_are_few()
    {
        VisualMemoryTransformer memory = Fit();
        string label = memory.ClassNames[memory.Model.Entries.Single(entry => entry.Id == 7).Label];
        long[][] candidates = [[7], [3, 5], [3, 5, 7, 9], []];
        IDataView rows = _mlContext.Data.LoadFromEnumerable(
            candidates.Select(ids => new Chosen { Label = label, Candidates = ids }));

        VoteTuning tuning = memory.TuneVote(rows, neighborCount: 4, rankOffsets: [2]);

        Assert.HasCount(4, tuning.Trials);
        foreach (VoteTrial trial in tuning.Trials)
        {
            CalibrationReport alone = memory.WithVote(trial.NeighborCount).MeasureCalibration(rows);
            Assert.AreEqual(alone.Accuracy, tuning.AccuracyOf(trial), 1e-12, $"{trial}");
        }
    }

    private static float Distance(Point query, Point entry)
        => query.Features.Zip(entry.Features, (left, right) => (left - right) * (left - right)).Sum();

    private static VisualMemoryOptions Strong() => new()
    {
        NeighborCount = 5,
        IdColumnName = "Id",
        Metric = Metric.SquaredEuclidean,
        NeighborColumns = NeighborColumns.Ids,
    };

    private VisualMemoryTransformer Fit()
        => Points.FitMemory(_mlContext, Points.Draw(50, seed: 1), Strong() with { CandidateColumnName = "Candidates" });

    /// <summary>A memory that sees one of the three features only.</summary>
    private IEstimator<ITransformer> Weak(int k)
        => _mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(_mlContext.MulticlassClassification.Trainers.VisualMemory(new VisualMemoryOptions
            {
                FeatureColumnName = "First",
                IdColumnName = "Id",
                NeighborCount = k,
                Metric = Metric.SquaredEuclidean,
                NeighborColumns = NeighborColumns.Ids,
            }));

    private IDataView TwoViews(Point[] points)
        => _mlContext.Data.LoadFromEnumerable(points.Select(point => new TwoViewed
        {
            Label = point.Label,
            Id = point.Id,
            Features = point.Features,
            First = [point.Features[0]],
        }));

    private IEstimator<ITransformer> Pipeline(int candidates)
        => _mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(_mlContext.MulticlassClassification.Trainers.VisualMemory(new VisualMemoryOptions
            {
                IdColumnName = "Id",
                NeighborCount = candidates,
                Metric = Metric.Cosine,
                NeighborColumns = NeighborColumns.Ids,
            }))
            .Append(_mlContext.Transforms.CopyColumns("Candidates", "NeighborIds"))
            .Append(_mlContext.MulticlassClassification.Trainers.VisualMemory(
                Strong() with { CandidateColumnName = "Candidates" }))
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    private sealed class TwoViewed
    {
        public string Label { get; set; } = "";

        public long Id { get; set; }

        [VectorType(3)]
        public float[] Features { get; set; } = [];

        [VectorType(1)]
        public float[] First { get; set; } = [];
    }

    private sealed class Chosen
    {
        public string Label { get; set; } = "ant";

        [VectorType(3)]
        public float[] Features { get; set; } = [1, 0, 0];

        public long[] Candidates { get; set; } = [];
    }
}
