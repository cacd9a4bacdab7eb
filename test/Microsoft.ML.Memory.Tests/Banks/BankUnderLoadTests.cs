// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Banks;

[TestClass]
public sealed class BankUnderLoadTests
{
    private const int Dimension = 4;
    private const int StepCount = 3000;

    [TestMethod]
    public void Readers_see_one_moment_each_while_a_writer_adds_and_removes()
    {
        var bank = new MemoryBank(Dimension, Metric.SquaredEuclidean);
        using var stop = new CancellationTokenSource();
        Task<int>[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(
            () => ReadUntil(bank, stop.Token), TaskCreationOptions.LongRunning))];
        try
        {
            Write(bank);
        }
        finally
        {
            stop.Cancel();
        }

        foreach (Task<int> reader in readers) Assert.IsGreaterThan(0, reader.GetAwaiter().GetResult());
        Assert.IsGreaterThan(0, Look(bank.Snapshot(), new NeighborTable()));
    }

    [TestMethod]
    public void Writers_take_turns_and_lose_nothing()
    {
        const int Writers = 4;
        const int Each = 500;
        var bank = new MemoryBank(1, Metric.SquaredEuclidean);

        Parallel.For(0, Writers, new ParallelOptions { MaxDegreeOfParallelism = Writers }, writer =>
        {
            for (int step = 0; step < Each; step++)
            {
                long id = bank.Add([writer], writer);
                if (step % 2 == 0) bank.Remove(id);
            }
        });

        Entry[] entries = [.. bank.Snapshot().Entries];
        Assert.HasCount(Writers * Each / 2, entries);
        Assert.HasCount(entries.Length, entries.DistinctBy(entry => entry.Id));
        foreach (IGrouping<int, Entry> writer in entries.GroupBy(entry => entry.Label))
            Assert.AreEqual(Each / 2, writer.Count());
        Assert.AreEqual(Writers * Each, bank.Snapshot().NextSequence);
    }

    /// <summary>Entries come and go by twos, an even id first; key, label and weight follow from the id.</summary>
    private static void Write(MemoryBank bank)
    {
        var random = new Random(3);
        var alive = new List<long>();
        for (long step = 0; step < StepCount; step++)
        {
            if (alive.Count < 50 || random.Next(2) == 0)
            {
                long id = 2 * step;
                bank.AddRange(
                    [.. Key(id), .. Key(id + 1)], [Label(id), Label(id + 1)], [id % 7, (id + 1) % 7], [id, id + 1]);
                alive.Add(id);
            }
            else
            {
                int at = random.Next(alive.Count);
                bank.Remove(alive[at], alive[at] + 1);
                alive.RemoveAt(at);
            }

            if (step % 500 == 499) bank.Compact();
        }
    }

    private static int ReadUntil(MemoryBank bank, CancellationToken stop)
    {
        var found = new NeighborTable();
        int looks = 0;
        do
        {
            Look(bank.Snapshot(), found);
            looks++;
        }
        while (!stop.IsCancellationRequested);

        return looks;
    }

    private static int Look(BankSnapshot snapshot, NeighborTable found)
    {
        Entry[] entries = [.. snapshot.Entries];
        Assert.HasCount(snapshot.Count, entries);
        Assert.AreEqual(0, entries.Length % 2);
        for (int index = 0; index < entries.Length; index++)
        {
            Entry entry = entries[index];
            Assert.AreEqual(index % 2, entry.Id % 2);
            if (index % 2 == 1) Assert.AreEqual(entries[index - 1].Id + 1, entry.Id);
            AssertOwn(snapshot, entry);
        }

        if (entries.Length == 0) return 0;
        Entry asked = entries[entries.Length / 2];
        snapshot.Search(Key(asked.Id), entries.Length + 5, found, new SearchOptions { ThreadCount = 1 });
        Assert.AreEqual(entries.Length, found.CountOf(0));
        Assert.AreEqual(asked.Id, found.IdsOf(0)[0]);
        Assert.AreEqual(0, found.DistancesOf(0)[0]);
        long[] nearest = found.IdsOf(0).ToArray();
        CollectionAssert.AreEquivalent(entries.Select(entry => entry.Id).ToArray(), nearest);
        snapshot.RangeSearch(Key(asked.Id), float.MaxValue, found, new SearchOptions { ThreadCount = 2 });
        CollectionAssert.AreEqual(nearest, found.IdsOf(0).ToArray());
        return entries.Length;
    }

    private static void AssertOwn(BankSnapshot snapshot, Entry entry)
    {
        var key = new float[Dimension];
        snapshot.CopyKey(entry.Position, key);
        CollectionAssert.AreEqual(Key(entry.Id), key);
        Assert.AreEqual(Label(entry.Id), entry.Label);
        Assert.AreEqual(entry.Id % 7, entry.Weight);
    }

    private static int Label(long id) => (int)(id % 11);

    private static float[] Key(long id) => [id, id * 3 % 17, -id, 1];
}
