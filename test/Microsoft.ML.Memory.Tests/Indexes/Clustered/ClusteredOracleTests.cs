// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes.Clustered;

[TestClass]
public sealed class ClusteredOracleTests
{
    private readonly IndexFolder _folder = new();

    [TestCleanup]
    public void Clean() => _folder.Dispose();

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Build_puts_each_entry_into_the_list_of_its_nearest_head_once(Metric metric)
    {
        var rows = new ClusteredRows(1500, 8, metric, 1);
        using ClusteredIndex index = rows.Build(_folder.NewPath());
        float[][] heads = ListContent.Heads(index);
        Metric near = ListAssignment.MetricOf(metric);

        (int List, int Slot, bool)[] primaries = [.. ListContent.Of(index).Where(posting => posting.IsPrimary)];

        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, 1500).ToArray(), primaries.Select(posting => posting.Slot).ToArray());
        foreach ((int list, int slot, _) in primaries)
        {
            double[] distances = [.. heads.Select(head => BruteForce.Distance(near, rows.Row(slot), head))];
            Assert.AreEqual(distances.Min(), distances[list], 1e-6, $"slot {slot}");
        }
    }

    [TestMethod]
    public void Build_puts_an_entry_into_eight_lists_at_most_and_none_twice()
    {
        var rows = new ClusteredRows(2000, 16, Metric.SquaredEuclidean, 2);
        using ClusteredIndex index = rows.Build(_folder.NewPath());

        var postings = ListContent.Of(index);

        Assert.HasCount(postings.Count, postings.Select(posting => (posting.List, posting.Slot)).Distinct().ToArray());
        int[] replicas = [.. postings.GroupBy(posting => posting.Slot).Select(lists => lists.Count())];
        Assert.AreEqual(8, replicas.Max());
        Assert.IsGreaterThan(1.5, replicas.Average());
    }

    [TestMethod]
    public void Build_leaves_out_heads_that_are_closer_to_a_chosen_head_than_to_the_entry()
    {
        var rows = new ClusteredRows(1000, 6, Metric.SquaredEuclidean, 3);
        using ClusteredIndex index = rows.Build(_folder.NewPath());
        float[][] heads = ListContent.Heads(index);

        foreach (var lists in ListContent.Of(index).GroupBy(posting => posting.Slot))
        {
            float[] row = rows.Row(lists.Key);
            (double Distance, int List)[] chosen = [.. lists
                .Select(posting => (BruteForce.Distance(rows.Metric, row, heads[posting.List]), posting.List)).Order()];
            for (int rank = 1; rank < chosen.Length; rank++)
            {
                double least = chosen[..rank].Min(
                    other => BruteForce.Distance(rows.Metric, heads[other.List], heads[chosen[rank].List]));
                Assert.IsTrue(least >= (float)chosen[rank].Distance - 1e-6, $"slot {lists.Key}");
            }
        }
    }

    [TestMethod]
    public void Build_cuts_full_lists_at_their_farthest_replicas()
    {
        var rows = new ClusteredRows(2000, 16, Metric.SquaredEuclidean, 2);
        var settings = new ClusteredSettings { ListLength = 10 };
        using ClusteredIndex whole = rows.Build(_folder.NewPath(), settings);
        using ClusteredIndex cut = rows.Build(_folder.NewPath(), settings with { ListCapacity = 20 });

        var expected = ListContent.Of(whole).GroupBy(posting => posting.List).SelectMany(
            list => list.Take(Math.Max(20, list.Count(posting => posting.IsPrimary))));

        CollectionAssert.AreEqual(expected.ToArray(), ListContent.Of(cut));
        Assert.IsLessThan(ListContent.Of(whole).Count, ListContent.Of(cut).Count);
    }

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Search_that_reads_all_lists_is_exact(Metric metric)
    {
        var rows = new ClusteredRows(1500, 8, metric, 4);
        using ClusteredIndex index = rows.Build(_folder.NewPath());
        IVectorIndex exact = rows.Exact();

        ClusteredRows.AssertSame(exact, index, rows.Queries, 25);
        long[] gone = rows.Ids[100..400];
        exact.Remove(gone);
        index.Remove(gone);
        exact.Add(gone, rows.Vectors[..(300 * 8)]);
        index.Add(gone, rows.Vectors[..(300 * 8)]);
        ClusteredRows.AssertSame(exact, index, rows.Queries, 25);
        ClusteredRows.AssertSame(exact, index, rows.Queries, int.MaxValue);
    }

    [TestMethod]
    public void Search_recall_grows_with_the_ratio()
    {
        var rows = new ClusteredRows(4000, 16, Metric.SquaredEuclidean, 5);
        double last = -1;
        foreach (double ratio in new[] { 1, 1.2, 1.5, 2, 4, double.PositiveInfinity })
        {
            using ClusteredIndex index = rows.Build(
                _folder.NewPath(),
                new ClusteredSettings { ListLength = 10, DistanceRatio = ratio, SureListCount = 1, ReplicaCount = 1 });
            double recall = rows.Recall(index, 10, new SearchOptions { CandidateCount = index.ListCount - 1 });
            Assert.IsGreaterThanOrEqualTo(last, recall, $"ratio {ratio}");
            if (ratio == 1) Assert.IsLessThan(0.5, recall);
            last = recall;
        }

        Assert.AreEqual(1, last);
    }

    [TestMethod]
    public void Search_names_no_entry_twice_though_lists_repeat_it()
    {
        var rows = new ClusteredRows(2000, 8, Metric.SquaredEuclidean, 6);
        using ClusteredIndex index = rows.Build(_folder.NewPath());
        var found = new NeighborTable();

        index.Search(rows.Queries, 300, found, new SearchOptions { CandidateCount = 60 });

        Assert.IsLessThan(index.ListCount, 60);
        for (int query = 0; query < found.QueryCount; query++)
        {
            long[] ids = found.IdsOf(query).ToArray();
            Assert.HasCount(300, ids.Distinct().ToArray());
        }
    }

    [TestMethod]
    [DataRow(Metric.Cosine, 0.95)]
    [DataRow(Metric.SquaredEuclidean, 0.95)]
    [DataRow(Metric.InnerProduct, 0.9)]
    public void Search_with_few_lists_finds_most_neighbours(Metric metric, double floor)
    {
        var rows = new ClusteredRows(6000, 16, metric, 7);
        using ClusteredIndex index = rows.Build(_folder.NewPath(), new ClusteredSettings { ListLength = 20 });
        int lists = index.ListCount / 8;

        double recall = rows.Recall(index, 10, new SearchOptions { CandidateCount = lists });
        double single = rows.Recall(index, 10, new SearchOptions { CandidateCount = 1 });

        Assert.IsGreaterThanOrEqualTo(floor, recall);
        Assert.IsGreaterThan(single, recall);
    }

    [TestMethod]
    public void Search_reads_on_until_a_strict_filter_has_let_k_through()
    {
        var rows = new ClusteredRows(3000, 8, Metric.SquaredEuclidean, 8);
        using ClusteredIndex index = rows.Build(_folder.NewPath());
        HashSet<long> few = [.. rows.Ids.Where((_, row) => row % 500 == 3)];
        var found = new NeighborTable();

        index.Search(rows.Queries, 6, found, new SearchOptions { CandidateCount = 1, Filter = few.Contains });

        for (int query = 0; query < found.QueryCount; query++)
            CollectionAssert.AreEquivalent(few.ToArray(), found.IdsOf(query).ToArray());
    }

    [TestMethod]
    public void Search_gives_the_same_whatever_the_threads()
    {
        var rows = new ClusteredRows(3000, 8, Metric.Cosine, 9);
        using ClusteredIndex index = rows.Build(_folder.NewPath());
        NeighborTable one = new(), four = new();

        index.Search(rows.Queries, 10, one, new SearchOptions { ThreadCount = 1, CandidateCount = 5 });
        index.Search(rows.Queries, 10, four, new SearchOptions { ThreadCount = 4, CandidateCount = 5 });

        for (int query = 0; query < one.QueryCount; query++)
        {
            CollectionAssert.AreEqual(one.IdsOf(query).ToArray(), four.IdsOf(query).ToArray());
            CollectionAssert.AreEqual(one.DistancesOf(query).ToArray(), four.DistancesOf(query).ToArray());
        }
    }

    [TestMethod]
    public void Three_rows_by_hand()
    {
        using ClusteredIndex index = ClusteredIndex.Build(
            _folder.NewPath(),
            [new VectorBatch(new long[] { 5, 3, 9 }, new float[] { 0, 0, 4, 0, 5, 0 })],
            2,
            Metric.SquaredEuclidean,
            new ClusteredSettings { ListLength = 1, SureListCount = 1, SearchListCount = 2, DistanceRatio = 4 });
        var found = new NeighborTable();

        // Every row is its own head. Row (0, 0) takes (4, 0), 16 away, and not (5, 0), 25 away but 1 from (4, 0).
        // Row (4, 0) takes (5, 0) and (0, 0), 16 away and 25 from (5, 0). Row (5, 0) takes (4, 0) and not (0, 0), 25
        // away but 16 from (4, 0).
        var lists = ListContent.Of(index).GroupBy(posting => posting.Slot)
            .ToDictionary(entry => entry.Key, entry => entry.Count());
        Assert.AreEqual(3, index.ListCount);
        Assert.AreEqual((2, 3, 2), (lists[0], lists[1], lists[2]));

        index.Search([3.8f, 0], 1, found, new SearchOptions { CandidateCount = 1 });
        CollectionAssert.AreEqual(new long[] { 3 }, found.IdsOf(0).ToArray());
        Assert.AreEqual((4 - 3.8f) * (4 - 3.8f), found.DistancesOf(0)[0], 1e-7f);
    }
}
