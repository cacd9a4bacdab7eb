// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Memory.Trainers.Tests.FineTuning;
using Microsoft.ML.Memory.Trainers.Tests.Golden;
using Microsoft.ML.Memory.Trainers.Tests.Tuning;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Vqt;

[TestClass]
public sealed class FeatureSelectionTests
{
    private const double Rounding = 1e-6;
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _mlContext = new(seed: 0);
    private readonly TinyImage[] _images = TinyImages.Draw(60, seed: 1);
    private Backbone _backbone = null!;

    [TestInitialize]
    public void CreateBackbone()
    {
        TorchTests.Require();
        _backbone = Backbone.Create(TinyImages.Config, 5);
    }

    [TestCleanup]
    public void Clean()
    {
        _backbone?.Dispose();
        _folder.Dispose();
    }

    private static VqtOptions Options => new()
    {
        KeepFeatures = 0.26,
        OutputFeatureColumnName = "Tuned",
        EpochCount = 4,
        BatchSize = 16,
        LearningRate = 0.05,
        ValidationFraction = 0.2,
        EmbedBackbone = true,
    };

    [TestMethod]
    [DataRow(1, new float[] { 1, 0, 0, 0 })]
    [DataRow(2, new float[] { 1, 0, 0, 1 })]
    [DataRow(3, new float[] { 1, 1, 0, 1 })]
    public void Choose_keeps_the_longest_columns_and_of_equals_the_first(int count, float[] expected)
    {
        using var scope = NewDisposeScope();
        Tensor mask = ones(4), weight = tensor(new float[] { 3, 1, 0, 0, 4, 0, -1, 2 }, [2, 4]);
        var selection = new FeatureSelection(mask, count);

        selection.Choose(weight);

        CollectionAssert.AreEqual(expected, TensorData.ToArray(mask));
        float[] kept = [3, 1, 0, 0, 4, 0, -1, 2];
        for (int i = 0; i < kept.Length; i++) kept[i] *= expected[i % 4];
        CollectionAssert.AreEqual(kept, TensorData.ToArray(weight));
        Assert.HasCount(count, selection.Kept().data<long>().ToArray());
    }

    [TestMethod]
    public void Choose_drops_a_feature_without_weight()
    {
        using var scope = NewDisposeScope();
        Tensor weight = TensorInit.Normal(new SeededRandom(1), [3, 5], 1, CPU);
        weight.select(1, 2).zero_();
        var selection = new FeatureSelection(ones(5), 4);

        selection.Choose(weight);

        CollectionAssert.AreEqual(new long[] { 0, 1, 3, 4 }, selection.Kept().data<long>().ToArray());
    }

    [TestMethod]
    public void KeptOf_never_exceeds_the_share()
    {
        Assert.AreEqual(29, new VqtOptions { KeepFeatures = 0.29 }.KeptOf(100));
        Assert.AreEqual(7, new VqtOptions { KeepFeatures = 0.7 }.KeptOf(10));
        Assert.AreEqual(100, new VqtOptions().KeptOf(100));
        for (int percent = 1; percent < 100; percent++)
        {
            long kept = new VqtOptions { KeepFeatures = percent / 100.0 }.KeptOf(997);
            Assert.IsTrue(100 * kept <= percent * 997L && 100 * (kept + 1) > percent * 997L, $"{percent} %");
        }
    }

    [TestMethod]
    [DataRow(2.0 / 3, 48, 32)]
    [DataRow(1.0 / 3, 48, 15)]
    [DataRow(0.99999999999999, 48, 47)]
    [DataRow(0.9999999999999999, 48, 48)]
    public void KeptOf_takes_the_share_to_15_digits(double share, long count, long kept) =>
        Assert.AreEqual(kept, new VqtOptions { KeepFeatures = share }.KeptOf(count));

    [TestMethod]
    public void KeptOf_a_share_next_to_0_is_refused() => Refusal.Assert<ArgumentException>(
        "VqtOptions.KeepFeatures must leave one of 48 features. Got 5E-324.",
        () => new VqtOptions { KeepFeatures = double.Epsilon }.KeptOf(48));

