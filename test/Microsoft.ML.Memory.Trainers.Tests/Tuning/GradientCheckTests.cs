// Licensed under the MIT License. See LICENSE in the project root for license information.

using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Tuning;

[TestClass]
public sealed class GradientCheckTests
{
    [TestMethod]
    public void Observe_adapters_with_both_factors_0_names_what_no_gradient_reaches()
    {
        TorchTests.Require();
        using var tiny = new TinyModel(new AdapterOptions { Bottleneck = 4 });
        Clear(tiny, ".down.weight");

        Refusal.Assert<InvalidOperationException>(
            "Every trained tensor must get a gradient within the first 2 steps. Got none that reaches 12 of 18: "
            + "'layer.0.ffn_adapter.down.weight', 'layer.0.ffn_adapter.down.bias', 'layer.0.ffn_adapter.up.weight', "
            + "'layer.1.ffn_adapter.down.weight', 'layer.1.ffn_adapter.down.bias', 'layer.1.ffn_adapter.up.weight', "
            + "'layer.2.ffn_adapter.down.weight', 'layer.2.ffn_adapter.down.bias', 'layer.2.ffn_adapter.up.weight', "
            + "'layer.3.ffn_adapter.down.weight' and 2 more. Let no more than one factor of a product start at 0.",
            () => tiny.Train(2, check: new GradientCheck(tiny.Model)));
    }

    [TestMethod]
    public void Observe_one_factor_0_waits_for_the_second_step()
    {
        TorchTests.Require();
        using var tiny = new TinyModel(new AdapterOptions { Bottleneck = 4 });

        Assert.ThrowsExactly<InvalidOperationException>(
            () => tiny.Train(1, check: new GradientCheck(tiny.Model, stepCount: 1)));
        tiny.Train(5, check: new GradientCheck(tiny.Model));
    }

    private static void Clear(TinyModel tiny, string ending)
    {
        using IDisposable frozen = no_grad();
        foreach (TrainedTensor trained in tiny.Model.Tensors)
            if (trained.Name.EndsWith(ending, StringComparison.Ordinal)) trained.Tensor.zero_();
    }
}
