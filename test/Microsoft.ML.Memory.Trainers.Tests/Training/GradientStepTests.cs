// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using Microsoft.ML.Memory.Trainers.Tests.Tuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Training;

[TestClass]
public sealed class GradientStepTests
{
    [TestMethod]
    [DataRow(ActivationSaving.FourBit, 4, 0.97)]
    [DataRow(ActivationSaving.FourBitRecomputed, 4, 0.99)]
    [DataRow(ActivationSaving.FourBitEverything, 4, 0.97)]
    [DataRow(ActivationSaving.FourBit, 3, 0.97)]
    [DataRow(ActivationSaving.FourBit, 2, 0.96)]
    [DataRow(ActivationSaving.FourBit, 1, 0.90)]
    public void Coded_gradients_of_s2a_point_where_exact_ones_do(ActivationSaving saving, int bits, double least)
    {
        TorchTests.Require();
        using MethodGolden golden = S2a();
        float[] exact = Gradients(golden, GradientStep.Plain);

        float[] coded = Gradients(golden, GradientStep.For(saving, bits));

        double cosine = Cosine(exact, coded);
        Assert.IsTrue(cosine >= least, $"cosine {cosine}");
        Assert.IsTrue(cosine < 0.999999, "the gradients are exact: was anything coded?");
    }

    [TestMethod]
    [DataRow("backbones/bert")]
    [DataRow("backbones/dinov2_swiglu")]
    [DataRow("backbones/clip_vision")]
    [DataRow("methods/backbone")]
    public void Saving_steps_compose_with_lora_on_every_backbone(string set)
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using Backbone backbone = Backbone.Load(GoldenFiles.PathOf(set));
        using TunedModel model = Lora(backbone, new LoraOptions { TargetModules = ["all-linear"] });
        (BackboneBatch batch, Tensor labels) = Batch(set);
        float[] exact = Gradients(model, batch, labels, GradientStep.Plain);

        float[] kept = Gradients(model, batch, labels, new FewBitStep(SavingPolicy.Exact));
        float[] rerun = Gradients(model, batch, labels, GradientStep.For(ActivationSaving.Checkpoints));
        float[] coded = Gradients(model, batch, labels, GradientStep.For(ActivationSaving.FourBit));

