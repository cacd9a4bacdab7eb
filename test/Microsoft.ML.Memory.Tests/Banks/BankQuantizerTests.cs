// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Indexes.Clustered;
using Microsoft.ML.Memory.Tests.Storage;

namespace Microsoft.ML.Memory.Tests.Banks;

[TestClass]
public sealed class BankQuantizerTests
{
    private const int D = 18;

    [TestMethod]
    [DataRow(Metric.Cosine, false)]
    [DataRow(Metric.Cosine, true)]
    [DataRow(Metric.SquaredEuclidean, false)]
    [DataRow(Metric.SquaredEuclidean, true)]
    [DataRow(Metric.InnerProduct, false)]
    [DataRow(Metric.InnerProduct, true)]
    public void Search_finds_what_an_index_of_the_same_vectors_finds(Metric metric, bool keepVectors)
    {
        var rows = new ClusteredRows(700, D, metric, 1);
        QuantizedSettings settings = CodedBanks.Settings(keepVectors) with { TrainingCount = 700 };
        MemoryBank bank = CodedBanks.Trained(rows, settings);
        var index = new QuantizedIndex(D, metric, settings);
        index.Add(rows.Ids, rows.Vectors);
        var random = new Random(2);
        for (int round = 0; round < 6; round++)
        {
            float[] added = new ClusteredRows(40, D, metric, 10 + round).Vectors;
            long[] ids = [.. Enumerable.Range(0, 40).Select(row => -1000L - (40 * round) - row)];
            bank.AddRange(added, new int[40], default, ids);
            index.Add(ids, added);
            long[] gone = [.. bank.Snapshot().Entries.Where(_ => random.Next(9) == 0).Select(entry => entry.Id)];
            bank.Remove(gone);
            index.Remove(gone);
            if (round == 3) bank.Compact();
            if (round == 4) bank = new MemoryBank(bank.Snapshot());
            var some = new SearchOptions { Filter = id => id % 3 != 0, CandidateCount = 25, ThreadCount = 1 + round };
            foreach (SearchOptions options in new[] { SearchOptions.Default, some })
            {
                NeighborTable expected = new();
                index.Search(rows.Queries, 7, expected, options);
                Neighbors.AssertSame(expected, CodedBanks.Find(bank.Snapshot(), rows.Queries, 7, options));
            }
        }
    }

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Search_with_all_candidates_is_the_exact_one_of_what_codes_stand_for(Metric metric)
    {
        var rows = new ClusteredRows(500, D, metric, 3);
        MemoryBank bank = CodedBanks.Trained(rows, CodedBanks.Settings());
        bank.RemoveWhere(entry => entry.Position % 7 == 0);
        bank.AddRange(rows.Queries, new int[20]);
        var all = new SearchOptions { CandidateCount = bank.Count, Filter = id => id % 2 == 0 };

        NeighborTable expected = CodedBanks.Find(CodedBanks.Decoded(bank.Snapshot()), rows.Queries, 30, all);

        Neighbors.AssertSame(expected, CodedBanks.Find(bank.Snapshot(), rows.Queries, 30, all));
        all = new SearchOptions();
        expected = CodedBanks.Find(CodedBanks.Decoded(bank.Snapshot()), rows.Queries, 1000, all);
        Neighbors.AssertSame(expected, CodedBanks.Find(bank.Snapshot(), rows.Queries, 1000, all));
    }

    [TestMethod]
    public void Search_gives_distances_to_what_codes_stand_for_and_equal_ones_in_the_order_of_adding()
    {
        var bank = new MemoryBank(2, Metric.SquaredEuclidean);
        bank.AddRange([0, 0, 4, 4, 8, 8], [0, 1, 2], default, [7, 3, 5]);
        QuantizedSettings settings = CodedBanks.Settings() with { SubspaceCount = 1 };
        bank = new MemoryBank(BankQuantizer.Attach(bank.Snapshot(), settings));
        bank.AddRange([5, 5, 3, 4], [3, 4], default, [2, 1]); // both are nearest to (4, 4)

        NeighborTable found = CodedBanks.Find(bank.Snapshot(), [4, 5], 4);

        CollectionAssert.AreEqual(new long[] { 3, 2, 1, 5 }, found.IdsOf(0).ToArray());
        CollectionAssert.AreEqual(new float[] { 1, 1, 1, 25 }, found.DistancesOf(0).ToArray());
        CollectionAssert.AreEqual(
            new[] { 1, 3, 4, 2 },
            found.PositionsOf(0).ToArray().Select(position => bank.Snapshot().LabelAt(position)).ToArray());
    }

