// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Maps;

[TestClass]
public sealed class EntryNeighborsTests
{
    [TestMethod]
    public void Three_entries_by_hand()
    {
        BankSnapshot memory = Memories.Of(Metric.SquaredEuclidean, [0, 0], [1, 0], [3, 0]);

        EntryNeighbors neighbors = EntryNeighbors.Of(memory, 2);

        CollectionAssert.AreEqual(new long[] { 0, 1, 2 }, neighbors.Ids.ToArray());
        CollectionAssert.AreEqual(new long[] { 1, 2 }, neighbors.IdsOf(0).ToArray());
        CollectionAssert.AreEqual(new long[] { 0, 2 }, neighbors.IdsOf(1).ToArray());
        CollectionAssert.AreEqual(new long[] { 1, 0 }, neighbors.IdsOf(2).ToArray());
        CollectionAssert.AreEqual(new float[] { 4, 9 }, neighbors.DistancesOf(2).ToArray());
        CollectionAssert.AreEqual(new[] { 1, 0 }, neighbors.PositionsOf(2).ToArray());
    }

    [TestMethod]
    public void Rows_follow_the_entries_where_some_were_removed()
    {
        var bank = new MemoryBank(1, Metric.SquaredEuclidean);
        foreach (float key in (float[])[0, 1, 3, 7]) bank.Add([key], 0);
        bank.Remove(1);

        EntryNeighbors neighbors = EntryNeighbors.Of(bank.Snapshot(), 1);

        CollectionAssert.AreEqual(new long[] { 0, 2, 3 }, neighbors.Ids.ToArray());
        CollectionAssert.AreEqual(new long[] { 2 }, neighbors.IdsOf(0).ToArray());
        CollectionAssert.AreEqual(new long[] { 0 }, neighbors.IdsOf(1).ToArray());
        CollectionAssert.AreEqual(new long[] { 2 }, neighbors.IdsOf(2).ToArray());
        Assert.AreEqual(2, neighbors.Memory.EntryAt(neighbors.PositionsOf(2)[0]).Id);
    }

    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(1, 0)]
    [DataRow(2, 1)]
    [DataRow(5, 4)]
    public void Fewer_entries_than_k_give_all_others(int entryCount, int expected)
    {
        BankSnapshot memory = Memories.Of(Metric.Cosine, Memories.Draw(entryCount, 2, seed: 1));

        EntryNeighbors neighbors = EntryNeighbors.Of(memory, int.MaxValue - 1);

        Assert.AreEqual(entryCount, neighbors.Count);
        Assert.AreEqual(int.MaxValue - 1, neighbors.NeighborCount);
        for (int row = 0; row < entryCount; row++)
        {
            Assert.AreEqual(expected, neighbors.CountOf(row));
            Assert.IsFalse(neighbors.IdsOf(row).Contains(neighbors.Ids[row]));
        }
    }

    [TestMethod]
    public void Duplicates_are_neighbours_of_each_other_and_never_of_themselves()
    {
        BankSnapshot memory = Memories.Of(
            Metric.SquaredEuclidean, [.. Enumerable.Range(0, 9).Select(_ => new float[] { 1, 2 })]);

        EntryNeighbors neighbors = EntryNeighbors.Of(memory, 3);

        CollectionAssert.AreEqual(new long[] { 1, 2, 3 }, neighbors.IdsOf(0).ToArray());
        CollectionAssert.AreEqual(new long[] { 0, 1, 2 }, neighbors.IdsOf(8).ToArray());
    }

    [TestMethod]
    public void Progress_ends_at_one_and_a_cancelled_search_stops()
    {
        BankSnapshot memory = Memories.Of(Metric.Cosine, Memories.Draw(3_000, 2, seed: 1));
        using var cancelled = new CancellationTokenSource();
        var told = new List<double>();

        EntryNeighbors.Of(memory, 3, null, new Heard(told.Add));
        var stopping = new Heard(_ => cancelled.Cancel());

        CollectionAssert.AreEqual(new[] { 1_024 / 3_000.0, 2_048 / 3_000.0, 1 }, told);
        Assert.ThrowsExactly<OperationCanceledException>(
            () => EntryNeighbors.Of(memory, 3, null, stopping, cancelled.Token));
    }

    [TestMethod]
    [DataRow(7)]
    [DataRow(200)]
    public void Reliability_counts_are_those_of_a_search_of_its_own(int k)
    {
        BankSnapshot memory = Memories.Of(Metric.Cosine, Memories.Draw(150, 3, seed: 4));

        EntryReliability expected = EntryReliability.Of(memory, k);
        EntryReliability counts = EntryReliability.Of(EntryNeighbors.Of(memory, k));

        Assert.AreEqual(expected.NeighborCount, counts.NeighborCount);
        foreach (Entry entry in memory.Entries)
        {
            Assert.AreEqual(expected.WrongOf(entry.Position), counts.WrongOf(entry.Position));
            Assert.AreEqual(expected.CorrectOf(entry.Position), counts.CorrectOf(entry.Position));
        }

        CollectionAssert.AreEqual(expected.MostWrong(9).ToArray(), counts.MostWrong(9).ToArray());
    }

    [TestMethod]
    public void Of_refuses_no_neighbours()
        => Refusal.Assert<ArgumentException>(
            "EntryNeighbors' neighborCount must be at least 1. Got 0. (Parameter 'neighborCount')",
            () => EntryNeighbors.Of(Memories.Of(Metric.Cosine), 0));

    [TestMethod]
    public void A_row_beyond_the_last_is_refused()
        => Refusal.Assert<ArgumentOutOfRangeException>(
            "row must be in [0, 2). Got 2. (Parameter 'row')",
            () => EntryNeighbors.Of(Memories.Of(Metric.Cosine, [1, 0], [0, 1])).IdsOf(2).ToArray());
}
