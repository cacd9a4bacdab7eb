// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.FineTuning;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Tuning;

/// <summary>Blocks that compute in bfloat16, with trained tensors of single precision.</summary>
[TestClass]
public sealed class TrunkPrecisionTests
{
    private const double LogitTolerance = 0.1; // logits of order 1; 8 bits of significand through a few blocks
    private const double LossTolerance = 0.2; // AdamW divides small gradients by themselves, rounding included
    private readonly MLContext _mlContext = new(1);

    public static IEnumerable<object[]> Methods =>
        from set in new[] { "methods/backbone", "backbones/bert", "backbones/dinov2_swiglu" }
        from method in Options()
        select new object[] { method, set };

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Logits_and_training_in_half_precision_are_near_those_in_single(FineTuneOptions options, string set)
    {
        TorchTests.Require();
        using var single = new TinyModel(options, set);
        using var half = new TinyModel(options, set, precision: TrunkPrecision.BFloat16);
        float[][] backbone = half.BackboneValues();
        single.Disturb(0.02);
        half.Disturb(0.02);

        float[] expected = single.Logits(), actual = half.Logits();
        double difference = expected.Zip(actual).Max(p => Math.Abs(p.First - p.Second));
        Assert.IsGreaterThan(0, difference);
        Assert.IsLessThanOrEqualTo(LogitTolerance, difference);
        double loss = half.Loss();
        single.Train(3);
        half.Train(3, check: new GradientCheck(half.Model));

        Assert.AreEqual(single.Loss(), half.Loss(), LossTolerance);
        Assert.IsLessThan(loss, half.Loss());
        foreach (TrainedTensor trained in half.Model.Tensors)
        {
            Assert.AreEqual(float32, trained.Tensor.dtype, trained.Name);
            if (trained.Tensor.grad is { } gradient) Assert.AreEqual(float32, gradient.dtype, trained.Name);
        }

        float[][] after = half.BackboneValues();
        for (int i = 0; i < backbone.Length; i++) CollectionAssert.AreEqual(backbone[i], after[i]);
    }

    [TestMethod]
    public void Stream_is_of_half_precision_and_what_leaves_it_of_single()
    {
        TorchTests.Require();
        using var tiny = new TinyModel(new LoraOptions(), precision: TrunkPrecision.BFloat16);
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        Trunk trunk = tiny.Model.Trunk;

        Tensor x = trunk.Embed(tiny.Batch);
        Tensor y = ((TrunkTuning)tiny.Model.Tuning).Step(trunk.Blocks[0], x, null, ForwardPass.Plain);

        Assert.AreEqual(bfloat16, x.dtype);
        Assert.AreEqual(bfloat16, y.dtype);
        Assert.AreEqual(bfloat16, trunk.Blocks[0].Up.Weight.dtype);
        Assert.AreEqual(float32, trunk.Pool(y, null).dtype);
        Assert.IsTrue(trunk.HiddenStates(tiny.Batch).All(s => s.dtype == float32));
        Assert.AreEqual(float32, tiny.Backbone.Trunk.Blocks[0].Up.Weight.dtype);
    }

    [TestMethod]
    public void Checkpoints_in_half_precision_give_the_gradients_of_a_plain_step()
    {
        TorchTests.Require();
        using var tiny = new TinyModel(new LoraOptions(), precision: TrunkPrecision.BFloat16);
        tiny.Disturb();

        float[][] plain = Gradients(tiny, GradientStep.Plain);
        float[][] again = Gradients(tiny, new CheckpointedStep());

        for (int i = 0; i < plain.Length; i++) CollectionAssert.AreEqual(plain[i], again[i]);
    }

    [TestMethod]
    public void Model_in_half_precision_scores_the_same_when_it_is_loaded_and_nearly_when_merged()
    {
        TorchTests.Require();
        using Backbone backbone = Backbone.Create(TinyImages.Config, 3);
        LoraOptions options = TinyImages.Options with { EpochCount = 2, TrunkPrecision = TrunkPrecision.BFloat16 };
        ITransformer model = TinyImages.Pipeline(_mlContext, backbone, options).Fit(
            _mlContext.Data.LoadFromEnumerable(TinyImages.Draw(24, 1)));
        TinyImage[] test = TinyImages.Draw(9, 2);
        using var file = new MemoryStream();

        _mlContext.Model.Save(model, null, file);
        file.Position = 0;
        ITransformer loaded = _mlContext.Model.Load(file, out _);

        TinyPrediction[] expected = TinyImages.Predict(_mlContext, model, test);
        TinyImages.AssertSame(expected, TinyImages.Predict(_mlContext, loaded, test));
        var chain = (IEnumerable<ITransformer>)loaded;
        FineTunedModel tuned = chain.OfType<FineTuneTransformer>().Single().Model;
        Assert.AreEqual(TrunkPrecision.BFloat16, tuned.Tuned.Trunk.Precision);
        tuned.Merge();
        TinyPrediction[] merged = TinyImages.Predict(_mlContext, loaded, test);
        for (int row = 0; row < merged.Length; row++)
            for (int c = 0; c < 3; c++) Assert.AreEqual(expected[row].Score[c], merged[row].Score[c], LogitTolerance);
    }