    [TestMethod]
    public void Create_of_a_share_that_leaves_none_is_refused()
    {
        Refusal.Assert<ArgumentException>(
            "VqtOptions.KeepFeatures must leave one of 48 features. Got 0.01.",
            () => TinyImages.Fit(_mlContext, _backbone, Options with { KeepFeatures = 0.01 }, _images));
        Refusal.Assert<ArgumentException>(
            "VqtOptions.KeepFeatures must choose among at most 16777216 features. Got 20000000.",
            () => Options.KeptOf(20_000_000));
    }

    [TestMethod]
    public void Validate_of_bad_settings_names_them_all()
    {
        var violations = new OptionViolations(nameof(VqtOptions));

        new VqtOptions { KeepFeatures = 1, ColumnPenalty = -1 }.Validate(violations);
        new VqtOptions { ColumnPenalty = 1 }.Validate(violations);

        Refusal.Assert<ArgumentException>(
            "VqtOptions.KeepFeatures must be null or above 0 and below 1. Got 1. "
            + "VqtOptions.ColumnPenalty must be null, or finite and at least 0. Got -1. "
            + "VqtOptions.ColumnPenalty must be null without KeepFeatures. Got 1.",
            violations.ThrowIfAny);
    }

    [TestMethod]
    public void Run_with_a_penalty_adds_the_direction_of_each_column_and_not_to_the_loss()
    {
        using var scope = NewDisposeScope();
        using var plain = new ReadoutCase(new VqtOptions());
        using var penalized = new ReadoutCase(new VqtOptions());
        using (no_grad()) penalized.Model.Head.Weight.select(1, 3).zero_();
        using (no_grad()) plain.Model.Head.Weight.select(1, 3).zero_();

        float loss = GradientStep.Plain.Run(plain.Model, plain.Batch, plain.Labels, null).item<float>();
        float same = new GradientStep { ColumnPenalty = 0.5 }
            .Run(penalized.Model, penalized.Batch, penalized.Labels, null).item<float>();

        Assert.AreEqual(loss, same);
        Tensor weight = plain.Model.Head.Weight.detach();
        Tensor expected = weight.div(weight.norm(0).clamp(min: 1e-30)).mul(0.5).add(plain.Model.Head.Weight.grad!);
        GoldenTensors.AssertClose(
            TensorData.ToArray(expected), TensorData.ToArray(penalized.Model.Head.Weight.grad!), 1e-5, "gradient");
    }

    [TestMethod]
    public void Fit_meets_the_budget_and_reports_it()
    {
        List<string> log = [];
        _mlContext.Log += (_, message) => log.Add(message.RawMessage);

        using FineTuneTransformer model = TinyImages.Fit(_mlContext, _backbone, Options, _images);

        FineTuneReport report = model.Model.Report;
        Assert.AreEqual(12, model.Model.FeatureSize);
        Assert.AreEqual(12, report.KeptFeatures);
        CollectionAssert.AreEqual(new long[] { 3, 12 }, model.Model.Tuned.Head.Weight.shape);
        Assert.AreEqual((2 * 16) + (3 * 12) + 3, report.TrainedParameters);
        CollectionAssert.AreEqual(Enumerable.Range(1, 8).ToArray(), report.Epochs.Select(e => e.Epoch).ToArray());
        Assert.IsTrue(report.BestEpoch is > 4 and <= 8);
        CollectionAssert.Contains(log, "Kept 12 of 48 features; the head is trained again on those.");
        Assert.IsTrue(log.Any(line => line.StartsWith("Epoch 8 of 8: ", StringComparison.Ordinal)));
        Assert.IsNull(TinyImages.Fit(
            _mlContext, _backbone, Options with { KeepFeatures = null }, _images).Model.Report.KeptFeatures);
    }

