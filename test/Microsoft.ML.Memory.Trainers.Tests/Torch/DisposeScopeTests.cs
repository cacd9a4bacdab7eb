// Licensed under the MIT License. See LICENSE in the project root for license information.

using TorchSharp;

namespace Microsoft.ML.Memory.Trainers.Tests.Torch;

/// <summary>Which scope disposes a tensor: facts of TorchSharp that the trainers rely on.</summary>
[TestClass]
public sealed class DisposeScopeTests
{
    [TestInitialize]
    public void Initialize() => TorchTests.Require();

    [TestMethod]
    public void NewDisposeScope_ending_disposes_what_was_made_in_it()
    {
        torch.Tensor made, result;
        using (torch.NewDisposeScope())
        {
            made = torch.ones(2);
            result = made.add(made);
        }

        Assert.IsTrue(made.IsInvalid);
        Assert.IsTrue(result.IsInvalid);
    }

    [TestMethod]
    public void NewDisposeScope_nested_counts_its_own_tensors_only()
    {
        using DisposeScope outer = torch.NewDisposeScope();
        torch.Tensor first = torch.ones(2);
        using (DisposeScope inner = torch.NewDisposeScope())
        {
            torch.Tensor second = torch.ones(2);

            Assert.AreEqual(1, inner.DisposablesCount);
            Assert.IsTrue(inner.Contains(second));
            Assert.IsFalse(inner.Contains(first));
        }

        Assert.AreEqual(1, outer.DisposablesCount);
        Assert.IsFalse(first.IsInvalid);
    }

    [TestMethod]
    public void MoveToOuterDisposeScope_lives_until_the_outer_one_ends()
    {
        torch.Tensor moved;
        using (torch.NewDisposeScope())
        {
            using (torch.NewDisposeScope()) moved = torch.ones(2).MoveToOuterDisposeScope();

            Assert.AreEqual(2f, moved.sum().item<float>());
        }

        Assert.IsTrue(moved.IsInvalid);
    }

    [TestMethod]
    public void MoveToOuterDisposeScope_of_the_outermost_lives_until_it_is_disposed()
    {
        torch.Tensor moved;
        using (torch.NewDisposeScope()) moved = torch.ones(2).MoveToOuterDisposeScope();

        Assert.IsFalse(moved.IsInvalid);
        moved.Dispose();
        Assert.IsTrue(moved.IsInvalid);
    }

    [TestMethod]
    public void DetachFromDisposeScope_outlives_all_scopes()
    {
        torch.Tensor detached;
        using (torch.NewDisposeScope())
        {
            using (torch.NewDisposeScope()) detached = torch.ones(2).DetachFromDisposeScope();
        }

        Assert.AreEqual(2L, detached.NumberOfElements);
        detached.Dispose();
    }

    [TestMethod]
    public void Dispose_twice_or_before_its_scope_does_no_harm()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor tensor = torch.ones(2);

        tensor.Dispose();
        tensor.Dispose();

        Assert.AreEqual(0, scope.DisposablesCount);
    }

    [TestMethod]
    public void NewDisposeScope_is_that_of_its_thread()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor? elsewhere = null;
        var thread = new Thread(() => elsewhere = torch.ones(2));
        thread.Start();
        thread.Join();

        Assert.IsFalse(scope.Contains(elsewhere!));
        elsewhere!.Dispose();
    }
}
