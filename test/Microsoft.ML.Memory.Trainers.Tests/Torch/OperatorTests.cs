// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.Memory.Trainers.Tests.Torch;

/// <summary>Values of operators by hand: facts of TorchSharp that the trainers rely on.</summary>
[TestClass]
public sealed class OperatorTests
{
    // A few roundings to float of numbers near 1.
    private const double Tolerance = 1e-6;

    private DisposeScope _scope = null!;

    [TestInitialize]
    public void Initialize()
    {
        TorchTests.Require();
        _scope = torch.NewDisposeScope();
    }

    [TestCleanup]
    public void Cleanup() => _scope?.Dispose();

    [TestMethod]
    public void In_place_operators_return_the_same_object()
    {
        torch.Tensor x = torch.ones(2);

        Assert.AreSame(x, x.add_(1f));
        Assert.AreSame(x, x.mul_(torch.full([2], 3f)));
        Assert.AreSame(x, x.copy_(x));
        CollectionAssert.AreEqual(new float[] { 6, 6 }, x.data<float>().ToArray());
        x.zero_();
        CollectionAssert.AreEqual(new float[] { 0, 0 }, x.data<float>().ToArray());
    }

    [TestMethod]
    public void Lerp_by_a_tensor_goes_that_share_of_the_way()
    {
        torch.Tensor from = torch.tensor(new float[] { 0, 10, -4 }), to = torch.tensor(new float[] { 8, 20, 4 });

        torch.Tensor mixed = from.lerp(to, torch.tensor(new float[] { 0.25f }));

        CollectionAssert.AreEqual(new float[] { 2, 12.5f, -2 }, mixed.data<float>().ToArray());
    }

    [TestMethod]
    public void Backward_adds_to_a_gradient_that_was_set_where_it_lies()
    {
        torch.Tensor buffer = torch.ones(6), x = torch.full([2], 3f).requires_grad_();
        x.grad = buffer.narrow(0, 2, 2);

        x.mul(x).sum().backward();

        CollectionAssert.AreEqual(new float[] { 1, 1, 7, 7, 1, 1 }, buffer.data<float>().ToArray());
    }

    [TestMethod]
    public void Set_makes_a_leaf_a_view_of_a_buffer()
    {
        torch.Tensor buffer = torch.zeros(4), x = torch.full([2], 3f).requires_grad_();
        using (torch.no_grad())
        {
            x.set_(buffer.narrow(0, 1, 2).copy_(x));
            buffer.add_(1f);
        }

        CollectionAssert.AreEqual(new float[] { 4, 4 }, x.data<float>().ToArray());
        Assert.IsTrue(x.is_leaf && x.requires_grad);
    }

    [TestMethod]
    public void Bytes_and_data_are_the_values_written()
    {
        float[] values = [1.5f, -2, float.Epsilon, float.MaxValue];
        torch.Tensor x = torch.empty(2, 2);

        MemoryMarshal.AsBytes<float>(values).CopyTo(x.bytes);

        CollectionAssert.AreEqual(values, x.data<float>().ToArray());
        CollectionAssert.AreEqual(values, MemoryMarshal.Cast<byte, float>(x.bytes).ToArray());
        CollectionAssert.AreEqual(values, torch.tensor(values, [2, 2]).data<float>().ToArray());
    }

    [TestMethod]
    public void Topk_gives_values_and_places_from_the_largest_on()
    {
        (torch.Tensor values, torch.Tensor places) = torch.tensor(new float[] { 3, 9, 1, 7, 2, 8 }, [2, 3]).topk(2);

        CollectionAssert.AreEqual(new long[] { 2, 2 }, values.shape);
        CollectionAssert.AreEqual(new float[] { 9, 3, 8, 7 }, values.data<float>().ToArray());
        CollectionAssert.AreEqual(new long[] { 1, 0, 2, 0 }, places.data<long>().ToArray());
    }

    [TestMethod]
    public void Cross_entropy_is_the_mean_of_minus_log_softmax()
    {
        torch.Tensor scores = torch.tensor(new float[] { 1, 2, 3, 0, 0, 5 }, [2, 3]);
        torch.Tensor labels = torch.tensor(new long[] { 0, 2 });
        double first = Math.Log(Math.Exp(1) + Math.Exp(2) + Math.Exp(3)) - 1;
        double second = Math.Log(2 + Math.Exp(5)) - 5;

        torch.Tensor each = functional.cross_entropy(scores, labels, reduction: Reduction.None);

        AssertNear([first, second], each);
        AssertNear([(first + second) / 2], functional.cross_entropy(scores, labels));
        AssertNear([first + second], functional.cross_entropy(scores, labels, reduction: Reduction.Sum));
    }