    [TestMethod]
    public void Scores_are_those_of_the_full_head_restricted_to_the_kept_features()
    {
        using var scope = NewDisposeScope();
        using FineTuneTransformer model = TinyImages.Fit(_mlContext, _backbone, Options, _images);
        TunedModel small = model.Model.Tuned;
        var plain = new VqtOptions();
        var random = new SeededRandom(1);
        using var full = new TunedModel(_backbone, plain.Create(_backbone, random), 3, random);
        Tensor kept = small.Tensors.Single(t => t.Name == "features.kept").Tensor.to_type(int64);
        float[] pixels = [.. _images.Take(5).SelectMany(i => i.Features)];
        BackboneBatch batch = BackboneBatch.Images(TensorData.From(pixels, [5, 1, 8, 8]));

        using (no_grad())
        {
            foreach (TrainedTensor own in full.Tuning.Tensors)
                own.Tensor.copy_(small.Tensors.Single(t => t.Name == own.Name).Tensor);
            full.Head.Weight.zero_();
            long[] numbers = kept.data<long>().ToArray();
            for (int i = 0; i < numbers.Length; i++)
                full.Head.Weight.select(1, numbers[i]).copy_(small.Head.Weight.select(1, i));
            full.Head.Bias!.copy_(small.Head.Bias!);
            GoldenTensors.AssertClose(
                TensorData.ToArray(full.Logits(batch, ForwardPass.Plain)),
                TensorData.ToArray(small.Logits(batch, ForwardPass.Plain)), Rounding, "scores");
        }
    }

    [TestMethod]
    public void Choosing_without_a_penalty_leaves_queries_as_training_without_it_does()
    {
        VqtOptions options = Options with { ValidationFraction = 0, ColumnPenalty = 0 };

        using FineTuneTransformer chosen = TinyImages.Fit(_mlContext, _backbone, options, _images);
        using FineTuneTransformer all = TinyImages.Fit(
            _mlContext, _backbone, options with { KeepFeatures = null, ColumnPenalty = null }, _images);

        foreach (TrainedTensor query in all.Model.Tuned.Tuning.Tensors)
        {
            CollectionAssert.AreEqual(
                TensorData.ToArray(query.Tensor),
                TensorData.ToArray(chosen.Model.Tuned.Tensors.Single(t => t.Name == query.Name).Tensor));
        }
    }

    [TestMethod]
    public void A_saved_model_gives_the_same_bits_and_none_of_the_weights_left_out()
    {
        using FineTuneTransformer model = TinyImages.Fit(_mlContext, _backbone, Options, _images);
        byte[] bytes = Written(model);

        using FineTuneTransformer read = Read(bytes);
        using FineTuneTransformer moved = model.On(_backbone);

        Tensors.AssertSame(model, read);
        Tensors.AssertSame(model, moved);
        float[][] expected = Answers(model);
        foreach (FineTuneTransformer other in new[] { read, moved })
        {
            float[][] actual = Answers(other);
            for (int row = 0; row < expected.Length; row++) CollectionAssert.AreEqual(expected[row], actual[row]);
        }

        Assert.HasCount(12 + 3, expected[0]);
        CollectionAssert.AreEqual(bytes, Written(read));
        Assert.AreEqual(
            (2 * 16) + 12 + (3 * 12) + 3, model.Model.Tuned.Tensors.Sum(t => t.Tensor.numel()), "and nothing else");
    }

    [TestMethod]
    public void Settings_without_a_share_are_written_as_they_were_before_there_was_one()
    {
        string json = JsonSerializer.Serialize<FineTuneOptions>(new VqtOptions());

        Assert.IsFalse(json.Contains("KeepFeatures", StringComparison.Ordinal));
        Assert.IsFalse(json.Contains("ColumnPenalty", StringComparison.Ordinal));
    }

    [TestMethod]
    [DataRow(0, 1.5f, "1.5 at 0")]
    [DataRow(0, -1f, "-1 at 0")]
    [DataRow(11, 48f, "48 at 11")]
    [DataRow(11, 0f, "0 at 11")]
    public void Read_of_features_that_cannot_be_is_refused(int place, float value, string got)
    {
        using FineTuneTransformer model = TinyImages.Fit(_mlContext, _backbone, Options, _images);
        using (no_grad())
        {
            Tensor kept = model.Model.Tuned.Tensors.Single(t => t.Name == "features.kept").Tensor;
            kept.narrow(0, place, 1).fill_(value);
        }

        Refusal.Assert<InvalidDataException>(
            $"The model file must hold ascending numbers below 48 in 'features.kept'. Got {got}. Save the model again.",
            () => Read(Written(model)));
    }

