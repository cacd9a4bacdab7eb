// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed class CandidateSearchTests
{
    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.InnerProduct)]
    [DataRow(Metric.SquaredEuclidean)]
    public void All_entries_as_candidates_give_what_a_search_gives(Metric metric)
    {
        BankSnapshot memory = Memory(metric);
        float[] rows = AdaNpc.Streams.Rows(20, seed: 2, drift: 0.3);
        var candidates = new CandidateLists();
        long[] ids = [.. memory.Entries.Select(entry => entry.Id).Reverse()];
        for (int row = 0; row < 20; row++) candidates.Add(ids);
        NeighborTable expected = new(), actual = new();

        memory.Search(rows, 7, expected);
        new CandidateSearch(memory).Search(rows, candidates, 7, actual);

        for (int row = 0; row < 20; row++)
        {
            CollectionAssert.AreEqual(expected.IdsOf(row).ToArray(), actual.IdsOf(row).ToArray());
            CollectionAssert.AreEqual(expected.PositionsOf(row).ToArray(), actual.PositionsOf(row).ToArray());
            CollectionAssert.AreEqual(expected.DistancesOf(row).ToArray(), actual.DistancesOf(row).ToArray());
        }
    }

    [TestMethod]
    public void Only_candidates_that_are_stored_are_neighbours_and_each_once()
    {
        BankSnapshot memory = Memory(Metric.Cosine);
        var candidates = new CandidateLists();
        candidates.Add([5, 99, 3, 5, -1]);
        candidates.Add([]);
        candidates.Add([1, 2]);
        var neighbors = new NeighborTable();

        new CandidateSearch(memory).Search([1, 0, 0, 0, 1, 0, 0, 0, float.NaN, 0, 0, 0], candidates, 4, neighbors);

        CollectionAssert.AreEquivalent(new long[] { 3, 5 }, neighbors.IdsOf(0).ToArray());
        Assert.AreEqual(0, neighbors.CountOf(1));
        Assert.AreEqual(0, neighbors.CountOf(2));
    }

    [TestMethod]
    public void Equally_near_candidates_come_in_the_order_of_adding()
    {
        var bank = new MemoryBank(1, Metric.SquaredEuclidean);
        bank.AddRange([2, 2, 2], [0, 0, 0], default, [30, 10, 20]);
        var candidates = new CandidateLists();
        candidates.Add([10, 20, 30]);
        var neighbors = new NeighborTable();

        new CandidateSearch(bank.Snapshot()).Search([0], candidates, 2, neighbors);

        CollectionAssert.AreEqual(new long[] { 30, 10 }, neighbors.IdsOf(0).ToArray());
    }

    private static BankSnapshot Memory(Metric metric)
    {
        var bank = new MemoryBank(4, metric);
        bank.AddRange(AdaNpc.Streams.Rows(40, seed: 1, drift: 0), new int[40]);
        bank.Remove(7, 8);
        return bank.Snapshot();
    }
}
