// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using Microsoft.ML.Memory.Trainers.Tests.Tuning;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Lst;

[TestClass]
public sealed class LstTuningTests
{
    private const double Tolerance = 1e-4;

    [TestMethod]
    public void Training_equals_the_reference()
    {
        TorchTests.Require();
        using MethodGolden golden = Golden();

        golden.Check();
    }

    [TestMethod]
    public void Climb_equals_the_reference()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using MethodGolden golden = Golden();
        var tuning = (LstTuning)golden.Model.Tuning;
        Tensor[] taps = tuning.Tap(golden.Model.Trunk, golden.Batch);

        Tensor s = tuning.First(taps[0]);
        golden.Expected.AssertEqual("out.s.0", s, Tolerance);
        for (int i = 0; i < 4; i++)
        {
            s = tuning.Climb(i, s, taps[i + 1], null, ForwardPass.Plain);
            golden.Expected.AssertEqual($"out.s.{i + 1}", s, Tolerance);
        }
    }

    [TestMethod]
    [DataRow("methods/backbone")]
    [DataRow("backbones/bert")]
    [DataRow("backbones/dinov2_swiglu")]
    public void Read_runs_the_last_block_for_the_class_token_alone(string backbone)
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var readout = new ReadoutCase(new LstOptions { Reduction = 4, UpProjection = false }, backbone);
        var tuning = (LstTuning)readout.Tuning;
        Tensor[] taps = readout.Tap();
        Tensor s = tuning.First(taps[0]);
        Tensor? mask = readout.Batch.Mask;
        for (int i = 1; i < taps.Length; i++) s = tuning.Climb(i - 1, s, taps[i], mask, ForwardPass.Plain);
        Tensor weight = readout.Trained("side.norm.weight"), bias = readout.Trained("side.norm.bias");
        double epsilon = readout.Backbone.Config.LayerNormEpsilon;
        Tensor whole = nn.functional.layer_norm(s.select(1, 0), [weight.numel()], weight, bias, epsilon);

        Tensor read = tuning.Read(readout.Trunk, taps, mask, ForwardPass.Plain);

        GoldenTensors.AssertClose(TensorData.ToArray(whole), TensorData.ToArray(read), 1e-5, "feature");
    }

    [TestMethod]
    public void Read_with_closed_gates_does_not_depend_on_the_blocks_of_the_trunk()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var readout = new ReadoutCase(new LstOptions { Reduction = 4 });
        Tensor[] taps = readout.Tap();
        Tensor[] other = [taps[0], .. taps[1..].Select(t => t.mul(-3))];

        float[] open = Read(readout, taps), openOther = Read(readout, other);
        for (int b = 0; b < 4; b++) readout.Fill($"side.{b}.gate", 10);
        float[] closed = Read(readout, taps), closedOther = Read(readout, other);

        Assert.IsTrue(GoldenTensors.LargestDifference(open, openOther) > 0.01);
        GoldenTensors.AssertClose(closed, closedOther, Tolerance, "feature");
    }

    [TestMethod]
    public void Read_with_open_gates_and_idle_blocks_is_linear_in_the_last_state()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var readout = new ReadoutCase(new LstOptions { Reduction = 4 });
        foreach (TrainedTensor trained in readout.Tuning.Tensors)
        {
            if (trained.Name.Contains(".gate", StringComparison.Ordinal)) readout.Fill(trained.Name, -20);
            if (trained.Name.Contains(".output.", StringComparison.Ordinal)) readout.Fill(trained.Name, 0);
            if (trained.Name.Contains(".fc2.", StringComparison.Ordinal)) readout.Fill(trained.Name, 0);
        }

        var tuning = (LstTuning)readout.Tuning;
        Tensor[] taps = readout.Tap();
        Tensor s = tuning.First(taps[0]);
        for (int i = 0; i < 4; i++) s = tuning.Climb(i, s, taps[i + 1], null, ForwardPass.Plain);

        Tensor expected = nn.functional.linear(
            taps[^1], readout.Trained("side.3.down.weight"), readout.Trained("side.3.down.bias"));
        GoldenTensors.AssertClose(TensorData.ToArray(expected), TensorData.ToArray(s), Tolerance, "s");
    }

    [TestMethod]
    public void Create_with_a_list_of_blocks_reads_those_alone()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var readout = new ReadoutCase(new LstOptions { Reduction = 4, Blocks = [3] });

        Tensor[] taps = readout.Tap();

        Tensor[] states = readout.Trunk.HiddenStates(readout.Batch);
        Assert.AreEqual(2, taps.Length);
        CollectionAssert.AreEqual(TensorData.ToArray(states[4]), TensorData.ToArray(taps[1]));
        Assert.IsTrue(readout.Tuning.Tensors.All(t => !t.Name.StartsWith("side.0", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Feature_without_up_projection_is_narrow()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var readout = new ReadoutCase(new LstOptions { Reduction = 4, UpProjection = false });

        Assert.AreEqual(8, readout.Feature().size(1));
        Assert.AreEqual(8, readout.Tuning.FeatureSize);
    }

    [TestMethod]
    public void Blocks_of_deep_backbones_leave_out_each_fourth()
    {
        var options = new LstOptions();

        CollectionAssert.AreEqual(
            new[] { 1, 2, 3, 5, 6, 7, 9, 10, 11 }, options.BlocksOf(new BackboneConfig()));
        CollectionAssert.AreEqual(
            new[] { 0, 1, 2, 3, 4, 5 }, options.BlocksOf(new BackboneConfig { LayerCount = 6 }));
    }

    [TestMethod]
    public void Create_of_sizes_that_do_not_fit_is_refused()
    {
        TorchTests.Require();

        Refusal.Assert<ArgumentException>(
            "LstOptions.Reduction must divide the backbone's width 32. Got 5.",
            () => new ReadoutCase(new LstOptions { Reduction = 5 }).Dispose());
        Refusal.Assert<ArgumentException>(
            "LstOptions.Blocks must be numbers below the backbone's number of blocks 4. Got 4.",
            () => new ReadoutCase(new LstOptions { Blocks = [1, 4] }).Dispose());
    }

    [TestMethod]
    public void Validate_of_bad_settings_names_them_all()
    {
        var violations = new OptionViolations(nameof(LstOptions));

        new LstOptions
        {
            Reduction = 0,
            Blocks = [2, 1],
            Dropout = 1,
            Initialization = (LstInitialization)9,
            FisherExampleCount = 0,
        }.Validate(violations);

        Refusal.Assert<ArgumentException>(
            "LstOptions.Reduction must be at least 1. Got 0. "
            + "LstOptions.Blocks must be null or ascending numbers of at least 0. Got 2, 1. "
            + "LstOptions.Dropout must be in [0, 1). Got 1. "
            + "LstOptions.Initialization must be one of LstInitialization. Got 9. "
            + "LstOptions.FisherExampleCount must be at least 1. Got 0.",
            violations.ThrowIfAny);
    }

    private static MethodGolden Golden()
    {
        var options = new LstOptions { Reduction = 4 };
        return new MethodGolden("lst", b => options.Create(b, new SeededRandom(1)));
    }

    private static float[] Read(ReadoutCase readout, Tensor[] taps) =>
        TensorData.ToArray(readout.Tuning.Read(readout.Trunk, taps, null, ForwardPass.Plain));
}
