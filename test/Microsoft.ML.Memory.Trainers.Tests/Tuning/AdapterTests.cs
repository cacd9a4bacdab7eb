// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Tuning;

[TestClass]
public sealed class AdapterTests
{
    [TestMethod]
    public void Backward_first_step_reaches_the_up_factor_and_second_the_down_factor()
    {
        TorchTests.Require();
        using var tiny = new TinyModel(new AdapterOptions { Bottleneck = 4 });
        using var optimizer = new AdamW(tiny.Model.Tensors, 0);
        float Largest(string name) => TensorData.ToArray(
            tiny.Model.Tensors.Single(t => t.Name == "layer.2.ffn_adapter." + name).Tensor.grad!).Max(MathF.Abs);

        GradientStep.Plain.Run(tiny.Model, tiny.Batch, tiny.Labels, null);
        (float up, float down) = (Largest("up.weight"), Largest("down.weight"));
        optimizer.Step(1e-2);
        optimizer.ClearGradients();
        GradientStep.Plain.Run(tiny.Model, tiny.Batch, tiny.Labels, null);

        Assert.IsGreaterThan(0, up);
        Assert.AreEqual(0, down);
        Assert.IsGreaterThan(0, Largest("down.weight"));
    }

    [TestMethod]
    [DataRow(AdapterPlacement.AfterFeedForward)]
    [DataRow(AdapterPlacement.AfterBoth)]
    [DataRow(AdapterPlacement.Parallel)]
    public void Logits_scale_0_equal_the_trunk_and_scale_1_do_not(AdapterPlacement placement)
    {
        TorchTests.Require();
        using var off = new TinyModel(new AdapterOptions { Bottleneck = 4, Placement = placement, Scale = 0 });
        using var on = new TinyModel(new AdapterOptions { Bottleneck = 4, Placement = placement, Scale = 1 });
        off.Disturb();
        on.Disturb();

        GoldenTensors.AssertClose(off.FrozenLogits(), off.Logits(), 1e-6, "scale 0");
        Assert.IsGreaterThan(1e-2, GoldenTensors.LargestDifference(on.FrozenLogits(), on.Logits()));
    }

    [TestMethod]
    public void Create_small_normal_start_stays_within_two_deviations()
    {
        TorchTests.Require();
        using var tiny = new TinyModel(new AdapterOptions { Init = AdapterInit.SmallNormal });

        foreach (TrainedTensor factor in tiny.Model.Tuning.Tensors.Where(t => t.Decayed))
        {
            float[] values = TensorData.ToArray(factor.Tensor);
            Assert.IsLessThanOrEqualTo(2e-3f, values.Max(MathF.Abs));
            Assert.IsGreaterThan(1.5e-3f, values.Max(MathF.Abs));
            Assert.AreEqual(0.88e-3, Math.Sqrt(values.Average(v => (double)v * v)), 0.05e-3); // cut off at 2: 0.880
        }
    }

    [TestMethod]
    public void Apply_activation_is_the_one_that_is_asked_for()
    {
        TorchTests.Require();
        var results = new List<float>();
        foreach (ActivationKind? activation in new ActivationKind?[] { null, ActivationKind.Gelu, ActivationKind.Relu })
        {
            using var tiny = new TinyModel(new AdapterOptions { Bottleneck = 4, Activation = activation });
            tiny.Disturb();
            results.Add(tiny.Logits()[0]);
        }

        Assert.AreEqual(results[1], results[0]);
        Assert.AreNotEqual(results[2], results[0]);
    }
}
