// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Training;

[TestClass]
public sealed class AdamWTests
{
    private const double Decay = 0.1;
    private const double Rate = 0.01;
    private static readonly long[][] _shapes = [[3, 5], [7], [0, 4], [1], [33, 17], [16]];

    [TestInitialize]
    public void RequireTorch() => TorchTests.Require();

    [TestMethod]
    public void Step_gives_the_bits_of_steps_taken_tensor_by_tensor()
    {
        using var scope = NewDisposeScope();
        TrainedTensor[] joint = Draw(_shapes), apart = Draw(_shapes);
        Tensor[] first = [.. apart.Select(t => zeros_like(t.Tensor))], second = [.. first.Select(t => zeros_like(t))];
        using var optimizer = new AdamW(joint, Decay);

        for (int step = 1; step <= 5; step++)
        {
            Steps(joint, optimizer, 1);
            for (int i = 0; i < apart.Length; i++)
            {
                apart[i].Tensor.grad = null;
                Loss(apart[i]).backward();
                using IDisposable frozen = no_grad();
                Step(apart[i], first[i], second[i], step);
            }
        }

        foreach ((TrainedTensor one, TrainedTensor other) in joint.Zip(apart))
            CollectionAssert.AreEqual(TensorData.ToArray(other.Tensor), TensorData.ToArray(one.Tensor), one.Name);

        static void Step(TrainedTensor trained, Tensor m, Tensor v, int step)
        {
            Tensor value = trained.Tensor, gradient = value.grad!;
            double correction = Math.Sqrt(1 - Math.Pow(0.999, step));
            if (trained.Decayed) value.mul_(1 - (Rate * Decay));
            m.mul_(0.9).add_(gradient, 1 - 0.9);
            v.mul_(0.999).addcmul_(gradient, gradient, 1 - 0.999);
            Tensor scale = v.sqrt().div_(correction).add_(1e-8);
            value.addcdiv_(m, scale, -Rate / (1 - Math.Pow(0.9, step)));
        }
    }

    [TestMethod]
    public void Step_follows_the_formula()
    {
        using var scope = NewDisposeScope();
        TrainedTensor[] tensors = Draw(_shapes);
        double[][] p = [.. tensors.Select(t => TensorData.ToArray(t.Tensor).Select(x => (double)x).ToArray())];
        double[][] m = [.. p.Select(x => new double[x.Length])], v = [.. p.Select(x => new double[x.Length])];
        using var optimizer = new AdamW(tensors, Decay);

        for (int step = 1; step <= 5; step++)
        {
            Backward(tensors, optimizer);
            for (int i = 0; i < tensors.Length; i++)
                Reference(p[i], m[i], v[i], TensorData.ToArray(tensors[i].Tensor.grad!), tensors[i].Decayed, step);
            optimizer.Step(Rate);
        }

        for (int i = 0; i < tensors.Length; i++)
        {
            float[] got = TensorData.ToArray(tensors[i].Tensor);
            for (int j = 0; j < got.Length; j++) Assert.AreEqual(p[i][j], got[j], 1e-6, tensors[i].Name);
        }
    }

    [TestMethod]
    public void Step_of_more_numbers_than_a_part_changes_all_of_them()
    {
        using var scope = NewDisposeScope();
        TrainedTensor[] tensors = Draw([[FlatTensors.PartLength + 3], [5]]);
        float[] before = TensorData.ToArray(tensors[0].Tensor);
        using var optimizer = new AdamW(tensors, 0);

        foreach (TrainedTensor trained in tensors) trained.Tensor.mul(3).sum().backward();
        optimizer.Step(Rate);

        float[] after = TensorData.ToArray(tensors[0].Tensor);
        for (int i = 0; i < after.Length; i++) // the first step is as long as the rate
            Assert.AreEqual(Rate, Math.Abs(after[i] - before[i]), 1e-5);
    }

    [TestMethod]
    public void A_new_optimizer_that_is_given_the_moments_goes_on_to_the_same_bits()
    {
        using var scope = NewDisposeScope();
        TrainedTensor[] whole = Draw(_shapes), stopped = Draw(_shapes);
        using var optimizer = new AdamW(whole, Decay);
        Steps(whole, optimizer, 4);

        using var first = new AdamW(stopped, Decay);
        Steps(stopped, first, 2);
        using var second = new AdamW(stopped, Decay) { StepCount = first.StepCount };
        using (no_grad())
        {
            foreach (var (to, from) in second.State.Zip(first.State)) to.Tensor.copy_(from.Tensor);
        }

        Steps(stopped, second, 2);

        foreach ((TrainedTensor one, TrainedTensor other) in whole.Zip(stopped))
            CollectionAssert.AreEqual(TensorData.ToArray(one.Tensor), TensorData.ToArray(other.Tensor), one.Name);
    }

