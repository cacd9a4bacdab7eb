// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Trainers.Tests.Backbones;

[TestClass]
public sealed class FirstUseTests
{
    [TestMethod]
    public void Get_after_a_failure_tries_again_and_then_keeps_the_value()
    {
        int calls = 0;
        var value = new FirstUse<string>(() => ++calls == 1 ? throw new InvalidOperationException("full") : $"{calls}");

        Assert.IsNull(value.Made);
        Assert.ThrowsExactly<InvalidOperationException>(value.Get);
        Assert.IsNull(value.Made);

        Assert.AreEqual("2", value.Get());
        Assert.AreSame(value.Get(), value.Made);
        Assert.AreEqual(2, calls);
    }

    [TestMethod]
    public void Get_of_many_threads_makes_one_value()
    {
        int calls = 0;
        var value = new FirstUse<object>(() =>
        {
            Interlocked.Increment(ref calls);
            return new object();
        });
        var got = new object[64];

        Parallel.For(0, got.Length, i => got[i] = value.Get());

        Assert.AreEqual(1, calls);
        Assert.IsTrue(got.All(one => ReferenceEquals(one, value.Made)));
    }
}
