// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Tuning;

/// <summary>What holds for every method whose trained tensors sit inside the trunk.</summary>
[TestClass]
public sealed class TrunkMethodTests
{
    private const string Texts = "backbones/bert";
    private const double Identity = 1e-6; // the same numbers in another order of addition

    [TestMethod]
    [DataRow("lora")]
    [DataRow("bitfit")]
    [DataRow("full")]
    [DataRow("adapter_sequential")]
    [DataRow("adapter_houlsby")]
    [DataRow("adapter_parallel")]
    [DataRow("prefix_none")]
    [DataRow("vpt_none")]
    public void Create_first_values_leave_the_logits_of_the_frozen_trunk(string method)
    {
        TorchTests.Require();
        string[] sets = ["methods/backbone", Texts, "backbones/dinov2_registers", "backbones/clip_vision"];
        foreach (string set in sets)
        {
            using var tiny = new TinyModel(TrunkMethods.Options(method), set);

            GoldenTensors.AssertClose(tiny.FrozenLogits(), tiny.Logits(), Identity, $"{method} on {set}");
        }
    }

    [TestMethod]
    [DataRow("lora")]
    [DataRow("bitfit")]
    [DataRow("full")]
    [DataRow("adapter_houlsby")]
    [DataRow("adapter_parallel")]
    [DataRow("prefix")]
    [DataRow("vpt_deep")]
    [DataRow("vpt_shallow")]
    public void Train_on_images_and_texts_lowers_the_loss_and_leaves_the_backbone(string method)
    {
        TorchTests.Require();
        foreach (string set in new[] { "methods/backbone", Texts })
        {
            using var tiny = new TinyModel(TrunkMethods.Options(method), set);
            float[][] before = tiny.BackboneValues();
            double first = tiny.Loss();

            tiny.Train(5, check: new GradientCheck(tiny.Model));

            Assert.IsLessThan(first, tiny.Loss(), set);
            float[][] after = tiny.BackboneValues();
            for (int i = 0; i < before.Length; i++) CollectionAssert.AreEqual(before[i], after[i], set);
            Assert.IsTrue(tiny.Backbone.Tensors.Values.All(t => !t.requires_grad), set);
        }
    }

    [TestMethod]
    [DataRow("lora_all_linear")]
    [DataRow("bitfit")]
    [DataRow("full")]
    [DataRow("adapter_sequential")]
    [DataRow("adapter_houlsby")]
    [DataRow("adapter_parallel")]
    [DataRow("prefix")]
    [DataRow("vpt_deep")]
    [DataRow("vpt_shallow")]
    public void Backward_gradients_equal_finite_differences(string method)
    {
        TorchTests.Require();
        foreach (string set in new[] { "methods/backbone", Texts })
        {
            using var tiny = new TinyModel(TrunkMethods.Options(method), set);
            tiny.Disturb();

            GradientStep.Plain.Run(tiny.Model, tiny.Batch, tiny.Labels, null);

            var random = new SeededRandom(3);
            for (int i = 0; i < 10; i++) CheckOne(tiny, random, $"{method} on {set}");
        }
    }

    [TestMethod]
    [DataRow("lora")]
    [DataRow("adapter_parallel")]
    [DataRow("vpt_deep")]
    public void Train_same_dropout_seed_gives_the_same_bits_and_another_does_not(string method)
    {
        TorchTests.Require();
        FineTuneOptions options = TrunkMethods.Options(method) switch
        {
            LoraOptions lora => lora with { Dropout = 0.5 },
            AdapterOptions adapter => adapter with { Dropout = 0.5 },
            var vpt => (VptOptions)vpt with { Dropout = 0.5 },
        };

        float[] once = Trained(options, 1, 1), again = Trained(options, 1, 1);

        CollectionAssert.AreEqual(once, again);
        CollectionAssert.AreNotEqual(once, Trained(options, 1, 2), "another dropout seed");
        CollectionAssert.AreNotEqual(once, Trained(options, 2, 1), "other first values");
    }

    [TestMethod]
    [DataRow("lora", 4 * 2 * (2 * 2 * 32))] // blocks, layers, 2 r D
    [DataRow("bitfit", (4 * 11 * 32) + 32 + 32)]
    [DataRow("adapter_sequential", 4 * ((2 * 4 * 32) + 4 + 32))]
    [DataRow("adapter_houlsby", 2 * 4 * ((2 * 4 * 32) + 4 + 32))]
    [DataRow("adapter_parallel", 4 * ((2 * 4 * 32) + 4 + 32))]
    [DataRow("prefix", 4 * 2 * 2 * 32)]
    [DataRow("vpt_deep", 4 * 2 * 32)]
    [DataRow("vpt_shallow", 2 * 32)]
    public void TrainedCount_equals_the_formula_of_the_method(string method, int expected)
    {
        TorchTests.Require();
        using var tiny = new TinyModel(TrunkMethods.Options(method));

        Assert.AreEqual(expected + (TinyModel.ClassCount * (32 + 1)), tiny.Model.TrainedCount);
    }

    private static float[] Trained(FineTuneOptions options, int seed, int dropoutSeed)
    {
        using var tiny = new TinyModel(options, seed: seed);
        using var dropout = new Generator((ulong)dropoutSeed);
        tiny.Train(3, dropout: dropout);
        return tiny.Logits();
    }

    // Two central differences, of which the error of second order cancels; single precision leaves 1e-4 of noise.
    private static void CheckOne(TinyModel tiny, SeededRandom random, string name)
    {
        TrainedTensor trained = tiny.Model.Tensors[random.Next(tiny.Model.Tensors.Count)];
        int place = random.Next((int)trained.Tensor.numel());
        double gradient = TensorData.ToArray(trained.Tensor.grad!)[place];
        double wide = Slope(tiny, trained.Tensor, place, 0.02f), narrow = Slope(tiny, trained.Tensor, place, 0.01f);
        double difference = ((4 * narrow) - wide) / 3;
        Assert.AreEqual(gradient, difference, 1e-4 + (1e-2 * Math.Abs(gradient)), $"{name}, {trained.Name}[{place}]");
    }

    private static double Slope(TinyModel tiny, Tensor tensor, int place, float step)
    {
        Shift(tensor, place, step);
        double above = tiny.Loss();
        Shift(tensor, place, -2 * step);
        double below = tiny.Loss();
        Shift(tensor, place, step);
        return (above - below) / (2 * step);
    }

    private static void Shift(Tensor tensor, int place, float step)
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        float[] values = TensorData.ToArray(tensor);
        values[place] += step;
        tensor.copy_(TensorData.From(values, tensor.shape));
    }
}
