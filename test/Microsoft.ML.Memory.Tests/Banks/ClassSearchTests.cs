// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.Banks;

[TestClass]
public sealed class ClassSearchTests
{
    private const int D = 12;

    private readonly NeighborTable _found = new();

    [TestMethod]
    public void Each_query_finds_what_a_bank_of_its_class_alone_finds_whatever_edits_went_before()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(20_261_123, 9);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, EqualsBanksOfClasses));
    }

    [TestMethod]
    public void Only_classes_without_entries_have_none()
    {
        var bank = new MemoryBank(1, Metric.SquaredEuclidean);
        bank.AddRange([0, 1, 2, 3], [4, 4, 7, 9]);
        bank.Remove(2);
        var search = new ClassSearch(bank.Snapshot(), threadCount: 2);

        search.Search([2, 2, 2, float.NaN, 2], [9, ClassSearch.NoClass, 7, 4, 5], 3, _found);

        CollectionAssert.AreEqual((int[])[1, 0, 0, 0, 0], Counts());
        CollectionAssert.AreEqual(
            (bool[])[true, false, false, true, false], Enumerable.Range(0, 5).Select(search.HasEntries).ToArray());
    }

    [TestMethod]
    public void Entries_of_other_classes_are_not_compared()
    {
        var random = new Random(5);
        var bank = new MemoryBank(D, Metric.SquaredEuclidean);
        bank.AddRange(Values(random, 900), [.. Enumerable.Range(0, 900).Select(row => row % 90)]);

        new ClassSearch(bank.Snapshot(), threadCount: 2).Search(Values(random, 30), new int[30], 3, _found);

        Assert.AreEqual(30 * 10, _found.RescoredCount);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_large_class_behind_a_graph_or_codes_gives_its_own_entries_only(bool isCoded)
    {
        const int Count = 6000;
        var random = new Random(3);
        var bank = new MemoryBank(D, Metric.SquaredEuclidean);
        bank.AddRange(Spread(random, Count), [.. Enumerable.Range(0, Count).Select(row => row % 50 == 0 ? 1 : 0)]);
        BankSnapshot memory = isCoded
            ? BankQuantizer.Attach(bank.Snapshot(), CodedBanks.Settings())
            : BankGraph.Attach(bank.Snapshot(), new GraphSettings { LinkCount = 6, SearchCandidateCount = 10 });
        var more = new MemoryBank(memory);
        more.AddRange(Spread(random, 30), [.. Enumerable.Range(0, 30).Select(row => row % 3)]);
        more.RemoveWhere(entry => entry.Id % 7 == 0);
        float[] queries = Spread(random, 60);
        int[] labels = [.. Enumerable.Range(0, 60).Select(query => query % 3)];

        new ClassSearch(more.Snapshot(), threadCount: 2).Search(queries, labels, 9, _found);

        NeighborTable all = CodedBanks.Find(CodedBanks.Decoded(more.Snapshot()), queries, Count);
        int hits = 0;
        for (int query = 0; query < 60; query++)
        {
            (long Id, float Distance)[] own = [.. all.IdsOf(query).ToArray().Zip(all.DistancesOf(query).ToArray())
                .Where(each => LabelOf(more.Snapshot(), each.First) == query % 3)];
            (long Id, float Distance)[] near =
                [.. _found.IdsOf(query).ToArray().Zip(_found.DistancesOf(query).ToArray())];
            Assert.HasCount(9, near);
            CollectionAssert.IsSubsetOf(near, own);
            hits += near.Intersect(own.Take(9)).Count();
            if (query % 3 != 0) CollectionAssert.AreEqual(own.Take(9).ToArray(), near, "few enough to compare all");
        }

        Assert.IsGreaterThan(0.6 * 9 * 60, hits);
        if (!isCoded) Assert.IsLessThan(9 * 60, hits, "a large class is not compared with as a whole");
    }

    [TestMethod]
    public void Entries_added_one_by_one_are_found_at_once()
    {
        var bank = new MemoryBank(1, Metric.SquaredEuclidean);
        bank.AddRange(new float[5000], new int[5000]);
        for (int step = 0; step < 3000; step++)
        {
            bank.Add([step], label: 1 + (step % 2));
            if (step % 97 != 0) continue;
            new ClassSearch(bank.Snapshot(), threadCount: 1).Search([step], [1 + (step % 2)], 2, _found);
            Assert.AreEqual(5000 + step, _found.IdsOf(0)[0]);
            Assert.AreEqual(Math.Min(2, 1 + (step / 2)), _found.CountOf(0));
        }
    }

    private static void EqualsBanksOfClasses(int seed)
    {
        var random = new Random(seed);
        var metric = (Metric)random.Next(3);
        int classes = random.Next(1, 9);
        int[] Labels(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(random.Next(classes) + 1))];
        var bank = new MemoryBank(D, metric);
        for (int step = random.Next(1, 8); step > 0; step--)
        {
            int count = random.Next(400);
            bank.AddRange(Values(random, count), Labels(count));
            if (random.Next(2) == 0) bank.RemoveWhere(entry => random.Next(entry.Label == 0 ? 2 : 9) == 0);
            if (random.Next(3) == 0) bank = new MemoryBank(bank.Snapshot());
            if (random.Next(4) == 0) _ = Found(bank.Snapshot(), Values(random, 1), [0], random); // sorts its labels now
        }

        int queryCount = random.Next(1, 200);
        float[] queries = Values(random, queryCount);
        int[] labels = Labels(queryCount);
        int k = random.Next(1, 30);
        float? distance = random.Next(2) == 0 ? null : 1 + random.NextSingle();
        NeighborTable found = Found(bank.Snapshot(), queries, labels, random, k, distance);
        for (int query = 0; query < queryCount; query++)
        {
            float[] values = queries[(query * D)..((query + 1) * D)];
            NeighborTable expected = Alone(bank.Snapshot(), labels[query], values, k, distance);
            CollectionAssert.AreEqual(expected.IdsOf(0).ToArray(), found.IdsOf(query).ToArray());
            CollectionAssert.AreEqual(expected.DistancesOf(0).ToArray(), found.DistancesOf(query).ToArray());
            foreach ((long id, int position) in found.IdsOf(query).ToArray().Zip(found.PositionsOf(query).ToArray()))
                Assert.AreEqual(id, bank.Snapshot().EntryAt(position).Id);
        }
    }

    private static NeighborTable Found(
        BankSnapshot memory, float[] queries, int[] labels, Random random, int k = 1, float? distance = null)
    {
        var found = new NeighborTable();
        var search = new ClassSearch(memory, random.Next(1, 5));
        if (distance is { } largest) search.RangeSearch(queries, labels, largest, found);
        else search.Search(queries, labels, k, found);
        return found;
    }

    private static NeighborTable Alone(BankSnapshot memory, int label, float[] query, int k, float? distance)
    {
        var bank = new MemoryBank(memory.Dimension, memory.Metric);
        float[] key = new float[memory.Dimension];
        foreach (Entry entry in memory.Entries.Where(entry => entry.Label == label))
        {
            memory.CopyKey(entry.Position, key);
            bank.AddRange(key, [0], ids: [entry.Id]);
        }

        var found = new NeighborTable();
        if (distance is { } largest) bank.Snapshot().RangeSearch(query, largest, found);
        else bank.Snapshot().Search(query, k, found);
        return found;
    }

    private static int LabelOf(BankSnapshot memory, long id)
    {
        Assert.IsTrue(memory.TryFind(id, out int position));
        return memory.LabelAt(position);
    }

    private static float[] Spread(Random random, int count) =>
        [.. Enumerable.Range(0, count * D).Select(_ => random.NextSingle())];

    private static float[] Values(Random random, int count) =>
        [.. Enumerable.Range(0, count * D).Select(_ => random.Next(4) - 1f)];

    private int[] Counts() => [.. Enumerable.Range(0, _found.QueryCount).Select(_found.CountOf)];
}