        Assert.IsTrue(GoldenTensors.LargestDifference(exact, kept) <= 1e-5 * exact.Max(Math.Abs));
        Assert.IsTrue(GoldenTensors.LargestDifference(exact, rerun) <= 1e-6);
        Assert.IsTrue(Cosine(exact, coded) >= 0.97, $"cosine {Cosine(exact, coded)}");
    }

    [TestMethod]
    [DataRow("bitfit")]
    [DataRow("full")]
    [DataRow("adapter_sequential")]
    [DataRow("adapter_houlsby")]
    [DataRow("adapter_parallel")]
    [DataRow("prefix")]
    [DataRow("vpt_deep")]
    [DataRow("vpt_shallow")]
    public void Saving_steps_compose_with_every_method_inside_the_trunk(string method)
    {
        TorchTests.Require();
        using var tiny = new TinyModel(TrunkMethods.Options(method));
        tiny.Disturb();
        float[] Of(GradientStep step) => Gradients(tiny.Model, tiny.Batch, tiny.Labels, step);
        float[] exact = Of(GradientStep.Plain);

        float[] kept = Of(new FewBitStep(SavingPolicy.Exact));
        float[] rerun = Of(GradientStep.For(ActivationSaving.Checkpoints));
        float[] coded = Of(GradientStep.For(ActivationSaving.FourBit));

        Assert.IsTrue(GoldenTensors.LargestDifference(exact, kept) <= 1e-5 * exact.Max(Math.Abs));
        Assert.IsTrue(GoldenTensors.LargestDifference(exact, rerun) <= 1e-6 * Math.Max(1, exact.Max(Math.Abs)));
        Assert.IsTrue(Cosine(exact, coded) >= 0.97, $"cosine {Cosine(exact, coded)}");
    }

    [TestMethod]
    public void Bias_gradients_are_exact_where_nothing_is_coded()
    {
        TorchTests.Require();
        using MethodGolden golden = S2a();
        float[] exact = Gradients(golden, GradientStep.Plain);

        float[] kept = Gradients(golden, new FewBitStep(SavingPolicy.Exact));

        Assert.IsTrue(GoldenTensors.LargestDifference(exact, kept) <= 1e-5 * exact.Max(Math.Abs));
    }

    [TestMethod]
    public void Checkpoints_draw_the_same_dropout_masks_again()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using Backbone backbone = Backbone.Load(GoldenFiles.PathOf("methods/backbone"));
        using TunedModel model = Lora(backbone, new LoraOptions { Dropout = 0.5 });
        (BackboneBatch batch, Tensor labels) = Batch("methods/backbone");
        using var first = new Generator(11);
        using var second = new Generator(11);

        float[] exact = Gradients(model, batch, labels, GradientStep.Plain, first);
        float[] rerun = Gradients(model, batch, labels, GradientStep.For(ActivationSaving.Checkpoints), second);
        CollectionAssert.AreEqual(first.get_state().bytes.ToArray(), second.get_state().bytes.ToArray());
        float[] other = Gradients(model, batch, labels, GradientStep.Plain, second);

        Assert.IsTrue(GoldenTensors.LargestDifference(exact, rerun) <= 1e-6);
        Assert.IsTrue(GoldenTensors.LargestDifference(exact, other) > 1e-3, "the masks make no difference");
    }

    [TestMethod]
    [DataRow(ActivationSaving.Checkpoints)]
    [DataRow(ActivationSaving.FourBit)]
    [DataRow(ActivationSaving.FourBitRecomputed)]
    [DataRow(ActivationSaving.FourBitEverything)]
    public void Values_are_those_of_a_plain_step_to_the_last_bit(ActivationSaving saving)
    {
        TorchTests.Require();
        using MethodGolden golden = S2a();
        using var scope = NewDisposeScope();
        using Tape tape = saving switch
        {
            ActivationSaving.Checkpoints => new CheckpointTape(),
            ActivationSaving.FourBit => new SavingTape(SavingPolicy.FourBit),
            ActivationSaving.FourBitRecomputed => new SavingTape(SavingPolicy.Recomputed),
            _ => new SavingTape(SavingPolicy.FourBitEverything),
        };

        byte[] plain = golden.Model.Logits(golden.Batch, ForwardPass.Plain).detach().bytes.ToArray();
        byte[] taped = golden.Model.Logits(golden.Batch, new ForwardPass { Operators = tape }).detach().bytes.ToArray();

        CollectionAssert.AreEqual(plain, taped);
        Assert.IsTrue(tape.Records.Count > 0);
    }

    [TestMethod]
    public void For_five_bits_is_refused()
    {
        ArgumentException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => GradientStep.For(ActivationSaving.FourBit, 5));

        Assert.AreEqual("activationBits must be from 1 to 4. Got 5. (Parameter 'activationBits')", error.Message);
    }

    private static MethodGolden S2a() =>
        new("s2a_a_fp32", b => new S2aOptions().Create(b, new SeededRandom(1)));

    private static TunedModel Lora(Backbone backbone, LoraOptions options)
    {
        var model = new TunedModel(backbone, options.Create(backbone, new SeededRandom(2)), 5, new SeededRandom(3));
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        var random = new SeededRandom(4);
        foreach (TrainedTensor trained in model.Tensors)
            trained.Tensor.add_(TensorInit.Normal(random, trained.Tensor.shape, 0.1, CPU));
        return model;
    }

    private static (BackboneBatch Batch, Tensor Labels) Batch(string set)
    {
        if (set == "methods/backbone")
        {
            using GoldenTensors images = GoldenTensors.Open("methods/batch.safetensors");
            return (BackboneBatch.Images(images.Tensor("pixel_values")), images.Tensor("labels"));
        }

        using GoldenTensors input = GoldenTensors.Open($"{set}/input.safetensors");
        BackboneBatch batch = input.Names.Contains("input_ids")
            ? BackboneBatch.Texts(
                input.Tensor("input_ids"), input.Tensor("token_type_ids"), input.Tensor("attention_mask"))
            : BackboneBatch.Images(input.Tensor(input.Names.First()));
        long[] labels = [.. Enumerable.Range(0, (int)batch.Count).Select(i => (long)(i % 5))];
        return (batch, TensorData.From(labels, [batch.Count]));
    }

    private static float[] Gradients(MethodGolden golden, GradientStep step) =>
        Gradients(golden.Model, golden.Batch, golden.Labels, step);

    private static float[] Gradients(
        TunedModel model, BackboneBatch batch, Tensor labels, GradientStep step, Generator? dropout = null)
    {
        using var scope = NewDisposeScope();
        foreach (TrainedTensor trained in model.Tensors) trained.Tensor.grad?.zero_();
        step.Run(model, batch, labels, dropout);
        return [.. model.Tensors.SelectMany(t => TensorData.ToArray(t.Tensor.grad!))];
    }

    private static double Cosine(float[] a, float[] b)
    {
        double dot = 0, first = 0, second = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            first += (double)a[i] * a[i];
            second += (double)b[i] * b[i];
        }

        return dot / Math.Sqrt(first * second);
    }
}
