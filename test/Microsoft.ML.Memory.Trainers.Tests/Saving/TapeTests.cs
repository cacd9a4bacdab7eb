// Licensed under the MIT License. See LICENSE in the project root for license information.

using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Saving;

[TestClass]
public sealed class TapeTests
{
    private const double Tolerance = 1e-9; // double precision
    private const int Width = 16;
    private const int Tokens = 5;

    [TestMethod]
    [DataRow(ActivationKind.Gelu, false, false, false)]
    [DataRow(ActivationKind.GeluTanh, false, false, true)]
    [DataRow(ActivationKind.QuickGelu, false, false, false)]
    [DataRow(ActivationKind.Relu, false, true, false)]
    [DataRow(ActivationKind.Silu, true, false, true)]
    [DataRow(ActivationKind.Gelu, false, true, false)]
    public void Tape_that_keeps_everything_has_the_gradients_of_autograd(
        ActivationKind activation, bool gated, bool normLast, bool layerScale)
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        var random = new SeededRandom(5);
        var trained = new List<Tensor>();
        TrunkBlock[] blocks =
        [
            .. Enumerable.Range(0, 2).Select(i => Block(i, random, trained, activation, gated, normLast, layerScale)),
        ];
        Tensor x = Trained(random, trained, 1, 2, Tokens, Width);
        Tensor? mask = normLast ? Mask() : null;

        double[][] Gradients(Tape? tape)
        {
            using var inner = NewDisposeScope();
            foreach (Tensor tensor in trained) tensor.grad?.zero_();
            var pass = new ForwardPass { Operators = tape ?? BlockOperators.Plain };
            Tensor y = x;
            foreach (TrunkBlock block in blocks)
                y = pass.Operators.Block(y, pass, (input, of) => block.Apply(input, mask, BlockChanges.None, of));
            y.sin().sum().backward();
            tape?.Backward();
            return [.. trained.Select(t => t.grad!.data<double>().ToArray())];
        }

        double[][] expected = Gradients(null);
        using var saving = new SavingTape(SavingPolicy.Exact);
        AssertClose(expected, Gradients(saving));
        using var checkpoints = new CheckpointTape();
        AssertClose(expected, Gradients(checkpoints));
        Assert.AreEqual(0, saving.Records.Count + checkpoints.Records.Count);
    }

    [TestMethod]
    public void Tape_that_is_left_after_forward_frees_what_it_kept()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        Tensor x = rand([2, 3]).requires_grad_();
        var tape = new SavingTape(SavingPolicy.FourBit);
        tape.Activate(x, ActivationKind.Gelu);
        Tensor kept = tape.Records.Single().Operator.Kept.Single().Tensor;

        tape.Dispose();

        Assert.IsTrue(kept.IsInvalid);
        Assert.AreEqual(0, tape.Records.Count);
    }

    [TestMethod]
    public void Tape_carries_a_gradient_without_keeping_the_values_before()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        Tensor x = full([2, 2], 3.0, float64).requires_grad_();
        using var tape = new SavingTape(SavingPolicy.Exact);
        Tensor y = tape.Boundary(x.mul(2));

        y.square().sum().backward();
        Assert.IsNull(x.grad);
        Tensor source = tape.Records.Single().Inputs.Single()!;
        CollectionAssert.AreEqual(new long[] { 0, 0 }, source.stride(), "one number stands for all");
        tape.Backward();

        CollectionAssert.AreEqual(new double[] { 24, 24, 24, 24 }, x.grad!.data<double>().ToArray());
    }

    [TestMethod]
    public void Probabilities_in_codes_keep_the_direction_of_the_gradient()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        foreach (double deviation in new[] { 0.5, 1, 2, 3 })
        {
            Tensor rows = TensorInit.Normal(new SeededRandom(8), [300, 197], deviation, CPU).softmax(-1);
            Tensor gradient = TensorInit.Normal(new SeededRandom(9), [300, 197], 1, CPU);
            Tensor coded = ProbabilityCodes.Decode(ProbabilityCodes.Encode(rows), float32);

            double cosine = Cosine(OfScores(rows, gradient), OfScores(coded, gradient));

            Assert.IsTrue(cosine is >= 0.98 and < 0.99999, $"cosine {cosine} at deviation {deviation}");
        }
    }

    [TestMethod]
    public void Norms_in_codes_have_a_small_error_for_any_gradient()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        Tensor x = TensorInit.Normal(new SeededRandom(8), [300, 192], 1, CPU);
        Tensor gradient = TensorInit.Normal(new SeededRandom(9), [300, 192], 1, CPU);
        var norm = new NormLayer(ones(192), zeros(192), 1e-12);
        using var coded = new SavedNorm(x, norm, coded: true, needsInput: true);
        using var exact = new SavedNorm(x, norm, coded: false, needsInput: true);

        Tensor error = coded.Gradients(gradient)[0]!.sub(exact.Gradients(gradient)[0]!).norm(-1)
            .div(gradient.norm(-1));

        float mean = error.mean().item<float>(), worst = error.max().item<float>();
        Assert.IsTrue(mean is > 0.001f and <= 0.02f, $"mean {mean}");
        Assert.IsTrue(worst <= 0.17f, $"worst {worst}");
    }

    private static Tensor OfScores(Tensor rows, Tensor gradient) =>
        gradient.sub(gradient.mul(rows).sum(-1, keepdim: true)).mul(rows);

    private static double Cosine(Tensor a, Tensor b) =>
        a.mul(b).sum().item<float>() / (a.norm().item<float>() * b.norm().item<float>());

    private static void AssertClose(double[][] expected, double[][] actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            double scale = Math.Max(1, expected[i].Max(Math.Abs));
            double worst = expected[i].Zip(actual[i]).Max(pair => Math.Abs(pair.First - pair.Second));
            Assert.IsTrue(worst <= Tolerance * scale, $"tensor {i} differs by {worst}");
        }
    }

    private static Tensor Mask() => tensor(
        [0, 0, 0, 0, 0, 0, 0, 0, double.MinValue, double.MinValue], [2, 1, 1, Tokens]);

    private static Tensor Trained(SeededRandom random, List<Tensor> trained, double deviation, params long[] shape)
    {
        Tensor tensor = TensorInit.Normal(random, shape, deviation, CPU).to_type(float64).requires_grad_();
        trained.Add(tensor);
        return tensor;
    }

    private static TrunkBlock Block(
        int index, SeededRandom random, List<Tensor> trained, ActivationKind activation, bool gated, bool normLast,
        bool layerScale)
    {
        Tensor Vector(long width) => Trained(random, trained, 1, width);
        NormLayer Norm() => new(Vector(Width), Vector(Width), 1e-6);
        LinearLayer Linear(long inputs, long outputs) =>
            new("", Trained(random, trained, 0.2, outputs, inputs), Vector(outputs));
        return new TrunkBlock
        {
            Index = index,
            HeadCount = 4,
            Activation = activation,
            NormLast = normLast,
            Norm1 = Norm(),
            Query = Linear(Width, Width),
            Key = Linear(Width, Width),
            Value = Linear(Width, Width),
            Output = Linear(Width, Width),
            Norm2 = Norm(),
            Up = Linear(Width, gated ? 48 : 24),
            Down = Linear(24, Width),
            Gated = gated,
            Scale1 = layerScale ? Vector(Width) : null,
            Scale2 = layerScale ? Vector(Width) : null,
        };
    }
}
