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

    [TestMethod]
    public void Reopen_with_more_room_than_ever_keeps_all()
    {
        var pool = new CandidatePool();
        pool.Open(3);
        for (int slot = 1; slot <= 3; slot++) pool.Offer(slot, slot);

        pool.Reopen(300);
        for (int slot = 300; slot > 3; slot--) pool.Offer(slot, slot);

        CollectionAssert.AreEqual(
            Enumerable.Range(1, 300).ToArray(), Enumerable.Range(0, pool.Count).Select(pool.SlotAt).ToArray());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(7)]
    [DataRow(8)]
    [DataRow(9)]
    [DataRow(16)]
    [DataRow(45)]
    public unsafe void Offer_of_many_holds_what_a_sorted_list_holds(int capacity)
    {
        const int Most = 32;
        float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, float.Epsilon, 1, -1];
        var random = new Random(capacity);
        var pool = new CandidatePool();
        float* distances = stackalloc float[Most + CandidatePool.Lanes];
        int* slots = stackalloc int[Most];
        for (int round = 0; round < 50; round++)
        {
            pool.Open(capacity);
            var held = new List<(float Distance, int Slot)>();
            var walked = new HashSet<int>();
            for (int step = 0, slot = 0; step < 30; step++)
            {
                int count = random.Next(Most + 1);
                for (int i = 0; i < count; i++)
                {
                    bool isSpecial = random.Next(4) == 0;
                    distances[i] = isSpecial ? special[random.Next(special.Length)] : random.NextSingle() - 0.5f;
                    slots[i] = slot ^ 5;
                    held.Add((distances[i], slot++ ^ 5));
                }

                pool.Offer(distances, slots, count);
                held = [.. held.OrderBy(entry => Order(entry.Distance)).ThenBy(entry => entry.Slot).Take(capacity)];
                int next = held.FindIndex(entry => !walked.Contains(entry.Slot));

                Assert.AreEqual(held.Count, pool.Count);
                for (int place = 0; place < held.Count; place++)
                {
                    Assert.AreEqual(held[place].Slot, pool.SlotAt(place));
                    Assert.AreEqual(held[place].Distance, pool.DistanceAt(place));
                }

                Assert.AreEqual(next < 0 ? -1 : held[next].Slot, pool.Peek());
                Assert.AreEqual(next < 0 ? -1 : held[next].Slot, pool.Take());
                if (next >= 0) walked.Add(held[next].Slot);
            }
        }
    }

    // -0 comes before 0, and NaN last.
    private static long Order(float distance)
    {
        if (float.IsNaN(distance)) return long.MaxValue;
        int bits = BitConverter.SingleToInt32Bits(distance);
        return bits < 0 ? ~bits + (long)int.MinValue : bits;
    }
}