    [TestMethod]
    public void Merge_in_half_precision_rounds_the_blocks_alone()
    {
        TorchTests.Require();
        using var tiny = new TinyModel(
            new LoraOptions { Rank = 2, TargetModules = ["all-linear"] }, "backbones/bert",
            precision: TrunkPrecision.BFloat16);

        tiny.Model.Merge();

        Assert.AreEqual(bfloat16, tiny.Model.Trunk.Blocks[0].Up.Weight.dtype);
        Assert.AreEqual(float32, tiny.Model.Trunk.Pooler!.Weight.dtype);
    }

    [TestMethod]
    public void Report_counts_activations_of_half_precision_as_half()
    {
        TorchTests.Require();
        using Backbone backbone = Backbone.Create(TinyImages.Config, 3);
        FineTuneReport Report(FineTuneOptions options)
        {
            using FineTuneTransformer tuned = TinyImages.Fit(
                _mlContext, backbone, options with { EpochCount = 1 }, TinyImages.Draw(6, 1));
            return tuned.Model.Report;
        }

        FineTuneOptions lora = TinyImages.Options, vqt = new VqtOptions();
        FineTuneOptions s2a = new S2aOptions { SavedActivations = ActivationSaving.All };
        FineTuneOptions bitFit = new BitFitOptions();

        Assert.AreEqual(
            Report(lora).ActivationBytes / 2,
            Report(lora with { TrunkPrecision = TrunkPrecision.BFloat16 }).ActivationBytes);
        // The side branch is of single precision.
        Assert.AreEqual(
            Report(s2a).ActivationBytes - (Report(bitFit).ActivationBytes / 2),
            Report(s2a with { TrunkPrecision = TrunkPrecision.BFloat16 }).ActivationBytes);
        Assert.AreEqual(
            Report(vqt).ActivationBytes, Report(vqt with { TrunkPrecision = TrunkPrecision.BFloat16 }).ActivationBytes);
    }

    [TestMethod]
    public void FineTune_in_half_precision_with_codes_is_refused()
    {
        using Backbone backbone = Backbone.Create(TinyImages.Config, 3);

        Refusal.Assert<ArgumentException>(
            "S2aOptions.TrunkPrecision must be Single with SavedActivations in bits. Got BFloat16.",
            () => _mlContext.MulticlassClassification.Trainers.FineTune(
                backbone, new S2aOptions { TrunkPrecision = TrunkPrecision.BFloat16 }));
        Refusal.Assert<ArgumentException>(
            "LoraOptions.TrunkPrecision must be a known precision. Got 7.",
            () => _mlContext.MulticlassClassification.Trainers.FineTune(
                backbone, new LoraOptions { TrunkPrecision = (TrunkPrecision)7 }));
    }

    private static IEnumerable<FineTuneOptions> Options()
    {
        yield return new LoraOptions { Rank = 2, TargetModules = ["all-linear"] };
        yield return new BitFitOptions();
        yield return new FullFineTuneOptions();
        yield return new AdapterOptions();
        yield return new PrefixOptions();
        yield return new VptOptions();
        yield return new S2aOptions();
        yield return new LinearProbeOptions();
        yield return new VqtOptions();
        yield return new LstOptions { Reduction = 4 };
        yield return new UniPtOptions();
        yield return new SherlOptions { LateCount = 1 };
        yield return new R2Options { HeadCount = 4, LayerCount = 2 };
    }

    private static float[][] Gradients(TinyModel tiny, GradientStep step)
    {
        using var scope = NewDisposeScope();
        using var optimizer = new AdamW(tiny.Model.Tensors, 0);
        optimizer.ClearGradients();
        step.Run(tiny.Model, tiny.Batch, tiny.Labels, null);
        return [.. tiny.Model.Tensors.Select(t => TensorData.ToArray(t.Tensor.grad!))];
    }
}
