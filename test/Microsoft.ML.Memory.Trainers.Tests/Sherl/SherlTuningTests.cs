// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using Microsoft.ML.Memory.Trainers.Tests.Tuning;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Sherl;

[TestClass]
public sealed class SherlTuningTests
{
    private const double Tolerance = 1e-4;
    private const double Rounding = 1e-5;

    [TestMethod]
    [DataRow("sherl", false)]
    [DataRow("sherl_out_ln", true)]
    public void Training_equals_the_reference(string name, bool normalize)
    {
        TorchTests.Require();
        using MethodGolden golden = Golden(name, normalize);

        golden.Check();
    }

    [TestMethod]
    [DataRow("sherl", false)]
    [DataRow("sherl_out_ln", true)]
    public void Mix_equals_the_reference(string name, bool normalize)
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using MethodGolden golden = Golden(name, normalize);
        var tuning = (SherlTuning)golden.Model.Tuning;
        Tensor[] taps = tuning.Tap(golden.Model.Trunk, golden.Batch);

        SherlMixture mixture = tuning.Mix(taps);

        golden.Expected.AssertEqual("out.rho", mixture.Redundancy, Tolerance);
        golden.Expected.AssertEqual("out.weights", mixture.Weights, Tolerance);
        golden.Expected.AssertEqual("out.z", mixture.Mixture, Tolerance);
        golden.Expected.AssertEqual("out.o", tuning.Combine(taps, mixture.Mixture, ForwardPass.Plain), Tolerance);
    }

    [TestMethod]
    public void Mix_of_a_doubled_state_halves_its_scores()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        Tensor[] axes = Axes();

        SherlMixture alone = Mixer().Mix([axes[0], axes[1], Guide()]);
        SherlMixture doubled = Mixer().Mix([axes[0], axes[0], axes[1], Guide()]);

        CollectionAssert.AreEqual(new float[] { 1, 1 }, TensorData.ToArray(alone.Redundancy));
        CollectionAssert.AreEqual(new float[] { 2, 2, 1 }, TensorData.ToArray(doubled.Redundancy));
        float[] once = TensorData.ToArray(alone.Weights), shared = TensorData.ToArray(doubled.Weights);
        GoldenTensors.AssertClose([once[0] / 2, once[0] / 2, once[1]], shared, Rounding, "weights");
        GoldenTensors.AssertClose(
            TensorData.ToArray(alone.Mixture), TensorData.ToArray(doubled.Mixture), Rounding, "mixture");
    }

    [TestMethod]
    public void Mix_of_identical_states_weighs_them_alike()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        Tensor state = Axes()[0];

        SherlMixture mixture = Mixer().Mix([state, state, state, state, Guide()]);

        float[] even = [0.25f, 0.25f, 0.25f, 0.25f];
        GoldenTensors.AssertClose(even, TensorData.ToArray(mixture.Weights), Rounding, "weights");
    }

    [TestMethod]
    public void Mix_without_a_positive_score_is_the_guide()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();

        SherlMixture mixture = Mixer(-100).Mix([.. Axes(), Guide()]);

        CollectionAssert.AreEqual(new float[2], TensorData.ToArray(mixture.Weights));
        CollectionAssert.AreEqual(TensorData.ToArray(Guide()), TensorData.ToArray(mixture.Mixture));
    }

    [TestMethod]
    public void Mix_of_states_of_zeros_is_the_guide_and_has_gradients()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        Tensor[] states = [.. Axes().Select(a => zeros_like(a).requires_grad_())];
        Tensor guide = Guide().requires_grad_();

        SherlMixture mixture = Mixer().Mix([.. states, guide]);
        mixture.Mixture.sum().backward();

        CollectionAssert.AreEqual(TensorData.ToArray(guide), TensorData.ToArray(mixture.Mixture));
        foreach (Tensor tensor in states.Append(guide))
            Assert.IsTrue(TensorData.ToArray(tensor.grad!).All(float.IsFinite));
    }

    [TestMethod]
    [DataRow("methods/backbone")]
    [DataRow("backbones/bert")]
    public void Feature_without_the_mixer_is_the_feature_of_the_trunk(string backbone)
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var readout = new ReadoutCase(new SherlOptions { NormalizeOutput = false }, backbone);
        readout.Fill("out.weight", 0);
        readout.Fill("out.bias", 0);
        readout.Fill("gate", 10);

        float[] feature = TensorData.ToArray(readout.Feature());

        Tensor last = readout.Trunk.HiddenStates(readout.Batch)[^1];
        CollectionAssert.AreEqual(TensorData.ToArray(readout.Trunk.Pool(last, readout.Batch.Mask)), feature);
    }

    [TestMethod]
    public void Feature_with_two_late_blocks_maps_what_enters_them()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var readout = new ReadoutCase(new SherlOptions { LateCount = 2 });

        Assert.AreEqual(3, readout.Tap().Length);
        Assert.IsFalse(readout.Model.Tensors.Any(t => t.Name.StartsWith("map.3", StringComparison.Ordinal)));
        Assert.IsTrue(readout.Feature().requires_grad);
    }

    [TestMethod]
    [DataRow("methods/backbone", false)]
    [DataRow("backbones/bert", true)]
    public void Create_normalises_the_mixture_of_texts_only(string backbone, bool normalizes)
    {
        TorchTests.Require();
        using var readout = new ReadoutCase(new SherlOptions(), backbone);

        Assert.AreEqual(normalizes, readout.Model.Tensors.Any(t => t.Name == "out_norm.weight"));
    }

    [TestMethod]
    public void Create_of_too_many_late_blocks_is_refused()
    {
        TorchTests.Require();

        Refusal.Assert<ArgumentException>(
            "SherlOptions.LateCount must be below the backbone's number of blocks 4. Got 4.",
            () => new ReadoutCase(new SherlOptions { LateCount = 4 }).Dispose());
    }

    [TestMethod]
    public void Validate_of_bad_settings_names_them_all()
    {
        var violations = new OptionViolations(nameof(SherlOptions));

        new SherlOptions { Reduction = 0, LateCount = 0, Dropout = -1 }.Validate(violations);

        Refusal.Assert<ArgumentException>(
            "SherlOptions.Reduction must be at least 1. Got 0. SherlOptions.LateCount must be at least 1. Got 0. "
            + "SherlOptions.Dropout must be in [0, 1). Got -1.",
            violations.ThrowIfAny);
    }

    private static MethodGolden Golden(string name, bool normalize)
    {
        var options = new SherlOptions { Reduction = 4, NormalizeOutput = normalize };
        return new MethodGolden(name, b => options.Create(b, new SeededRandom(1)));
    }

    private static SherlMixer Mixer(float bias = 0.5f) =>
        new(new LinearLayer("score", TensorData.From([1f, 2f, 1f], [1, 3]), TensorData.From([bias], [1])));

    private static Tensor[] Axes() =>
        [TensorData.From([2f, 0, 0], [1, 1, 3]), TensorData.From([0, 1f, 0], [1, 1, 3])];

    private static Tensor Guide() => TensorData.From([1f, 0.5f, 3f], [1, 1, 3]);
}