    [TestMethod]
    public void Tensors_and_gradients_of_before_are_taken_over()
    {
        using var scope = NewDisposeScope();
        TrainedTensor[] tensors = Draw([[2, 3], [4]]);
        float[] values = TensorData.ToArray(tensors[1].Tensor);
        tensors[1].Tensor.mul(3).sum().backward();

        using (var optimizer = new AdamW(tensors, Decay))
        {
            CollectionAssert.AreEqual(values, TensorData.ToArray(tensors[1].Tensor));
            CollectionAssert.AreEqual(new float[] { 3, 3, 3, 3 }, TensorData.ToArray(tensors[1].Tensor.grad!));
            optimizer.ClearGradients();
            CollectionAssert.AreEqual(new float[4], TensorData.ToArray(tensors[1].Tensor.grad!));
        }

        CollectionAssert.AreEqual(values, TensorData.ToArray(tensors[1].Tensor));
        Assert.IsNull(tensors[1].Tensor.grad, "a model that is trained needs no memory for gradients");
        Assert.IsTrue(tensors[1].Tensor.is_leaf && tensors[1].Tensor.requires_grad);
    }

    [TestMethod]
    public void A_tensor_without_a_gradient_stays_as_it_is_until_it_gets_one()
    {
        using var scope = NewDisposeScope();
        TrainedTensor[] tensors = Draw([[3, 5], [7], [33, 17], [4], [16]]); // of decayed ones the one between
        float[] before = TensorData.ToArray(tensors[2].Tensor);
        using var optimizer = new AdamW(tensors, Decay);

        for (int step = 0; step < 3; step++) Steps([.. tensors.Where((_, i) => i != 2)], optimizer, 1);
        CollectionAssert.AreEqual(before, TensorData.ToArray(tensors[2].Tensor));
        Assert.IsNull(tensors[2].Tensor.grad);

        tensors[2].Tensor.mul(0).sum().backward();
        optimizer.Step(Rate);

        float[] expected = [.. before.Select(x => x * (float)(1 - (Rate * Decay)))];
        CollectionAssert.AreEqual(expected, TensorData.ToArray(tensors[2].Tensor));
    }

    [TestMethod]
    public void ClearGradients_clears_those_of_a_backward_that_no_step_followed()
    {
        using var scope = NewDisposeScope();
        TrainedTensor[] tensors = Draw([[2, 3]]);
        using var optimizer = new AdamW(tensors, Decay);

        tensors[0].Tensor.sum().backward();
        optimizer.ClearGradients();

        CollectionAssert.AreEqual(new float[6], TensorData.ToArray(tensors[0].Tensor.grad!));
    }

    private static TrainedTensor[] Draw(long[][] shapes)
    {
        var random = new SeededRandom(3);
        return [.. shapes.Select((shape, i) => new TrainedTensor(
            $"t{i}", TensorInit.Normal(random, shape, 1, CPU).requires_grad_(), i % 2 == 0))];
    }

    private static void Steps(TrainedTensor[] tensors, AdamW optimizer, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Backward(tensors, optimizer);
            optimizer.Step(Rate);
        }
    }

    private static void Backward(TrainedTensor[] tensors, AdamW optimizer)
    {
        using var scope = NewDisposeScope();
        optimizer.ClearGradients();
        foreach (TrainedTensor trained in tensors) Loss(trained).backward();
    }

    private static Tensor Loss(TrainedTensor trained) =>
        trained.Tensor.mul(trained.Tensor).add(trained.Tensor.sin()).sum();

    private static void Reference(double[] p, double[] m, double[] v, float[] g, bool decayed, int step)
    {
        for (int j = 0; j < p.Length; j++)
        {
            if (decayed) p[j] *= 1 - (Rate * Decay);
            m[j] = (0.9 * m[j]) + (0.1 * g[j]);
            v[j] = (0.999 * v[j]) + (0.001 * g[j] * g[j]);
            double first = m[j] / (1 - Math.Pow(0.9, step)), second = v[j] / (1 - Math.Pow(0.999, step));
            p[j] -= Rate * first / (Math.Sqrt(second) + 1e-8);
        }
    }
}
