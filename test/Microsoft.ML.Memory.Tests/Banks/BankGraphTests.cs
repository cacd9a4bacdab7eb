// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.Banks;

[TestClass]
public sealed class BankGraphTests
{
    private const int D = 12;

    private static readonly GraphSettings _settings = new() { Encoding = VectorEncoding.SignedByte };

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Search_with_nearly_all_candidates_finds_all_while_entries_come_and_go(Metric metric)
    {
        var random = new Random(31);
        MemoryBank bank = Bank(random, 300, metric);
        bank = new MemoryBank(BankGraph.Attach(bank.Snapshot(), _settings));
        for (int step = 0; step < 40; step++)
        {
            bank.AddRange(Values(random, 15), new int[15]);
            if (step % 3 == 1) bank.RemoveWhere(_ => random.Next(8) == 0);
            if (step % 5 == 3) bank = new MemoryBank(bank.Snapshot());
            if (step % 10 == 7) bank.Compact();
            if (step % 20 == 13) bank = new MemoryBank(BankGraph.Attach(bank.Snapshot(), _settings));
            AssertFindsAll(bank.Snapshot(), Values(random, 10));
        }
    }

    [TestMethod]
    public void Search_of_any_edits_finds_only_what_is_there()
    {
        Gen<int[]> edits = Gen.Choose(0, 5).ArrayOf(12);
        Config config = Config.QuickThrowOnFailure.WithReplay(20_261_121, 9);
        FsCheck.Check.One(config, Prop.ForAll(edits.ToArbitrary(), these =>
        {
            var random = new Random(these.Sum());
            MemoryBank bank = Bank(random, 320, Metric.Cosine);
            bank = new MemoryBank(BankGraph.Attach(bank.Snapshot(), _settings));
            foreach (int edit in these) bank = Edit(bank, edit, random);
            AssertFindsAll(bank.Snapshot(), Values(random, 4));
        }));
    }

    [TestMethod]
    public void Attach_again_takes_changes_in_and_leaves_the_former_graph_alone()
    {
        var random = new Random(32);
        BankSnapshot first = BankGraph.Attach(Bank(random, 500, Metric.Cosine).Snapshot(), _settings);
        var bank = new MemoryBank(first);
        bank.AddRange(Values(random, 100), new int[100]);
        bank.Remove(3, 4, 510);

        BankSnapshot second = BankGraph.Attach(bank.Snapshot(), _settings);

        Assert.IsTrue(first.Graph!.IsCurrent(first));
        Assert.IsFalse(first.Graph.IsCurrent(bank.Snapshot()));
        Assert.IsTrue(second.Graph!.IsCurrent(second));
        AssertFindsAll(first, Values(random, 10));
        AssertFindsAll(second, Values(random, 10));
        AssertFindsAll(bank.Snapshot(), Values(random, 10));
    }

    [TestMethod]
    public void Attach_of_what_is_current_gives_the_same()
    {
        BankSnapshot memory = BankGraph.Attach(Bank(new Random(33), 50, Metric.Cosine).Snapshot(), _settings);

        Assert.AreSame(memory, BankGraph.Attach(memory, _settings));
    }

    [TestMethod]
    public void IsFresh_ends_with_a_fifth_removed_or_more_than_4096_and_a_32nd_added()
    {
        var random = new Random(34);
        BankSnapshot memory = BankGraph.Attach(Bank(random, 320, Metric.Cosine).Snapshot(), _settings);
        var adding = new MemoryBank(memory);
        adding.AddRange(Values(random, 4106), new int[4106]);
        Assert.IsTrue(memory.Graph!.IsFresh(adding.Snapshot()));
        adding.AddRange(Values(random, 1), new int[1]);
        Assert.IsFalse(memory.Graph.IsFresh(adding.Snapshot()));

        var removing = new MemoryBank(memory);
        removing.RemoveWhere(entry => entry.Id < 64);
        Assert.IsTrue(memory.Graph.IsFresh(removing.Snapshot()));
        removing.Remove(64);
        Assert.IsFalse(memory.Graph.IsFresh(removing.Snapshot()));
    }

    [TestMethod]
    public void Search_with_a_filter_asks_by_id()
    {
        var random = new Random(35);
        var bank = new MemoryBank(D);
        bank.AddRange(Values(random, 400), new int[400], default, [.. Enumerable.Range(0, 400).Select(i => 5000L - i)]);
        bank = new MemoryBank(BankGraph.Attach(bank.Snapshot(), _settings));
        bank.AddRange(Values(random, 50), new int[50]);
        bank.Remove(4990);
        var even = new SearchOptions { Filter = id => id % 2 == 0, CandidateCount = 300 };
        NeighborTable expected = new(), actual = new();
        float[] queries = Values(random, 6);

        bank.Snapshot().With(null).Search(queries, 7, expected, even);
        bank.Snapshot().Search(queries, 7, actual, even);

        Neighbors.AssertSame(expected, actual);
    }

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    public void Search_along_a_graph_that_lags_behind_finds_nearly_all_and_nothing_removed(Metric metric)
    {
        var random = new Random(38);
        var bank = new MemoryBank(BankGraph.Attach(Bank(random, 4000, metric).Snapshot(), _settings));
        bank.RemoveWhere(entry => entry.Id % 10 == 3);
        bank.AddRange(Values(random, 300), new int[300]);
        BankSnapshot memory = bank.Snapshot();
        NeighborTable expected = new(), actual = new();
        float[] queries = Values(random, 200);

        memory.With(null).Search(queries, 10, expected);
        memory.Search(queries, 10, actual, new SearchOptions { CandidateCount = 100 });

        int found = 0;
        for (int query = 0; query < 200; query++)
        {
            Assert.AreEqual(10, actual.CountOf(query));
            long[] ids = actual.IdsOf(query).ToArray();
            Assert.IsFalse(ids.Any(id => id < 4000 && id % 10 == 3));
            found += ids.Intersect(expected.IdsOf(query).ToArray()).Count();
            int same = ids.AsSpan().IndexOf(expected.IdsOf(query)[0]);
            if (same >= 0) Assert.AreEqual(expected.DistancesOf(query)[0], actual.DistancesOf(query)[same]);
        }

        Assert.IsGreaterThanOrEqualTo(1960, found);
    }

