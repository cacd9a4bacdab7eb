// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory.Trainers.Tests.FineTuning;

/// <summary>Memory, threads, numbers that are too large, and what is reported.</summary>
[TestClass]
public sealed class FineTuneRobustnessTests
{
    private readonly MLContext _mlContext = new(seed: 0);
    private Backbone _backbone = null!;

    public static IEnumerable<object[]> Methods =>
    [
        [new LoraOptions { Dropout = 0.1 }], [new BitFitOptions()], [new FullFineTuneOptions()],
        [new AdapterOptions { Bottleneck = 4 }], [new PrefixOptions { Length = 2 }],
        [new VptOptions { PromptCount = 2 }], [new LinearProbeOptions()], [new VqtOptions()],
        [new LstOptions { Reduction = 4 }],
        [new LstOptions { Reduction = 4, Initialization = LstInitialization.Fisher, CacheFeatures = true }],
        [new LstOptions { Reduction = 4, Initialization = LstInitialization.Fisher, FeatureTokenCount = 4 }],
        [new UniPtOptions { CacheFeatures = true }], [new SherlOptions()],
        [new R2Options { HeadCount = 4, LayerCount = 2 }],
        [new S2aOptions()], [new BitFitOptions { SavedActivations = ActivationSaving.Checkpoints }],
    ];

    [TestInitialize]
    public void MakeBackbone()
    {
        TorchTests.Require();
        _backbone = Backbone.Create(TinyImages.Config, 5);
    }

    [TestCleanup]
    public void DisposeBackbone() => _backbone?.Dispose();

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Predict_by_threads_at_once_gives_the_same_bits(FineTuneOptions options)
    {
        FineTuneOptions used = options with { EpochCount = 1, OutputFeatureColumnName = "Tuned" };
        IDataView train = _mlContext.Data.LoadFromEnumerable(TinyImages.Draw(24, seed: 1));
        ITransformer model = TinyImages.Pipeline(_mlContext, _backbone, used).Fit(train);
        TinyImage[] test = TinyImages.Draw(30, seed: 2);
        TinyPrediction[] expected = TinyImages.Predict(_mlContext, model, test);

        var found = new TinyPrediction[4][];
        Parallel.For(0, found.Length, i => found[i] = TinyImages.Predict(_mlContext, model, test));

        foreach (TinyPrediction[] one in found) TinyImages.AssertSame(expected, one);
    }

    [TestMethod]
    public void Fit_whose_last_step_ruins_the_weights_is_no_model() => Refusal.Assert<InvalidOperationException>(
        "The loss must be finite. Got NaN in step 1, batch 1 of epoch 1. Lower LearningRate.",
        () => TinyImages.Fit(
            _mlContext, _backbone,
            TinyImages.Options with { EpochCount = 1, WarmUp = 0, LearningRate = 1e30, BatchSize = 64 },
            TinyImages.Draw(12, 1)));

    [TestMethod]
    public void Fit_rows_that_are_too_large_for_the_network_does_not_blame_the_learning_rate()
    {
        TinyImage[] images = TinyImages.Draw(12, 1);
        foreach (TinyImage image in images) Array.Fill(image.Features, 3e38f);

        Refusal.Assert<InvalidOperationException>(
            "The loss must be finite. Got NaN in step 1, batch 1 of epoch 1. No step was taken before: give numbers as "
            + "large as those that the backbone was pretrained on.",
            () => TinyImages.Fit(_mlContext, _backbone, TinyImages.Options, images));
    }

    [TestMethod]
    public void Predict_a_finite_row_that_is_too_large_has_no_label()
    {
        using FineTuneTransformer model = TinyImages.Fit(
            _mlContext, _backbone, TinyImages.Options with { EpochCount = 1 }, TinyImages.Draw(12, 1));
        float[] rows = new float[2 * 64];
        Array.Fill(rows, 3e38f, 0, 64);
        BlockClassifier classifier = model.CreateClassifier(1);
        classifier.Reserve(2);
        uint[] labels = new uint[2];
        float[] scores = new float[6];

        classifier.Classify(rows, labels, scores);

        Assert.AreEqual(0u, labels[0]);
        Assert.AreNotEqual(0u, labels[1]);
        Assert.AreEqual(1, scores[..3].Sum(), 1e-6);
    }

