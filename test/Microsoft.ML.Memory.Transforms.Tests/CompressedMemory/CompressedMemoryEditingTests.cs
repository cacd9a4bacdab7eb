// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class CompressedMemoryEditingTests
{
    private static readonly CompressedMemoryOptions _options = new()
    {
        CodeCount = 24,
        BatchSize = 32,
        Epochs = 20,
        IdColumnName = "Id",
    };

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void A_correction_that_overflows_is_no_memory()
    {
        Point[] points = Points.Draw(6, seed: 1);
        foreach (Point point in points) point.Features = [.. point.Features.Select(value => (value - 0.5f) * 1e30f)];
        CompressedMemoryTrainer trainer = _mlContext.MulticlassClassification.Trainers.CompressedMemory(
            new CompressedMemoryOptions { CodeCount = 8, Read = CodeRead.Attention, NormalizeFeatures = false });

        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(
            () => trainer.Fit(Points.Keyed(_mlContext, points)));

        Assert.AreEqual(
            "CompressedMemoryTrainer.Fit must learn a correction of finite numbers. Got NaN or infinity. Leave "
            + "CompressedMemoryOptions.NormalizeFeatures on, scale the features down, or set CorrectionRank to 0.",
            error.Message);
    }

    [TestMethod]
    public void Added_rows_are_known_and_the_codebook_stays()
    {
        CompressedMemoryTransformer memory = Fit(Points.Draw(100, seed: 1));
        Point[] more = Points.Draw(40, seed: 2, classCount: 4, firstId: 500);

        CompressedMemoryTransformer grown = memory.Add(Points.View(_mlContext, more));

        Assert.AreEqual(140, grown.Model.Count);
        Assert.AreEqual(100, memory.Model.Count);
        Assert.AreEqual(4, grown.ClassCount);
        Assert.AreSame(memory.Model.Codebook, grown.Model.Codebook);
        CollectionAssert.IsSubsetOf(new[] { 0L, 500L, 539L }, grown.Model.Ids.ToArray());
    }

    [TestMethod]
    public void Removed_rows_leave_what_was_there_before_they_came()
    {
        CompressedMemoryTransformer memory = Fit(Points.Draw(100, seed: 1));
        Point[] more = Points.Draw(40, seed: 2, firstId: 500);
        Point[] test = Points.Draw(30, seed: 3);

        CompressedMemoryTransformer back = memory.Add(Points.View(_mlContext, more))
            .Remove(more.Select(point => point.Id));

        CollectionAssert.AreEqual(Scores(memory, test), Scores(back, test));
    }

    [TestMethod]
    public void Memory_without_entries_predicts_nothing()
    {
        CompressedMemoryTransformer memory = Fit(Points.Draw(20, seed: 1));

        CompressedMemoryTransformer empty = memory.Remove(memory.Model.Ids);

        IDataView scored = empty.Transform(Points.View(_mlContext, Points.Draw(3, seed: 2)));
        Assert.IsTrue(scored.GetColumn<uint>("PredictedLabel").All(label => label == 0));
        Assert.IsTrue(scored.GetColumn<float[]>("Score").All(row => row.All(score => score == 1f / 3)));
        Assert.AreEqual(20, empty.Add(Points.View(_mlContext, Points.Draw(20, seed: 1))).Model.Count);
    }

    [TestMethod]
    public void Attention_beats_the_most_frequent_class_with_and_without_a_correction()
    {
        Point[] train = Points.Draw(600, seed: 1), test = Points.Draw(300, seed: 2);
        CompressedMemoryOptions options = _options with { Read = CodeRead.Attention, CorrectionRank = 2 };

        double plain = Accuracy(Fit(train, options with { CorrectionRank = 0 }), test);
        double corrected = Accuracy(Fit(train, options with { CorrectionEpochs = 10 }), test);

        double baseline = test.CountBy(point => point.Label).Max(pair => pair.Value) / 300.0;
        Assert.IsGreaterThan(baseline + 0.2, plain);
        Assert.IsGreaterThan(baseline + 0.2, corrected);
    }

    [TestMethod]
    [DataRow(CodeRead.Histogram)]
    [DataRow(CodeRead.Attention)]
    public void Every_option_survives_the_file_and_adding_goes_on_from_it(CodeRead read)
    {
        var options = new CompressedMemoryOptions
        {
            IdColumnName = "Id",
            CodeCount = 20,
            NormalizeFeatures = false,
            CommitmentWeight = 0.5,
            LearningRate = 0.01,
            Epochs = 4,
            BatchSize = 8,
            Shuffle = false,
            UsageDecay = 0.9,
            Reset = CodeReset.BelowThreshold,
            ResetThreshold = 1e-3,
            ClearMoments = false,
            Seed = 3,
            Read = read,
            Gamma = 5,
            CorrectionRank = 2,
            CorrectionAlpha = 8,
            CorrectionEpochs = 1,
        };
        CompressedMemoryTransformer memory = Fit(Points.Draw(60, seed: 1), options);
        string path = Path.GetTempFileName();
        try
        {
            _mlContext.Model.Save(memory, null, path);
            var loaded = _mlContext.Model.Load(path, out _).FindMemory<CompressedMemoryTransformer>();

            Assert.AreEqual(options, loaded.Options);
            IDataView more = Points.View(_mlContext, Points.Draw(30, seed: 4, classCount: 4, firstId: 90));
            Point[] test = Points.Draw(20, seed: 2);
            CollectionAssert.AreEqual(Scores(memory.Add(more), test), Scores(loaded.Add(more), test));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void Options_out_of_range_are_named_all_at_once()
        => Assert.AreEqual(
            "CompressedMemoryOptions.FeatureColumnName must be a column name. Got an empty name. "
            + "CompressedMemoryOptions.CodeCount must be at least 1. Got 0. "
            + "CompressedMemoryOptions.Read must be a way to read. Got 5. "
            + "CompressedMemoryOptions.Gamma must be finite and above 0. Got 0. "
            + "CompressedMemoryOptions.CorrectionRank must be in [0, 1024]. Got -1. "
            + "CompressedMemoryOptions.CorrectionAlpha must be finite and above 0. Got NaN. "
            + "CompressedMemoryOptions.CorrectionEpochs must be at least 0. Got -1.",
            Assert.ThrowsExactly<ArgumentException>(
                () => _mlContext.MulticlassClassification.Trainers.CompressedMemory(new CompressedMemoryOptions
                {
                    FeatureColumnName = "",
                    CodeCount = 0,
                    Read = (CodeRead)5,
                    Gamma = 0,
                    CorrectionRank = -1,
                    CorrectionAlpha = double.NaN,
                    CorrectionEpochs = -1,
                })).Message);

    [TestMethod]
    public void Taken_ids_are_refused_and_nothing_is_lost()
    {
        CompressedMemoryTransformer memory = Fit(Points.Draw(20, seed: 1));

        Assert.AreEqual(
            "ids must be free and differ. Got 0 again in row 0. (Parameter 'ids')",
            Assert.ThrowsExactly<ArgumentException>(
                () => memory.Add(Points.View(_mlContext, Points.Draw(5, seed: 2)))).Message);
        Assert.AreEqual(20, memory.Model.Count);
    }

    private CompressedMemoryTransformer Fit(Point[] points, CompressedMemoryOptions? options = null)
        => _mlContext.MulticlassClassification.Trainers.CompressedMemory(options ?? _options)
            .Fit(Points.Keyed(_mlContext, points));

    private float[] Scores(ITransformer model, Point[] points)
        => [.. model.Transform(Points.View(_mlContext, points)).GetColumn<float[]>("Score").SelectMany(row => row)];

    private double Accuracy(CompressedMemoryTransformer model, Point[] test)
    {
        uint[] predicted = [.. model.Transform(Points.View(_mlContext, test)).GetColumn<uint>("PredictedLabel")];
        return test.Zip(predicted).Count(each => each.First.Label == model.ClassNames[(int)each.Second - 1])
            / (double)test.Length;
    }
}