    [TestMethod]
    public void Read_of_another_share_is_refused()
    {
        using FineTuneTransformer model = TinyImages.Fit(_mlContext, _backbone, Options, _images);
        using var other = new FineTuneTransformer(
            model.Environment, Options with { KeepFeatures = 0.5 }, model.Model, model.Classes);

        Refusal.Assert<InvalidDataException>(
            "The model file must hold a tensor 'features.kept' of [24]. Got [12]. Save the model again.",
            () => Read(Written(other)));
    }

    [TestMethod]
    [DataRow("Epoch 2 of 4", false)]
    [DataRow("Epoch 4 of 4", false)]
    [DataRow("Kept 12 of 48", true)]
    [DataRow("Epoch 6 of 8", true)]
    [DataRow("Epoch 8 of 8", false)]
    public void Fit_that_was_cancelled_goes_on_to_the_same_bits(string after, bool caches)
    {
        VqtOptions options = Options with { CacheFeatures = caches };
        using FineTuneTransformer whole = TinyImages.Fit(new MLContext(0), _backbone, options, _images);
        string path = _folder.File("checkpoint.safetensors");

        Cancel(options with { CheckpointPath = path }, after);
        using FineTuneTransformer gone = TinyImages.Fit(
            new MLContext(0), _backbone, options with { CheckpointPath = path }, _images);

        Tensors.AssertSame(whole, gone);
        Assert.AreEqual(whole.Model.Report.BestEpoch, gone.Model.Report.BestEpoch);
        Assert.AreEqual(whole.Model.Report.TrainedParameters, gone.Model.Report.TrainedParameters);
        CollectionAssert.AreEqual(
            whole.Model.Report.Epochs.Select(e => e with { Seconds = 0 }).ToArray(),
            gone.Model.Report.Epochs.Select(e => e with { Seconds = 0 }).ToArray());
    }

    [TestMethod]
    public void A_second_checkpoint_of_another_choice_is_refused()
    {
        string path = _folder.File("checkpoint.safetensors");
        VqtOptions options = Options with { CheckpointPath = path };
        TinyImages.Fit(_mlContext, _backbone, options, _images).Dispose();
        string other = _folder.File("other.safetensors");
        File.Copy(path, other + TrainingRun.SecondSuffix); // the first phase's in place of the second's

        Refusal.Assert<InvalidDataException>(
            "FineTuneOptions.CheckpointPath must name a checkpoint of the same options, backbone and data. "
            + $"Got '{other + TrainingRun.SecondSuffix}' of another backbone or other data. Delete it, or choose "
            + "another path.",
            () => TinyImages.Fit(_mlContext, _backbone, options with { CheckpointPath = other }, _images));
    }

    private float[][] Answers(FineTuneTransformer model) =>
    [
        .. _mlContext.Data.CreateEnumerable<Answer>(
            model.Transform(_mlContext.Data.LoadFromEnumerable(_images)), reuseRowObject: false)
            .Select(answer => (float[])[.. answer.Tuned, .. answer.Score]),
    ];

    private void Cancel(VqtOptions options, string after)
    {
        using var stop = new CancellationTokenSource();
        var mlContext = new MLContext(0);
        mlContext.Log += (_, message) =>
        {
            if (message.RawMessage.StartsWith(after, StringComparison.Ordinal)) stop.Cancel();
        };
        try
        {
            TinyImages.Fit(mlContext, _backbone, options with { CancellationToken = stop.Token }, _images).Dispose();
        }
        catch (OperationCanceledException)
        {
            Assert.AreNotEqual("Epoch 8 of 8", after);
        }
    }

    private FineTuneTransformer Read(byte[] bytes) => FineTuneFile.Read(
        new MemoryStream(bytes), HostAccess.EnvironmentOf(_mlContext.MulticlassClassification.Trainers));

    private static byte[] Written(FineTuneTransformer model)
    {
        using var stream = new MemoryStream();
        FineTuneFile.Write(stream, model);
        return stream.ToArray();
    }

    /// <summary>What a model says of an image.</summary>
    private sealed class Answer
    {
        public float[] Score { get; set; } = [];

        public float[] Tuned { get; set; } = [];
    }
}
