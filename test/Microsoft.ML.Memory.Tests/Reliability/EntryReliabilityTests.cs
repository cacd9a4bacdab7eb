// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Reliability;

[TestClass]
public sealed class EntryReliabilityTests
{
    [TestMethod]
    public void T1_8_removing_equals_a_bank_without_the_entry_and_adding_restores_the_counts()
    {
        var random = new SeededRandom(3);
        var bank = new MemoryBank(2, Metric.SquaredEuclidean);
        var without = new MemoryBank(2, Metric.SquaredEuclidean);
        float[][] keys = [.. Enumerable.Range(0, 60).Select(
            _ => new[] { (float)random.NextDouble(), (float)random.NextDouble() })];
        for (int row = 0; row < keys.Length; row++)
        {
            bank.Add(keys[row], row % 3);
            if (row != 17) without.AddRange(keys[row], [row % 3], [1], [row]);
        }

        string before = Describe(bank.Snapshot());
        bank.Remove([17]);
        string removed = Describe(bank.Snapshot());
        bank.AddRange(keys[17], [17 % 3], [1], [17]);

        Assert.AreEqual(Describe(without.Snapshot()), removed);
        Assert.AreEqual(before, Describe(bank.Snapshot()));
    }

    [TestMethod]
    public void Counts_over_all_others_take_memory_for_some_entries_at_a_time()
    {
        const int Count = 3000;
        var bank = new MemoryBank(1, Metric.SquaredEuclidean);
        bank.AddRange([.. Enumerable.Range(0, Count).Select(row => (float)row)], new int[Count]);
        BankSnapshot memory = bank.Snapshot();
        long before = GC.GetAllocatedBytesForCurrentThread();

        EntryReliability counts = EntryReliability.Of(memory, int.MaxValue);

        Assert.IsLessThan(30 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.AreEqual(Count - 1, counts.CorrectOf(17));
    }

    [TestMethod]
    public void Duplicates_under_another_id_stay_neighbours()
    {
        var bank = new MemoryBank(1, Metric.SquaredEuclidean);
        bank.AddRange([1, 1, 9], [0, 1, 1]);

        EntryReliability counts = EntryReliability.Of(bank.Snapshot(), 1);

        Assert.AreEqual(1 + 1, counts.WrongOf(0));
        Assert.AreEqual(1, counts.WrongOf(1));
    }

    [TestMethod]
    public void An_entry_that_is_not_its_own_neighbour_still_looks_at_k_others()
    {
        var bank = new MemoryBank(1, Metric.InnerProduct);
        bank.AddRange([1, 5, 4], [0, 1, 1]);

        EntryReliability counts = EntryReliability.Of(bank.Snapshot(), 1);

        CollectionAssert.AreEqual(
            new[] { 0, 1, 0 }, Enumerable.Range(0, 3).Select(counts.WrongOf).ToArray());
        CollectionAssert.AreEqual(
            new[] { 0, 1, 1 }, Enumerable.Range(0, 3).Select(counts.CorrectOf).ToArray());
    }

    [TestMethod]
    public void No_entry_and_one_entry_count_nothing()
    {
        var bank = new MemoryBank(1);
        Assert.IsEmpty(EntryReliability.Of(bank.Snapshot()).MostWrong(3));

        bank.Add([1], 0);
        EntryReliability one = EntryReliability.Of(bank.Snapshot());

        Assert.AreEqual(0, one.WrongOf(0) + one.CorrectOf(0));
    }

    [TestMethod]
    public void Automatic_threshold_is_the_98th_percentile_and_at_least_1()
    {
        var options = new PruningOptions { Kind = PruningKind.Hard };
        int[] wrong = [.. Enumerable.Range(0, 100)];

        Assert.AreEqual(97, PruningOf(wrong, options).Threshold);
        Assert.AreEqual(3, PruningOf(wrong, options).ExcludedCount);
        Assert.AreEqual(1, PruningOf(new int[100], options).Threshold);
        Assert.AreEqual(0, PruningOf(new int[100], options).ExcludedCount);
    }

    [TestMethod]
    public void Bad_arguments_are_named()
    {
        BankSnapshot memory = new MemoryBank(1).Snapshot();

        Refusal.Assert<ArgumentException>(
            "EntryReliability's neighborCount must be at least 1. Got 0. (Parameter 'neighborCount')",
            () => EntryReliability.Of(memory, 0));
        Refusal.Assert<ArgumentException>(
            "MostWrong's count must be at least 0. Got -1. (Parameter 'count')",
            () => EntryReliability.Of(memory).MostWrong(-1));
    }

    private static EntryPruning PruningOf(int[] wrong, PruningOptions options)
    {
        var bank = new MemoryBank(1);
        bank.AddRange(new float[wrong.Length], new int[wrong.Length]);
        BankSnapshot memory = bank.Snapshot();
        return new EntryPruning(memory, new EntryReliability(memory, 1, wrong, new int[wrong.Length]), options);
    }

    private static string Describe(BankSnapshot memory)
    {
        EntryReliability counts = EntryReliability.Of(memory, 4);
        return string.Join(' ', memory.Entries.OrderBy(entry => entry.Id).Select(
            entry => $"{entry.Id}:{counts.WrongOf(entry.Position)}/{counts.CorrectOf(entry.Position)}"));
    }
}
