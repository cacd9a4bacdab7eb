// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed unsafe class SharedThresholdsTests
{
    [TestMethod]
    public void Exchange_raises_each_worker_to_the_highest_that_any_has_reached()
    {
        using var scratch = new NativeScratch();
        var shared = new SharedThresholds(scratch, 3);
        for (int query = 0; query < 3; query++) shared.Set(query, float.NegativeInfinity);
        float* first = stackalloc float[] { 1, 5, float.NegativeInfinity };
        float* second = stackalloc float[] { 2, 4, float.NegativeInfinity };

        shared.Exchange(first, 3);
        shared.Exchange(second, 3);
        shared.Exchange(first, 3);

        CollectionAssert.AreEqual(new[] { 2, 5, float.NegativeInfinity }, new Span<float>(first, 3).ToArray());
        CollectionAssert.AreEqual(new[] { 2, 5, float.NegativeInfinity }, new Span<float>(second, 3).ToArray());
    }

    [TestMethod]
    public void Exchange_keeps_to_itself_that_a_worker_gave_up()
    {
        using var scratch = new NativeScratch();
        var shared = new SharedThresholds(scratch, 1);
        shared.Set(0, 3);
        float* gaveUp = stackalloc float[] { float.PositiveInfinity };
        float* other = stackalloc float[] { 1 };

        shared.Exchange(gaveUp, 1);
        shared.Exchange(other, 1);

        Assert.AreEqual(float.PositiveInfinity, gaveUp[0]);
        Assert.AreEqual(3, other[0]);
    }
}