    [TestMethod]
    public void Report_counts_the_tokens_of_the_input_and_the_rows_of_a_batch()
    {
        LoraOptions options = TinyImages.Options with { FeatureTokenCount = 4, EpochCount = 1 };

        using FineTuneTransformer model = TinyImages.Fit(_mlContext, _backbone, options, TinyImages.Draw(12, 1));

        var shape = new MemoryShape(4, 16, 2, 2, 32);
        double floats = MemoryModel.Expected(shape, MemoryMethod.LoraQueryValue(8));
        Assert.AreEqual(floats * sizeof(float) * 12, model.Model.Report.ActivationBytes);
        Assert.AreEqual(
            MemoryModel.Ratio(shape, MemoryMethod.LoraQueryValue(8)), model.Model.Report.ActivationShare);
    }

    [TestMethod]
    public void Report_counts_what_a_tape_kept_and_measures_what_memory_grew()
    {
        LoraOptions plain = TinyImages.Options with { EpochCount = 1 };
        LoraOptions saving = plain with { SavedActivations = ActivationSaving.Checkpoints };

        using FineTuneTransformer autograd = TinyImages.Fit(_mlContext, _backbone, plain, TinyImages.Draw(12, 1));
        using FineTuneTransformer taped = TinyImages.Fit(_mlContext, _backbone, saving, TinyImages.Draw(12, 1));

        FineTuneReport report = taped.Model.Report;
        Assert.IsNull(autograd.Model.Report.LedgerBytes);
        long input = 12L * 5 * 2 * 16 * sizeof(float); // rows, tokens, blocks, width
        Assert.IsGreaterThan(input, report.LedgerBytes!.Value);
        Assert.IsLessThan(autograd.Model.Report.ActivationBytes, report.LedgerBytes!.Value);
        Assert.IsGreaterThanOrEqualTo(0L, autograd.Model.Report.MeasuredBytes!.Value);
        Assert.IsGreaterThanOrEqualTo(0L, report.MeasuredBytes!.Value);
    }

    [TestMethod]
    public void Report_of_LoRA_on_a_ViT_B_is_69_percent()
    {
        var config = new BackboneConfig();

        double share = MemoryModel.Ratio(MemoryShape.Of(config), MemoryMethod.Of(new LoraOptions(), config));

        Assert.AreEqual(0.687, share, 5e-4);
    }

    [TestMethod]
    [DataRow(0, 10, "Epoch 1 of 10: loss 0.5; 10000000 rows a second, 00:00:00 left.")]
    [DataRow(4000, 28, "Epoch 1 of 28: loss 0.5; 0 rows a second, 30:00:00 left.")]
    [DataRow(1e9, int.MaxValue, "Epoch 1 of 2147483647: loss 0.5; 0 rows a second, 596523235000000:00:00 left.")]
    public void Log_says_the_time_left_however_long(double seconds, int epochs, string expected)
    {
        var mlContext = new MLContext();
        List<string> log = [];
        mlContext.Log += (_, message) => log.Add(message.RawMessage);
        using IChannel channel = HostAccess.EnvironmentOf(mlContext.MulticlassClassification.Trainers)
            .Register("Test").Start("Test");

        new TrainingLog(channel).Epoch(new EpochReport(1, 0.5, null, null, seconds), epochs, 10);

        CollectionAssert.Contains(log, expected);
    }

    [TestMethod]
    public void GetOutputSchema_is_that_of_the_data()
    {
        IDataView view = _mlContext.Data.LoadFromEnumerable(TinyImages.Draw(12, seed: 1));
        IDataView keyed = _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
        FineTuneTrainer trainer = _mlContext.MulticlassClassification.Trainers.FineTune(
            _backbone, TinyImages.Options with { EpochCount = 1 });
        using FineTuneTransformer model = trainer.Fit(keyed);

        SchemaShape shape = trainer.GetOutputSchema(HostAccess.ShapeOf(keyed.Schema));

        CollectionAssert.AreEqual(
            model.GetOutputSchema(keyed.Schema).Select(c => c.Name).Distinct().ToArray(),
            shape.Select(c => c.Name).ToArray());
    }
}
