// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Memory.Trainers.Tests.Golden;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Tuning;

/// <summary>What every readout method promises, on every kind of backbone.</summary>
[TestClass]
public sealed class ReadoutContractTests
{
    private const double Rounding = 2e-5;
    private const double LearningRate = 1e-2;
    private const double Decay = 0.01;

    private static readonly string[] _backbones =
    [
        "methods/backbone", "backbones/bert", "backbones/clip_vision", "backbones/dinov2_registers",
        "backbones/dinov2_swiglu",
    ];

    public static IEnumerable<object[]> Methods => All().Select(options => new object[] { options.GetType().Name });

    public static IEnumerable<object[]> MethodsOnBackbones =>
        All().SelectMany(options => _backbones.Select(backbone => new object[] { options.GetType().Name, backbone }));

    [TestMethod]
    [DynamicData(nameof(MethodsOnBackbones))]
    public void Training_leaves_the_trunk_as_it_is_and_moves_every_trained_tensor(string method, string backbone)
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using ReadoutCase readout = Case(method, backbone);
        var frozen = readout.Backbone.Tensors.ToDictionary(t => t.Key, t => TensorData.ToArray(t.Value));
        float[][] before = [.. readout.Model.Tensors.Select(t => TensorData.ToArray(t.Tensor))];
        using var optimizer = new AdamW(readout.Model.Tensors, Decay);

        for (int step = 0; step < 2; step++)
        {
            optimizer.ClearGradients();
            GradientStep.Plain.Run(readout.Model, readout.Batch, readout.Labels, null);
            optimizer.Step(LearningRate);
        }

        foreach ((string name, Tensor tensor) in readout.Backbone.Tensors)
        {
            CollectionAssert.AreEqual(frozen[name], TensorData.ToArray(tensor), name);
            Assert.IsFalse(tensor.requires_grad, name);
            Assert.IsNull(tensor.grad, name);
        }

        for (int i = 0; i < before.Length; i++)
        {
            TrainedTensor trained = readout.Model.Tensors[i];
            CollectionAssert.AreNotEqual(before[i], TensorData.ToArray(trained.Tensor), trained.Name);
        }
    }

    [TestMethod]
    [DynamicData(nameof(MethodsOnBackbones))]
    public void Tap_has_no_graph_and_a_row_for_every_example(string method, string backbone)
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using ReadoutCase readout = Case(method, backbone);

        Tensor[] taps = readout.Tap();

        foreach (Tensor tap in taps)
        {
            Assert.IsFalse(tap.requires_grad);
            Assert.AreEqual(3, tap.size(0));
        }

        Tensor feature = readout.Feature();
        CollectionAssert.AreEqual(new[] { 3, readout.Tuning.FeatureSize }, feature.shape);
        Assert.AreEqual(readout.Tuning.Tensors.Count > 0, feature.requires_grad);
    }

    [TestMethod]
    [DynamicData(nameof(MethodsOnBackbones))]
    public void Read_of_taps_equals_the_feature_bit_for_bit(string method, string backbone)
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using ReadoutCase readout = Case(method, backbone);

        Tensor read = readout.Tuning.Read(readout.Trunk, readout.Tap(), readout.Batch.Mask, ForwardPass.Plain);

        CollectionAssert.AreEqual(TensorData.ToArray(readout.Feature()), TensorData.ToArray(read));
    }

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Feature_takes_images_of_another_size(string method)
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using ReadoutCase readout = Case(method, "methods/backbone");
        readout.Batch = ReadoutCase.BatchFor(readout.Backbone.Config, 24);

        CollectionAssert.AreEqual(new[] { 3, readout.Tuning.FeatureSize }, readout.Feature().shape);
        Assert.IsTrue(TensorData.ToArray(readout.Loss()).All(float.IsFinite));
    }

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Feature_of_a_text_does_not_depend_on_what_pads_it(string method)
    {
        TorchTests.Require();
        Prop.ForAll(
            ArbMap.Default.ArbFor<int>(),
            seed => DifferenceOfPadding(method, seed) <= Rounding)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5).WithReplay(5, 7));
    }

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Backward_gives_what_finite_differences_give(string method)
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using ReadoutCase readout = Case(method, "methods/backbone");
        // Where all of a token's scores are 0, SHERL's weights jump: no step may cross that place.
        if (method == nameof(SherlOptions)) readout.Fill("score.bias", 4);
        readout.Loss().backward();
        var random = new SeededRandom(3);

        for (int i = 0; i < 20; i++)
        {
            Tensor tensor = readout.Model.Tensors[random.Next(readout.Model.Tensors.Count)].Tensor;
            long place = random.Next(tensor.numel());
            double exact = tensor.grad!.flatten().select(0, place).item<float>();
            double near = Difference(readout, tensor, place, 4e-3), nearer = Difference(readout, tensor, place, 2e-3);
            double extrapolated = ((4 * nearer) - near) / 3; // the error that goes with the step's square cancels
            Assert.AreEqual(exact, extrapolated, (1e-2 * Math.Abs(exact)) + 2e-4, $"scalar {i}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Create_is_the_same_for_the_same_seed(string method)
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using ReadoutCase one = Case(method, "methods/backbone"), other = Case(method, "methods/backbone");

        foreach ((TrainedTensor a, TrainedTensor b) in one.Model.Tensors.Zip(other.Model.Tensors))
            CollectionAssert.AreEqual(TensorData.ToArray(a.Tensor), TensorData.ToArray(b.Tensor), a.Name);
    }

    [TestMethod]
    public void Validate_accepts_the_defaults()
    {
        var violations = new OptionViolations("Options");

        foreach (FineTuneOptions options in All().Concat([new VqtOptions(), new LstOptions(), new R2Options()]))
            options.Validate(violations);

        violations.ThrowIfAny();
    }

    private static FineTuneOptions[] All() =>
    [
        new LinearProbeOptions(),
        new VqtOptions { QueryCount = 2 },
        new LstOptions { Reduction = 4 },
        new UniPtOptions(),
        new SherlOptions(),
        new R2Options { LayerCount = 2, HeadCount = 4 },
    ];

    private static ReadoutCase Case(string method, string backbone) =>
        new(All().Single(options => options.GetType().Name == method), backbone);

    private static double DifferenceOfPadding(string method, int seed)
    {
        using var scope = NewDisposeScope();
        using ReadoutCase readout = Case(method, "backbones/bert");
        var random = new SeededRandom(seed);
        int[] lengths = [7, 1 + random.Next(6), 1 + random.Next(6)];
        long[] ids = [.. Enumerable.Range(0, 21).Select(_ => Word())];
        readout.Batch = ReadoutCase.Texts(ids, lengths);
        float[] feature = TensorData.ToArray(readout.Feature());
        for (int i = 0; i < ids.Length; i++)
        {
            if (i % 7 >= lengths[i / 7]) ids[i] = Word();
        }

        readout.Batch = ReadoutCase.Texts(ids, lengths);
        return GoldenTensors.LargestDifference(feature, TensorData.ToArray(readout.Feature()));

        long Word() => random.Next(readout.Backbone.Config.VocabularySize);
    }

    private static double Difference(ReadoutCase readout, Tensor tensor, long place, double step)
    {
        using var scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        Tensor scalar = tensor.view(tensor.numel()).narrow(0, place, 1);
        float before = scalar.item<float>();
        float above = (float)(before + step), below = (float)(before - step);
        scalar.fill_(above);
        double loss = readout.Loss().item<float>();
        scalar.fill_(below);
        loss -= readout.Loss().item<float>();
        scalar.fill_(before);
        return loss / ((double)above - below);
    }
}
