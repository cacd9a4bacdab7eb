// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

[TestClass]
public sealed class CandidatePoolTests
{
    [TestMethod]
    public void Offer_keeps_the_nearest_in_order_and_drops_the_rest()
    {
        var pool = new CandidatePool();
        pool.Open(3);
        foreach ((float distance, int slot) in ((float, int)[])
            [(2, 1), (-1, 2), (float.NaN, 3), (0, 4), (-0.5f, 5), (9, 6), (-1, 0)])
        {
            pool.Offer(distance, slot);
        }

        Assert.AreEqual(3, pool.Count);
        CollectionAssert.AreEqual(new[] { 0, 2, 5 }, Enumerable.Range(0, 3).Select(pool.SlotAt).ToArray());
        CollectionAssert.AreEqual(new[] { -1, -1, -0.5f }, Enumerable.Range(0, 3).Select(pool.DistanceAt).ToArray());
    }

    [TestMethod]
    public void Take_gives_each_slot_once_nearest_first_whenever_it_came()
    {
        var pool = new CandidatePool();
        pool.Open(4);
        pool.Offer(3, 30);
        pool.Offer(2, 20);

        Assert.AreEqual(20, pool.Take());
        pool.Offer(1, 10);
        Assert.AreEqual(10, pool.Peek());
        Assert.AreEqual(10, pool.Take());
        Assert.AreEqual(30, pool.Take());
        Assert.AreEqual(-1, pool.Take());
        Assert.AreEqual(-1, pool.Peek());
    }

    [TestMethod]
    public void Reopen_keeps_the_nearest_and_gives_them_again()
    {
        var pool = new CandidatePool();
        pool.Open(3);
        for (int slot = 1; slot <= 3; slot++) pool.Offer(slot, slot);
        while (pool.Take() >= 0) { }

        pool.Reopen(2);

        Assert.AreEqual(2, pool.Count);
        Assert.AreEqual(1, pool.Take());
        Assert.AreEqual(2, pool.Take());
        Assert.AreEqual(-1, pool.Take());
    }
}
