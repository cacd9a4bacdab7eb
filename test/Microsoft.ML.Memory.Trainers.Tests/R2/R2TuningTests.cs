// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using Microsoft.ML.Memory.Trainers.Tests.Tuning;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.R2;

[TestClass]
public sealed class R2TuningTests
{
    private const double Tolerance = 1e-4;
    private const double Rounding = 1e-5;

    [TestMethod]
    public void Training_equals_the_reference()
    {
        TorchTests.Require();
        using MethodGolden golden = Golden();

        golden.Check();
    }

    [TestMethod]
    public void Step_equals_the_reference_from_the_deepest_on()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using MethodGolden golden = Golden();
        var tuning = (R2Tuning)golden.Model.Tuning;
        Tensor[] taps = tuning.Tap(golden.Model.Trunk, golden.Batch);

        Tensor? last = null;
        for (int i = tuning.StepCount - 1; i >= 0; i--)
        {
            (Tensor fused, last) = tuning.Step(golden.Model.Trunk, i, taps[i], last, null, ForwardPass.Plain);
            golden.Expected.AssertEqual($"out.u.{i}", fused, Tolerance);
            golden.Expected.AssertEqual($"out.last.{i}", last, Tolerance);
        }
    }

    [TestMethod]
    public void Create_of_more_steps_adds_two_scalars_each()
    {
        TorchTests.Require();
        long[] counts = [.. Enumerable.Range(1, 4).Select(Count)];

        CollectionAssert.AreEqual(new[] { counts[0], counts[0] + 2, counts[0] + 4, counts[0] + 6 }, counts);

        static long Count(int steps)
        {
            using var readout = new ReadoutCase(new R2Options { LayerCount = steps });
            return readout.Model.TrainedCount;
        }
    }

    [TestMethod]
    public void Feature_with_scale_zero_does_not_depend_on_the_queries()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var readout = new ReadoutCase(new R2Options());
        float[] withQueries = TensorData.ToArray(readout.Feature());
        readout.Fill("scale", 0);
        float[] before = TensorData.ToArray(readout.Feature());

        readout.Fill("queries", 3);

        CollectionAssert.AreEqual(before, TensorData.ToArray(readout.Feature()));
        CollectionAssert.AreNotEqual(before, withQueries);
    }

    [TestMethod]
    public void Feature_of_one_step_is_one_block_on_the_last_state()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var readout = new ReadoutCase(new R2Options { LayerCount = 1 });
        var tuning = (R2Tuning)readout.Tuning;
        Tensor[] taps = readout.Tap();

        (_, Tensor last) = tuning.Step(readout.Trunk, 0, taps[0], null, null, ForwardPass.Plain);

        Assert.AreEqual(1, taps.Length);
        CollectionAssert.AreEqual(TensorData.ToArray(last), TensorData.ToArray(readout.Feature()));
        Tensor state = readout.Trunk.HiddenStates(readout.Batch)[^1];
        Tensor normal = nn.functional.layer_norm(state, [readout.Trunk.Width], eps: 1e-5);
        GoldenTensors.AssertClose(TensorData.ToArray(normal), TensorData.ToArray(taps[0]), Rounding, "tap");
    }

    [TestMethod]
    public void Width_follows_the_backbone()
    {
        var options = new R2Options();

        Assert.AreEqual(256, options.WidthOn(new BackboneConfig()));
        Assert.AreEqual(96, options.WidthOn(new BackboneConfig { HiddenSize = 192 }));
        Assert.AreEqual(64, (options with { Width = 64 }).WidthOn(new BackboneConfig()));
    }

    [TestMethod]
    public void Create_of_sizes_that_do_not_fit_is_refused()
    {
        TorchTests.Require();

        Refusal.Assert<ArgumentException>(
            "R2Options.LayerCount must be at most the backbone's number of blocks 4. Got 5.",
            () => new ReadoutCase(new R2Options { LayerCount = 5 }).Dispose());
        Refusal.Assert<ArgumentException>(
            "R2Options.HeadCount must divide the width 16. Got 3.",
            () => new ReadoutCase(new R2Options { HeadCount = 3 }).Dispose());
    }

    [TestMethod]
    public void Validate_of_bad_settings_names_them_all()
    {
        var violations = new OptionViolations(nameof(R2Options));

        new R2Options { Width = 0, LayerCount = 0, QueryCount = 0, HeadCount = 0, Dropout = 1 }.Validate(violations);

        Refusal.Assert<ArgumentException>(
            "R2Options.Width must be null or in [1, 4096]. Got 0. R2Options.LayerCount must be at least 1. Got 0. "
            + "R2Options.QueryCount must be in [1, 65536]. Got 0. R2Options.HeadCount must be at least 1. Got 0. "
            + "R2Options.Dropout must be in [0, 1). Got 1.",
            violations.ThrowIfAny);
    }

    private static MethodGolden Golden()
    {
        var options = new R2Options { Width = 16, HeadCount = 2 };
        return new MethodGolden("r2", b => options.Create(b, new SeededRandom(1)));
    }
}
