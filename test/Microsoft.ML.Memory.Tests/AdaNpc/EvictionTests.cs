// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.AdaNpc;

[TestClass]
public sealed class EvictionTests
{
    [TestMethod]
    public void ProtectedSourceFifo_keeps_every_source_entry_and_the_latest_others()
    {
        AdaptiveMemory memory = Adapt(EvictionKind.ProtectedSourceFifo, capacity: 15, rows: 50);

        CollectionAssert.AreEqual(
            Enumerable.Range(0, 10).Concat(Enumerable.Range(55, 5)).Select(id => (long)id).ToArray(), Ids(memory));
    }

    [TestMethod]
    public void ProtectedSourceFifo_full_of_source_refuses_every_row()
    {
        AdaptiveMemory memory = Adapt(EvictionKind.ProtectedSourceFifo, capacity: 10, rows: 5);

        Assert.AreEqual(10, memory.Count);
        Assert.AreEqual(5, memory.Report().Domains[0].RefusedCount);
    }

    [TestMethod]
    public void Fifo_forgets_the_source_in_the_end()
    {
        CollectionAssert.AreEqual(
            Enumerable.Range(45, 15).Select(id => (long)id).ToArray(),
            Ids(Adapt(EvictionKind.Fifo, capacity: 15, rows: 50)));
    }

    [TestMethod]
    public void Reservoir_keeps_every_row_of_the_past_with_the_same_probability()
    {
        int[] kept = new int[60];
        for (int seed = 0; seed < 400; seed++)
        {
            var policy = EvictionPolicy.Create(EvictionKind.Reservoir, 1, new SeededRandom(seed).Next);
            foreach (long id in Offer(policy, capacity: 15, [.. new int[60]])) kept[id]++;
        }

        // 400 draws at probability 1/4: mean 100, deviation 8.7; five of them are a clear fault.
        foreach (int count in kept) Assert.AreEqual(100, count, 44);
    }

    [TestMethod]
    public void ClassBalancedReservoir_balances_classes_and_keeps_an_even_sample_of_each()
    {
        int[] labels = [.. Enumerable.Range(0, 120).Select(row => row % 6 == 0 ? 1 : 0)];
        int[] kept = new int[120];
        for (int seed = 0; seed < 400; seed++)
        {
            var policy = EvictionPolicy.Create(EvictionKind.ClassBalancedReservoir, 2, new SeededRandom(seed).Next);
            long[] left = Offer(policy, capacity: 20, labels);
            Assert.AreEqual(10, left.Count(id => labels[id] == 1), 1);
            foreach (long id in left) kept[id]++;
        }

        // The 100 rows of class 0 share its 10 places: 40 of 400 draws each, deviation 6.
        for (int row = 0; row < 120; row++)
        {
            if (labels[row] == 0) Assert.AreEqual(40, kept[row], 31, $"row {row}");
        }
    }

    [TestMethod]
    public void ClassBalancedOldest_takes_the_oldest_of_the_largest_class()
    {
        var policy = EvictionPolicy.Create(EvictionKind.ClassBalancedOldest, 2, _ => 0);

        CollectionAssert.AreEqual(new long[] { 3, 4, 5, 6 }, Offer(policy, capacity: 4, [0, 0, 0, 1, 0, 1, 0]));
    }

    [TestMethod]
    public void LeastUseful_drops_whoever_votes_against_the_outcome()
    {
        var settings = new AdaptationSettings
        {
            NeighborCount = 1,
            ConfidenceThreshold = 0,
            Capacity = 4,
            Eviction = EvictionKind.LeastUseful,
        };
        var bank = new MemoryBank(2);
        bank.AddRange([1, 0, 0, 1], [0, 1]);
        var memory = new AdaptiveMemory(bank.Snapshot(), 2, settings);
        var predictions = new AdaptivePredictions();
        memory.Adapt([1, 0.1f, 0.1f, 1], predictions);
        Assert.AreEqual(2, predictions.AddedIdOf(0));

        memory.Learn([1, 0.11f], [1]);

        CollectionAssert.AreEqual(new long[] { 0, 1, 3, 4 }, Ids(memory));
    }

    [TestMethod]
    public void LowestConfidence_keeps_the_sure_and_refuses_the_unsure()
    {
        var policy = EvictionPolicy.Create(EvictionKind.LowestConfidence, 1, _ => 0);
        AdaptiveEntry sure = new(0, 0, EntryOrigin.Adapted, 0.9, []);
        AdaptiveEntry unsure = new(1, 0, EntryOrigin.Adapted, 0.4, []);
        policy.Add(sure);
        policy.Add(unsure);

        Assert.AreEqual(unsure, policy.Choose(new(2, 0, EntryOrigin.Adapted, 0.5, []), default));
        Assert.IsNull(policy.Choose(new(3, 0, EntryOrigin.Adapted, 0.4, []), default));
    }

    [TestMethod]
    [DataRow(EvictionKind.ProtectedSourceFifo)]
    [DataRow(EvictionKind.Fifo)]
    [DataRow(EvictionKind.Reservoir)]
    [DataRow(EvictionKind.ClassBalancedOldest)]
    [DataRow(EvictionKind.ClassBalancedReservoir)]
    [DataRow(EvictionKind.LowestConfidence)]
    [DataRow(EvictionKind.LeastUseful)]
    public void Any_policy_never_exceeds_the_capacity_and_never_breaks_the_order_of_arrival(EvictionKind eviction)
    {
        var settings = new AdaptationSettings { ConfidenceThreshold = 0, Capacity = 33, Eviction = eviction };
        var memory = new AdaptiveMemory(Streams.Source(30), 3, settings);
        for (int call = 0; call < 20; call++)
        {
            Streams.Describe(memory, Streams.Rows(7, seed: call, drift: 0.1 * call));
            memory.Learn(Streams.Rows(3, seed: 100 + call, drift: 0), Streams.Labels(3));

            Assert.IsLessThanOrEqualTo(33, memory.Count);
            long[] ids = Ids(memory);
            CollectionAssert.AreEqual(ids.Order().ToArray(), ids);
        }
    }

    private static AdaptiveMemory Adapt(EvictionKind eviction, int capacity, int rows)
    {
        var settings = new AdaptationSettings { ConfidenceThreshold = 0, Capacity = capacity, Eviction = eviction };
        var memory = new AdaptiveMemory(Streams.Source(10), 3, settings);
        Streams.Describe(memory, Streams.Rows(rows, seed: 2, drift: 0.3));
        return memory;
    }

    private static long[] Ids(AdaptiveMemory memory) => [.. memory.Memory().Entries.Select(entry => entry.Id)];

    /// <summary>Offers one entry a label to a policy and gives the ids that are left, ascending.</summary>
    private static long[] Offer(EvictionPolicy policy, int capacity, int[] labels)
    {
        var entries = new SortedDictionary<long, AdaptiveEntry>();
        long[] asked = new long[labels.Max() + 1];
        for (int id = 0; id < labels.Length; id++)
        {
            var entry = new AdaptiveEntry(id, labels[id], EntryOrigin.Adapted, 1, []);
            var counts = new EntryCounts(++asked[labels[id]], id + 1);
            if (entries.Count == capacity)
            {
                if (policy.Choose(entry, counts) is not { } victim) continue;
                policy.Remove(victim);
                entries.Remove(victim.Id);
            }

            policy.Add(entry);
            entries.Add(id, entry);
        }

        return [.. entries.Keys];
    }
}