    [TestMethod]
    public void Layer_norm_takes_the_variance_of_all_values_plus_eps()
    {
        torch.Tensor x = torch.tensor(new float[] { 1, 2, 3, 4 }, [1, 4]);
        torch.Tensor weight = torch.full([4], 2f), bias = torch.full([4], 1f);
        double deviation = Math.Sqrt(1.25 + 1e-5);

        torch.Tensor y = functional.layer_norm(x, [4], weight, bias, 1e-5);

        AssertNear([.. new[] { -1.5, -0.5, 0.5, 1.5 }.Select(v => (2 * v / deviation) + 1)], y);
    }

    [TestMethod]
    public void Gelu_is_that_of_the_error_function()
    {
        torch.Tensor y = functional.gelu(torch.tensor(new float[] { -1, 0, 0.5f, 1, 2 }));

        AssertNear([-0.1586552539, 0, 0.3457312306, 0.8413447461, 1.9544997361], y);
    }

    [TestMethod]
    public void Softmax_and_its_logarithm_are_those_of_the_formula()
    {
        torch.Tensor x = torch.tensor(new float[] { 1, 2, 3 }, [1, 3]);
        double sum = Math.Exp(1) + Math.Exp(2) + Math.Exp(3);

        AssertNear([Math.Exp(1) / sum, Math.Exp(2) / sum, Math.Exp(3) / sum], functional.softmax(x, -1));
        AssertNear([1 - Math.Log(sum), 2 - Math.Log(sum), 3 - Math.Log(sum)], functional.log_softmax(x, -1));
    }

    [TestMethod]
    public void Shapes_that_do_not_fit_throw_with_a_message()
    {
        torch.Tensor x = torch.ones(2, 3);

        ExternalException adding = Assert.ThrowsExactly<ExternalException>(() => x.add(torch.ones(2, 4)));
        ExternalException reshaping = Assert.ThrowsExactly<ExternalException>(() => x.reshape(4, 2));
        ExternalException joining = Assert.ThrowsExactly<ExternalException>(
            () => torch.cat([x, torch.ones(3, 4)], 0));

        Assert.Contains("size of tensor a (3) must match", adding.Message);
        Assert.Contains("shape '[4, 2]' is invalid", reshaping.Message);
        Assert.Contains("Sizes of tensors must match", joining.Message);
    }

    [TestMethod]
    public void Generator_with_the_same_seed_gives_the_same_numbers()
    {
        using var first = new torch.Generator(7);
        using var second = new torch.Generator(7);
        using var other = new torch.Generator(8);

        float[] numbers = torch.randn([5], generator: first).data<float>().ToArray();

        CollectionAssert.AreEqual(numbers, torch.randn([5], generator: second).data<float>().ToArray());
        CollectionAssert.AreNotEqual(numbers, torch.randn([5], generator: other).data<float>().ToArray());
        first.manual_seed(7);
        CollectionAssert.AreEqual(numbers, torch.randn([5], generator: first).data<float>().ToArray());
    }

    [TestMethod]
    public void Generator_of_another_device_is_the_hosts()
    {
        using var host = new torch.Generator(3);
        using var elsewhere = new torch.Generator(3, torch.META);

        CollectionAssert.AreEqual(host.get_state().bytes.ToArray(), elsewhere.get_state().bytes.ToArray());
    }

    [TestMethod]
    public void Set_num_threads_is_what_get_num_threads_gives()
    {
        int before = torch.get_num_threads();
        try
        {
            torch.set_num_threads(1);

            Assert.AreEqual(1, torch.get_num_threads());
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }

    [TestMethod]
    public void To_another_type_rounds_and_to_its_own_keeps_the_values()
    {
        torch.Tensor x = torch.tensor(new float[] { 1.7f, -1.7f, 2049, 0.1f });

        torch.Tensor half = x.to(torch.float16);

        Assert.AreEqual(torch.ScalarType.Float16, half.dtype);
        Assert.AreEqual(torch.ScalarType.Float32, x.dtype);
        CollectionAssert.AreEqual(
            new float[] { (float)(Half)1.7f, (float)(Half)(-1.7f), 2048, (float)(Half)0.1f },
            half.to(torch.float32).data<float>().ToArray());
        CollectionAssert.AreEqual(
            new long[] { 1, -1, 2049, 0 }, x.to(torch.int64).data<long>().ToArray());
    }

    private static void AssertNear(double[] expected, torch.Tensor actual)
    {
        float[] values = actual.data<float>().ToArray();
        Assert.HasCount(expected.Length, values);
        for (int i = 0; i < values.Length; i++)
            Assert.AreEqual(expected[i], values[i], Tolerance * Math.Max(1, Math.Abs(expected[i])), $"place {i}");
    }
}