    [TestMethod]
    public void Search_among_many_equal_entries_finds_the_others_as_well()
    {
        var random = new Random(39);
        var bank = new MemoryBank(D, Metric.SquaredEuclidean);
        bank.AddRange(new float[600 * D], new int[600]);
        bank.AddRange(Values(random, 2000), new int[2000]);
        BankSnapshot memory = BankGraph.Attach(bank.Snapshot(), _settings);
        NeighborTable expected = new(), actual = new();
        float[] queries = Values(random, 100);

        memory.With(null).Search(queries, 10, expected);
        memory.Search(queries, 10, actual, new SearchOptions { CandidateCount = 100 });

        int found = 0;
        for (int query = 0; query < 100; query++)
            found += expected.DistancesOf(query).ToArray().Intersect(actual.DistancesOf(query).ToArray()).Count();
        int all = Enumerable.Range(0, 100).Sum(query => expected.DistancesOf(query).ToArray().Distinct().Count());
        Assert.IsGreaterThanOrEqualTo(all * 95 / 100, found);
    }

    [TestMethod]
    public void Search_with_few_of_the_graph_left_finds_all()
    {
        var random = new Random(37);
        var bank = new MemoryBank(BankGraph.Attach(Bank(random, 2000, Metric.Cosine).Snapshot(), _settings));
        bank.RemoveWhere(entry => entry.Id % 20 != 0);
        bank.AddRange(Values(random, 30), new int[30]);
        NeighborTable expected = new(), actual = new();
        float[] queries = Values(random, 20);

        bank.Snapshot().With(null).Search(queries, 10, expected);
        bank.Snapshot().Search(queries, 10, actual, new SearchOptions { CandidateCount = 10 });

        Neighbors.AssertSame(expected, actual);
    }

    [TestMethod]
    public void Search_of_an_emptied_graph_finds_what_was_added_since()
    {
        var random = new Random(36);
        var bank = new MemoryBank(BankGraph.Attach(Bank(random, 40, Metric.Cosine).Snapshot(), _settings));
        bank.RemoveWhere(_ => true);
        var found = new NeighborTable();
        bank.Snapshot().Search(Values(random, 1), 3, found);
        Assert.AreEqual(0, found.CountOf(0));

        bank.AddRange(Values(random, 9), new int[9]);
        bank.Snapshot().Search(Values(random, 1), 3, found);

        Assert.AreEqual(3, found.CountOf(0));
    }

    [TestMethod]
    public void Tables_of_a_search_of_very_many_queries_are_not_kept()
    {
        var random = new Random(37);
        MemoryBank bank = Bank(random, 40, Metric.Cosine);
        bank = new MemoryBank(BankGraph.Attach(bank.Snapshot(), _settings));
        bank.AddRange(Values(random, 2), new int[2]);
        BankSnapshot memory = bank.Snapshot();
        var found = new NeighborTable();

        memory.Search(new float[40_000 * D], 30, found);
        int afterMany = memory.Graph!.IdleCount;
        memory.Search(Values(random, 3), 30, found);

        Assert.AreEqual((0, 1), (afterMany, memory.Graph.IdleCount));
    }

    private static MemoryBank Edit(MemoryBank bank, int edit, Random random)
    {
        switch (edit)
        {
            case 0:
                bank.AddRange(Values(random, 30), new int[30]);
                return bank;
            case 1:
                bank.RemoveWhere(_ => random.Next(3) == 0);
                return bank;
            case 2:
                bank.Compact();
                return bank;
            case 3:
                return new MemoryBank(BankGraph.Attach(bank.Snapshot(), _settings));
            case 4:
                bank.Add(Values(random, 1), 0);
                return bank;
            default:
                return new MemoryBank(bank.Snapshot());
        }
    }

    /// <summary>With one candidate less than all, the walk goes everywhere.</summary>
    private static void AssertFindsAll(BankSnapshot memory, float[] queries)
    {
        Assert.IsNotNull(memory.Graph);
        if (memory.Count < 8) return;
        var most = new SearchOptions { CandidateCount = memory.Count - 1, ThreadCount = 2 };
        NeighborTable expected = new(), actual = new();

        memory.With(null).Search(queries, 5, expected);
        memory.Search(queries, 5, actual, most);

        Neighbors.AssertSame(expected, actual);
        for (int query = 0; query < expected.QueryCount; query++)
        {
            foreach (int position in actual.PositionsOf(query)) _ = memory.EntryAt(position);
        }
    }

    private static MemoryBank Bank(Random random, int count, Metric metric)
    {
        var bank = new MemoryBank(D, metric);
        bank.AddRange(Values(random, count), new int[count]);
        return bank;
    }

    private static float[] Values(Random random, int rows) =>
        [.. Enumerable.Range(0, rows * D).Select(_ => (random.NextSingle() * 2) - 1)];
}
