// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Tuning;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.LinearProbe;

[TestClass]
public sealed class LinearProbeTests
{
    [TestMethod]
    public void Feature_is_what_the_trunk_pools()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var readout = new ReadoutCase(new LinearProbeOptions());

        float[] feature = TensorData.ToArray(readout.Feature());

        Tensor last = readout.Trunk.HiddenStates(readout.Batch)[^1];
        CollectionAssert.AreEqual(TensorData.ToArray(readout.Trunk.Pool(last, null)), feature);
        Assert.AreEqual(0, readout.Tuning.Tensors.Count);
    }

    [TestMethod]
    public void Feature_of_several_blocks_starts_with_their_class_tokens()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var readout = new ReadoutCase(new LinearProbeOptions { LayerCount = 3 });

        Tensor feature = readout.Feature();

        Tensor[] states = readout.Trunk.HiddenStates(readout.Batch);
        Tensor expected = cat(states[^3..].Select(readout.Trunk.ClassToken).ToArray(), 1);
        CollectionAssert.AreEqual(TensorData.ToArray(expected), TensorData.ToArray(feature));
        Assert.AreEqual(feature.size(1), readout.Tuning.FeatureSize);
    }

    [TestMethod]
    public void Create_of_more_blocks_than_there_are_is_refused()
    {
        TorchTests.Require();

        Refusal.Assert<ArgumentException>(
            "LinearProbeOptions.LayerCount must be at most the backbone's number of blocks 4. Got 5.",
            () => new ReadoutCase(new LinearProbeOptions { LayerCount = 5 }).Dispose());
    }

    [TestMethod]
    public void Validate_of_no_block_is_refused()
    {
        var violations = new OptionViolations(nameof(LinearProbeOptions));

        new LinearProbeOptions { LayerCount = 0 }.Validate(violations);

        Refusal.Assert<ArgumentException>(
            "LinearProbeOptions.LayerCount must be at least 1. Got 0.", violations.ThrowIfAny);
    }
}
