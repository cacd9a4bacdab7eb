// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory.Trainers.Tests.FineTuning;

[TestClass]
public sealed class FineTuneTrainerTests
{
    private readonly MLContext _mlContext = new(seed: 0);
    private readonly List<string> _warnings = [];
    private Backbone _backbone = null!;

    [TestInitialize]
    public void MakeBackbone()
    {
        TorchTests.Require();
        _backbone = Backbone.Create(TinyImages.Config, 5);
        _mlContext.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning) _warnings.Add(message.RawMessage);
        };
    }

    [TestCleanup]
    public void DisposeBackbone() => _backbone?.Dispose();

    [TestMethod]
    public void Fit_learns_what_the_largest_class_does_not_know()
    {
        ITransformer model = FitPipeline(TinyImages.Options with { EpochCount = 25 });

        TinyImage[] test = TinyImages.Draw(60, seed: 2);
        TinyPrediction[] predictions = TinyImages.Predict(_mlContext, model, test);

        int right = test.Zip(predictions).Count(p => p.First.Label == p.Second.PredictedLabel);
        Assert.IsGreaterThan(45, right, "a third would be 20");
        foreach (TinyPrediction prediction in predictions)
        {
            Assert.AreEqual(1, prediction.Score.Sum(), 1e-5);
            int best = prediction.Score.IndexOf(prediction.Score.Max());
            Assert.AreEqual(TinyImages.Names[best], prediction.PredictedLabel);
            Assert.HasCount(16, prediction.Tuned);
        }
    }

    [TestMethod]
    public void Fit_reports_epochs_and_numbers_of_parameters()
    {
        FineTuneTransformer model = TinyImages.Fit(
            _mlContext, _backbone, TinyImages.Options with { ValidationFraction = 0.3 }, TinyImages.Draw(60, 1));

        FineTuneReport report = model.Model.Report;

        Assert.HasCount(6, report.Epochs);
        CollectionAssert.AreEqual(Enumerable.Range(1, 6).ToArray(), report.Epochs.Select(e => e.Epoch).ToArray());
        Assert.AreEqual((2 * 2 * 2 * 8 * 16) + (3 * 16) + 3, report.TrainedParameters);
        Assert.AreEqual(_backbone.ParameterCount, report.BackboneParameters);
        Assert.IsNull(report.Stopped);
        double best = report.Epochs.Max(e => e.ValidationAccuracy!.Value);
        Assert.AreEqual(best, report.Epochs[report.BestEpoch - 1].ValidationAccuracy);
        Assert.IsLessThan(report.Epochs[0].Loss, report.Epochs[^1].Loss);
    }

    [TestMethod]
    public void Fit_twice_gives_the_same_bits()
    {
        FineTuneTransformer one = TinyImages.Fit(_mlContext, _backbone, TinyImages.Options, TinyImages.Draw(60, 1));
        FineTuneTransformer other = TinyImages.Fit(_mlContext, _backbone, TinyImages.Options, TinyImages.Draw(60, 1));

        Tensors.AssertSame(one, other);
    }

    [TestMethod]
    public void Fit_leaves_the_backbone_as_it_is()
    {
        using Backbone untouched = Backbone.Create(TinyImages.Config, 5);

        TinyImages.Fit(_mlContext, _backbone, TinyImages.Options, TinyImages.Draw(30, 1));

        Assert.AreEqual(untouched.Hash, _backbone.Hash);
    }

    [TestMethod]
    public void Predict_one_row_agrees_with_the_block()
    {
        ITransformer model = FitPipeline();
        TinyImage[] test = TinyImages.Draw(9, seed: 2);
        TinyPrediction[] block = TinyImages.Predict(_mlContext, model, test);
        PredictionEngine<TinyImage, TinyPrediction> engine =
            _mlContext.Model.CreatePredictionEngine<TinyImage, TinyPrediction>(model);

        for (int row = 0; row < test.Length; row++)
        {
            TinyPrediction one = engine.Predict(test[row]);
            Assert.AreEqual(block[row].PredictedLabel, one.PredictedLabel);
            for (int c = 0; c < 3; c++) Assert.AreEqual(block[row].Score[c], one.Score[c], 1e-5f);
        }
    }

    [TestMethod]
    public void Predict_labels_unseen_in_training_are_no_obstacle()
    {
        ITransformer model = FitPipeline();
        TinyImage[] test = TinyImages.Draw(6, seed: 2);
        foreach (TinyImage image in test) image.Label = "zebra";

        TinyPrediction[] predictions = TinyImages.Predict(_mlContext, model, test);

        Assert.IsTrue(predictions.All(p => TinyImages.Names.Contains(p.PredictedLabel)));
    }

    [TestMethod]
    public void Predict_a_row_with_NaN_has_no_label_and_changes_no_other()
    {
        ITransformer model = FitPipeline();
        TinyImage[] test = TinyImages.Draw(6, seed: 2);
        TinyPrediction[] before = TinyImages.Predict(_mlContext, model, test);
        test[2].Features[7] = float.NaN;

        TinyPrediction[] after = TinyImages.Predict(_mlContext, model, test);

        Assert.IsTrue(string.IsNullOrEmpty(after[2].PredictedLabel));
        Assert.IsTrue(after[2].Tuned.All(float.IsNaN));
        TinyImages.AssertSame([.. before.Where((_, i) => i != 2)], [.. after.Where((_, i) => i != 2)]);
        CollectionAssert.Contains(
            _warnings, "Column 'Features' should hold finite numbers. Got NaN or infinity in 1 of 6 rows, first in row "
            + "2; they have no prediction.");
    }

    [TestMethod]
    public void Fit_a_row_with_NaN_is_refused()
    {
        TinyImage[] images = TinyImages.Draw(6, seed: 1);
        images[3].Features[0] = float.NaN;

        Refusal.Assert<InvalidOperationException>(
            "The features of row 3 must be finite numbers. Got NaN or infinity. "
            + "Replace them with mlContext.Transforms.ReplaceMissingValues or drop the row.",
            () => TinyImages.Fit(_mlContext, _backbone, TinyImages.Options, images));
    }

    [TestMethod]
    public void Fit_no_rows_is_refused() => Refusal.Assert<InvalidOperationException>(
        "FineTuneTrainer.Fit must see at least one row with a label. Got none. "
        + "Check the data and that column 'Label' is mapped to keys.",
        () => TinyImages.Fit(_mlContext, _backbone, TinyImages.Options, []));

    [TestMethod]
    public void Fit_rows_that_are_all_held_out_is_refused() => Refusal.Assert<InvalidOperationException>(
        "FineTuneOptions.ValidationFraction must leave a row to train on. Got 0.9 of 1 rows. Lower it, or take more "
        + "rows.",
        () => TinyImages.Fit(
            _mlContext, _backbone, TinyImages.Options with { ValidationFraction = 0.9, Seed = 1 },
            TinyImages.Draw(1, 1)));

    [TestMethod]
    public void Fit_one_class_predicts_it_and_warns()
    {
        TinyImage[] images = [.. TinyImages.Draw(12, seed: 1).Where(i => i.Label == "bee")];

        ITransformer model = TinyImages.Pipeline(_mlContext, _backbone, TinyImages.Options)
            .Fit(_mlContext.Data.LoadFromEnumerable(images));

        TinyPrediction[] predictions = TinyImages.Predict(_mlContext, model, TinyImages.Draw(6, 2));
        Assert.IsTrue(predictions.All(p => p.PredictedLabel == "bee" && p.Score is [1f]));
        CollectionAssert.Contains(
            _warnings, "FineTuneTrainer should see at least two classes. Got 1. Every prediction is that class.");
    }

    [TestMethod]
    public void Fit_a_label_that_is_no_key_is_refused() => Refusal.Assert<ArgumentException>(
        "Column 'Label' must be a key. Got String. "
        + "Convert it with mlContext.Transforms.Conversion.MapValueToKey(\"Label\").",
        () => _mlContext.MulticlassClassification.Trainers.FineTune(_backbone, TinyImages.Options)
            .Fit(_mlContext.Data.LoadFromEnumerable(TinyImages.Draw(6, 1))));

    [TestMethod]
    public void Fit_images_of_another_size_are_refused() => Refusal.Assert<ArgumentException>(
        "Column 'Features' must hold [1, 8, 4] = 32 values an image. Got 64. Resize the images, or say their size in "
        + "FineTuneOptions.Image.",
        () => TinyImages.Fit(
            _mlContext, _backbone, TinyImages.Options with { Image = new ImageInputOptions { Width = 4 } },
            TinyImages.Draw(6, 1)));

    [TestMethod]
    public void Fit_with_a_token_that_is_cancelled_stops_at_once() => Assert.ThrowsExactly<OperationCanceledException>(
        () => TinyImages.Fit(
            _mlContext, _backbone, TinyImages.Options with { CancellationToken = new CancellationToken(true) },
            TinyImages.Draw(6, 1)));

    [TestMethod]
    public void FineTune_options_out_of_range_are_all_named() => Refusal.Assert<ArgumentException>(
        "LoraOptions.EpochCount must be at least 1. Got 0. LoraOptions.Patience must be null without "
        + "ValidationFraction. Got 2. LoraOptions.Rank must be in [1, 65536]. Got 0.",
        () => _mlContext.MulticlassClassification.Trainers.FineTune(
            _backbone, TinyImages.Options with { EpochCount = 0, Patience = 2, Rank = 0 }));

    private ITransformer FitPipeline(FineTuneOptions? options = null) => TinyImages
        .Pipeline(_mlContext, _backbone, options)
        .Fit(_mlContext.Data.LoadFromEnumerable(TinyImages.Draw(90, seed: 1)));
}
