// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using Microsoft.ML.Memory.Trainers.Tests.Tuning;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.UniPt;

[TestClass]
public sealed class UniPtTuningTests
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
    public void Read_sees_what_the_reference_sees()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using MethodGolden golden = Golden();
        var tuning = (UniPtTuning)golden.Model.Tuning;
        Tensor[] taps = tuning.Tap(golden.Model.Trunk, golden.Batch);

        UniPtView[] views = Views(tuning, golden.Model.Trunk, taps, null);

        for (int i = 0; i < views.Length; i++)
            golden.Expected.AssertEqual($"out.S.{i}", views[i].Shares, Tolerance);
        golden.Expected.AssertEqual("out.layer_weights", UniPtTuning.LayerWeights(views), Tolerance);
        Tensor feature = tuning.Read(golden.Model.Trunk, taps, null, ForwardPass.Plain);
        golden.Expected.AssertEqual("out.O", feature.unsqueeze(1), Tolerance);
    }

    [TestMethod]
    [DataRow(UniPtAnchor.Feature)]
    [DataRow(UniPtAnchor.AllTokens)]
    public void Look_gives_rows_that_sum_to_one_or_nothing(UniPtAnchor anchor)
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var readout = new ReadoutCase(new UniPtOptions { Anchor = anchor });
        readout.Fill("map_norm.0.weight", 0); // a map of zeros has no positive score
        readout.Fill("map_norm.0.bias", 0);

        UniPtView[] views = Views((UniPtTuning)readout.Tuning, readout.Trunk, readout.Tap(), null);

        foreach (float sum in TensorData.ToArray(views[0].Shares.sum(-1))) Assert.AreEqual(0, sum);
        foreach (UniPtView view in views[1..])
        {
            foreach (float sum in TensorData.ToArray(view.Shares.sum(-1)))
                Assert.AreEqual(sum > 0.5 ? 1 : 0, sum, Rounding);
        }

        float[] sums = TensorData.ToArray(UniPtTuning.LayerWeights(views).sum(1));
        foreach (float sum in sums) Assert.AreEqual(1, sum, Rounding);
    }

    [TestMethod]
    public void Read_of_layers_permuted_with_their_maps_is_the_same()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var readout = new ReadoutCase(new UniPtOptions());
        Tensor[] taps = readout.Tap();
        float[] before = TensorData.ToArray(readout.Tuning.Read(readout.Trunk, taps, null, ForwardPass.Plain));

        Swap(readout, "map.{0}.weight", "map.{0}.bias", "map_norm.{0}.weight", "map_norm.{0}.bias");
        (taps[1], taps[3]) = (taps[3], taps[1]);

        Tensor after = readout.Tuning.Read(readout.Trunk, taps, null, ForwardPass.Plain);
        GoldenTensors.AssertClose(before, TensorData.ToArray(after), Rounding, "feature");
    }

    [TestMethod]
    [DataRow(UniPtAnchor.Feature)]
    [DataRow(UniPtAnchor.AllTokens)]
    public void Feature_without_the_up_layer_is_the_feature_of_the_trunk(UniPtAnchor anchor)
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var readout = new ReadoutCase(new UniPtOptions { Anchor = anchor });
        readout.Fill("up.weight", 0);
        readout.Fill("up.bias", 0);

        float[] feature = TensorData.ToArray(readout.Feature());

        Tensor last = readout.Trunk.HiddenStates(readout.Batch)[^1];
        CollectionAssert.AreEqual(TensorData.ToArray(readout.Trunk.Pool(last, null)), feature);
    }

    [TestMethod]
    public void Create_of_a_reduction_that_does_not_divide_is_refused()
    {
        TorchTests.Require();

        Refusal.Assert<ArgumentException>(
            "UniPtOptions.Reduction must divide the backbone's width 32. Got 5.",
            () => new ReadoutCase(new UniPtOptions { Reduction = 5 }).Dispose());
    }

    [TestMethod]
    public void Validate_of_bad_settings_names_them_all()
    {
        var violations = new OptionViolations(nameof(UniPtOptions));

        new UniPtOptions { Reduction = 0, Anchor = (UniPtAnchor)7 }.Validate(violations);

        Refusal.Assert<ArgumentException>(
            "UniPtOptions.Reduction must be at least 1. Got 0. UniPtOptions.Anchor must be one of UniPtAnchor. Got 7.",
            violations.ThrowIfAny);
    }

    private static MethodGolden Golden()
    {
        var options = new UniPtOptions { Reduction = 4 };
        return new MethodGolden("unipt", b => options.Create(b, new SeededRandom(1)));
    }

    private static UniPtView[] Views(UniPtTuning tuning, Trunk trunk, Tensor[] taps, Tensor? kept)
    {
        Tensor anchor = tuning.Anchor(trunk, taps);
        Tensor mean = anchor.mean([1]);
        return [.. taps.SkipLast(1).Select((x, i) => tuning.Look(i, x, anchor, mean, kept))];
    }

    private static void Swap(ReadoutCase readout, params string[] names)
    {
        using IDisposable frozen = no_grad();
        foreach (string name in names)
        {
            Tensor one = readout.Trained(string.Format(null, name, 1));
            Tensor three = readout.Trained(string.Format(null, name, 3));
            Tensor kept = one.clone();
            one.copy_(three);
            three.copy_(kept);
        }
    }
}
