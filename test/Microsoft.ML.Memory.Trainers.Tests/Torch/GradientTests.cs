// Licensed under the MIT License. See LICENSE in the project root for license information.

using TorchSharp;

namespace Microsoft.ML.Memory.Trainers.Tests.Torch;

/// <summary>Gradients and where they are off: facts of TorchSharp that the trainers rely on.</summary>
[TestClass]
public sealed class GradientTests
{
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
    public void Backward_adds_to_grad()
    {
        torch.Tensor x = torch.tensor(new float[] { 1, 2, 3 }, requires_grad: true);
        Assert.IsNull(x.grad);

        x.mul(x).sum().backward();
        x.sum().backward();

        CollectionAssert.AreEqual(new float[] { 3, 5, 7 }, x.grad!.data<float>().ToArray());
        x.grad = null;
        Assert.IsNull(x.grad);
    }

    [TestMethod]
    public void Requires_grad_is_passed_on_by_operators_and_ended_by_detach()
    {
        torch.Tensor x = torch.ones(2).requires_grad_();
        torch.Tensor y = x.mul(2f);

        Assert.IsTrue(x.is_leaf);
        Assert.IsTrue(y.requires_grad);
        Assert.IsFalse(y.is_leaf);
        Assert.IsFalse(y.detach().requires_grad);
    }

    [TestMethod]
    public void No_grad_nests_and_gives_back_what_was()
    {
        Assert.IsTrue(torch.is_grad_enabled());
        using (torch.no_grad())
        {
            using (torch.enable_grad()) Assert.IsTrue(torch.is_grad_enabled());
            using (torch.no_grad()) Assert.IsFalse(torch.is_grad_enabled());
            Assert.IsFalse(torch.is_grad_enabled());
            Assert.IsFalse(torch.ones(2).requires_grad_().mul(2f).requires_grad);
        }

        Assert.IsTrue(torch.is_grad_enabled());
    }

    [TestMethod]
    public void No_grad_is_that_of_its_thread()
    {
        bool elsewhere = false;
        using (torch.no_grad())
        {
            var thread = new Thread(() => elsewhere = torch.is_grad_enabled());
            thread.Start();
            thread.Join();
        }

        Assert.IsTrue(elsewhere);
    }

    [TestMethod]
    public void Autograd_backward_with_a_given_gradient_weighs_by_it()
    {
        torch.Tensor x = torch.tensor(new float[] { 1, 2 }, requires_grad: true);

        torch.autograd.backward([x.mul(x)], [torch.tensor(new float[] { 10, 100 })]);

        CollectionAssert.AreEqual(new float[] { 20, 400 }, x.grad!.data<float>().ToArray());
    }

    [TestMethod]
    public void Autograd_backward_with_inputs_leaves_other_leaves_alone()
    {
        torch.Tensor x = torch.ones(2).requires_grad_(), w = torch.full([2], 3f).requires_grad_();

        torch.autograd.backward([x.mul(w).sum()], inputs: [x]);

        CollectionAssert.AreEqual(new float[] { 3, 3 }, x.grad!.data<float>().ToArray());
        Assert.IsNull(w.grad);
    }

    [TestMethod]
    public void Autograd_grad_of_an_unused_input_is_none_where_that_is_allowed()
    {
        torch.Tensor x = torch.tensor(new float[] { 2, 3 }, requires_grad: true);
        torch.Tensor unused = torch.ones(2).requires_grad_();

        IList<torch.Tensor> gradients = torch.autograd.grad([x.mul(x).sum()], [x, unused], allow_unused: true);

        CollectionAssert.AreEqual(new float[] { 4, 6 }, gradients[0].data<float>().ToArray());
        Assert.IsTrue(gradients[1] is null or { IsInvalid: true });
        Assert.IsNull(x.grad);
    }

    [TestMethod]
    public void Autograd_grad_of_a_gradient_is_the_second_derivative()
    {
        torch.Tensor x = torch.tensor(new float[] { 2, 3 }, requires_grad: true);

        torch.Tensor first = torch.autograd.grad([x.pow(3).sum()], [x], create_graph: true)[0];
        torch.Tensor second = torch.autograd.grad([first.sum()], [x])[0];

        CollectionAssert.AreEqual(new float[] { 12, 27 }, first.detach().data<float>().ToArray());
        CollectionAssert.AreEqual(new float[] { 12, 18 }, second.data<float>().ToArray());
    }
}