    [TestMethod]
    public void A_tiny_key_among_zero_ones_is_coded_by_its_direction()
    {
        var bank = new MemoryBank(2, Metric.Cosine);
        bank.AddRange([0, 0, 1, 0, 0, 1], new int[3]);
        QuantizedSettings settings = CodedBanks.Settings() with { SubspaceCount = 1 };
        bank = new MemoryBank(BankQuantizer.Attach(bank.Snapshot(), settings));
        float[] key = new float[2];

        bank.Add([1e-25f, 0], 0); // of the zero centroid by squared distance, which is 0 in single precision

        bank.Snapshot().CopyKey(3, key);
        CollectionAssert.AreEqual(new float[] { 1, 0 }, key);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Search_for_no_queries_finds_nothing(bool keepVectors)
    {
        var rows = new ClusteredRows(300, D, Metric.Cosine, 8);
        BankSnapshot memory = CodedBanks.Trained(rows, CodedBanks.Settings(keepVectors)).Snapshot();
        NeighborTable found = CodedBanks.Find(memory, rows.Queries, 3);

        memory.Search([], 3, found);

        Assert.AreEqual(0, found.QueryCount);
    }

    [TestMethod]
    public void Search_while_vectors_are_kept_ranks_by_them_and_gives_them_back()
    {
        var rows = new ClusteredRows(400, D, Metric.Cosine, 4);
        BankSnapshot memory = CodedBanks.Trained(rows, CodedBanks.Settings(keepVectors: true)).Snapshot();
        NeighborTable exact = CodedBanks.Find(CodedBanks.Plain(rows).Snapshot(), rows.Queries, 399);

        NeighborTable found = CodedBanks.Find(memory, rows.Queries, 5);

        Neighbors.AssertSame(exact, CodedBanks.Find(memory, rows.Queries, 399));
        float[] key = new float[D];
        for (int query = 0; query < 20; query++)
        {
            float[] distances = exact.DistancesOf(query).ToArray();
            long[] ids = exact.IdsOf(query).ToArray();
            for (int rank = 0; rank < 5; rank++)
                Assert.AreEqual(
                    distances[Array.IndexOf(ids, found.IdsOf(query)[rank])], found.DistancesOf(query)[rank]);
        }

        memory.CopyKey(17, key);
        CollectionAssert.AreEqual(rows.Row(17), key);
    }

    [TestMethod]
    public void Added_and_removed_again_leaves_nothing_and_what_is_added_is_found_at_once()
    {
        var rows = new ClusteredRows(300, D, Metric.Cosine, 5);
        var more = new ClusteredRows(200, D, Metric.Cosine, 6);
        BankSnapshot start = CodedBanks.Trained(rows, CodedBanks.Settings()).Snapshot();
        MemoryBank with = new(start), without = new(start);
        long[] gone = [.. Enumerable.Range(0, 200).Select(row => 9000L - row)];
        with.AddRange(more.Vectors, new int[200], default, gone);
        Assert.AreEqual(9000 - 11, CodedBanks.Find(with.Snapshot(), more.Row(11), 3).IdsOf(0).ToArray().Max());

        with.Remove(gone);
        with.AddRange(rows.Queries, new int[20], default, [.. gone[..20]]);
        without.AddRange(rows.Queries, new int[20], default, [.. gone[..20]]);
        with.Compact();

        Neighbors.AssertSame(
            CodedBanks.Find(without.Snapshot(), more.Queries, 9), CodedBanks.Find(with.Snapshot(), more.Queries, 9));
        CollectionAssert.AreEqual(CodesOf(without), CodesOf(with));
        Assert.AreSame(start.Quantizer, with.Snapshot().Quantizer);
    }

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    public void What_a_code_stands_for_gets_that_code_again(Metric metric)
    {
        var rows = new ClusteredRows(600, D, metric, 7);
        BankSnapshot memory = CodedBanks.Trained(rows, CodedBanks.Settings()).Snapshot();
        var again = new MemoryBank(memory.Emptied());
        float[] key = new float[D];

        foreach (Entry entry in memory.Entries)
        {
            memory.CopyKey(entry.Position, key);
            again.AddRange(key, [entry.Label], [entry.Weight], [entry.Id]);
        }

        CollectionAssert.AreEqual(SavedBank.Save(new MemoryBank(memory)), SavedBank.Save(again));
    }

    [TestMethod]
    public void Snapshots_stay_as_they_are_whatever_is_added_and_removed()
    {
        var rows = new ClusteredRows(300, D, Metric.SquaredEuclidean, 8);
        MemoryBank bank = CodedBanks.Trained(rows, CodedBanks.Settings());
        bank.AddRange(rows.Queries[..(3 * D)], new int[3]);
        BankSnapshot held = bank.Snapshot();
        NeighborTable before = CodedBanks.Find(held, rows.Queries, 6);

        bank.AddRange(rows.Queries, new int[20]);
        bank.Remove(rows.Ids[..250]);
        bank.Compact();

        Neighbors.AssertSame(before, CodedBanks.Find(held, rows.Queries, 6));
        Assert.AreEqual(303, held.Count);
        Assert.AreEqual(73, bank.Count);
    }

    [TestMethod]
    public void Threads_and_ways_of_storing_change_nothing()
    {
        var rows = new ClusteredRows(900, D, Metric.InnerProduct, 9);
        MemoryBank bank = CodedBanks.Trained(rows, CodedBanks.Settings());
        for (int row = 0; row < 20; row++) bank.Add(rows.Queries.AsSpan(row * D, D), 1);
        NeighborTable one = CodedBanks.Find(bank.Snapshot(), rows.Queries, 8, new SearchOptions { ThreadCount = 1 });

        Neighbors.AssertSame(
            one, CodedBanks.Find(bank.Snapshot(), rows.Queries, 8, new SearchOptions { ThreadCount = 5 }));
        bank.Compact();
        Neighbors.AssertSame(one, CodedBanks.Find(bank.Snapshot(), rows.Queries, 8));
        Neighbors.AssertSame(
            one, CodedBanks.Find(SavedBank.Load(SavedBank.Save(bank)).Snapshot(), rows.Queries, 8));
    }

    [TestMethod]
    public void Queries_without_numbers_and_emptied_banks_find_nothing()
    {
        var rows = new ClusteredRows(50, D, Metric.Cosine, 10);
        MemoryBank bank = CodedBanks.Trained(rows, CodedBanks.Settings());
        float[] queries = rows.Queries[..(2 * D)];
        queries[3] = float.NaN;

        NeighborTable found = CodedBanks.Find(bank.Snapshot(), queries, 2);

        Assert.AreEqual(0, found.CountOf(0));
        Assert.AreEqual(2, found.CountOf(1));
        bank.RemoveWhere(_ => true);
        Assert.AreEqual(0, CodedBanks.Find(bank.Snapshot(), queries, 2).CountOf(1));
        Assert.AreEqual(SearchStrategy.Quantized, bank.Snapshot().Strategy);
        bank.Add(rows.Row(0), 0);
        Assert.AreEqual(1, CodedBanks.Find(bank.Snapshot(), queries, 2).CountOf(1));
    }

    [TestMethod]
    public void Keys_are_not_kept_beside_codes_unless_asked_for()
    {
        var rows = new ClusteredRows(300, D, Metric.Cosine, 11);
        foreach (bool keepVectors in new[] { false, true })
        {
            MemoryBank bank = CodedBanks.Trained(rows, CodedBanks.Settings(keepVectors));
            bank.Add(rows.Row(0), 0);
            foreach (SegmentView view in bank.Snapshot().Views)
            {
                Assert.AreEqual(keepVectors, view.Segment.HasKeys);
                Assert.AreEqual(keepVectors ? view.Segment.Capacity : 0, view.Segment.Terms.Length);
                Assert.IsNotNull(view.Segment.Quantized);
            }

            Assert.AreEqual(
                4 + (keepVectors ? 4 * D : 0), BankQuantizer.KeyBytes(D, bank.Snapshot().Quantizer));
        }
    }

    private static byte[] CodesOf(MemoryBank bank)
    {
        List<KeyRun> runs = KeyRun.LiveRunsOf(bank.Snapshot());
        return [.. runs.SelectMany(run => Enumerable.Range(run.Start, run.Count).SelectMany(row =>
        {
            byte[] code = new byte[4];
            run.Segment.Quantized!.CopyTo(row, code);
            return code;
        }))];
    }
}
