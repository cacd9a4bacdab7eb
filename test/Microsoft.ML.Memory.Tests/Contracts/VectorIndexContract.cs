// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Contracts;

/// <summary>What every index promises; a test class of an index derives from it and makes the index.</summary>
public abstract partial class VectorIndexContract
{
    private const float Nan = float.NaN;

    protected abstract IVectorIndex Create(int dimension, Metric metric);

    [TestMethod]
    public void Search_empty_index_gives_every_query_no_neighbours()
    {
        IVectorIndex index = Create(2, Metric.Cosine);
        var found = new NeighborTable();

        index.Search([1, 2, 3, 4], 3, found);

        Assert.AreEqual(0, index.Count);
        Assert.AreEqual(2, found.QueryCount);
        Assert.AreEqual(0, found.CountOf(0) + found.CountOf(1));
        Assert.IsTrue(found.IdsOf(0).IsEmpty && found.DistancesOf(0).IsEmpty && found.PositionsOf(0).IsEmpty);
    }

    [TestMethod]
    public void Search_no_queries_gives_an_empty_table()
    {
        IVectorIndex index = Filled(Metric.Cosine, [1, 0]);
        var found = new NeighborTable();

        index.Search([], 1, found);

        Assert.AreEqual(0, found.QueryCount);
    }

    [TestMethod]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(int.MaxValue)]
    public void Search_fewer_entries_than_k_gives_all(int k)
    {
        IVectorIndex index = Filled(Metric.SquaredEuclidean, [3, 0], [1, 0], [2, 0]);

        CollectionAssert.AreEqual(new long[] { 1, 2, 0 }, Ids(index, [0, 0], k));
    }

    [TestMethod]
    public void Contains_tells_what_is_stored()
    {
        IVectorIndex index = Create(1, Metric.SquaredEuclidean);
        Assert.IsFalse(index.Contains(7));

        index.Add([7, -3], [1, 2]);
        Assert.IsTrue(index.Contains(7) && index.Contains(-3));
        Assert.IsFalse(index.Contains(0));

        index.Remove([7]);
        Assert.IsFalse(index.Contains(7));
        Assert.IsTrue(index.Contains(-3));

        index.Add([7], [3]);
        Assert.IsTrue(index.Contains(7));
    }

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Search_equal_distances_come_in_the_order_of_adding(Metric metric)
    {
        IVectorIndex index = Create(2, metric);
        index.Add([9, 2, 5], [1, 1, 1, 1, 1, 1]);
        index.Add([1], [1, 1]);

        CollectionAssert.AreEqual(new long[] { 9, 2, 5, 1 }, Ids(index, [3, 1], 10));
        CollectionAssert.AreEqual(new long[] { 9, 2 }, Ids(index, [3, 1], 2));
    }

    [TestMethod]
    public void Search_zero_vector_is_at_cosine_distance_one_from_everything()
    {
        IVectorIndex index = Filled(Metric.Cosine, [0, 0], [1, 0], [-1, 0]);
        var found = new NeighborTable();
        index.Search([1, 0, 0, 0], 3, found);

        CollectionAssert.AreEqual(new long[] { 1, 0, 2 }, found.IdsOf(0).ToArray());
        CollectionAssert.AreEqual(new float[] { 0, 1, 2 }, found.DistancesOf(0).ToArray());
        CollectionAssert.AreEqual(new long[] { 0, 1, 2 }, found.IdsOf(1).ToArray());
        CollectionAssert.AreEqual(new float[] { 1, 1, 1 }, found.DistancesOf(1).ToArray());
    }

    [TestMethod]
    [DataRow(Metric.SquaredEuclidean, new float[] { 2, 5 })]
    [DataRow(Metric.InnerProduct, new float[] { -1, -3 })]
    public void Search_distances_are_in_the_unit_of_the_metric(Metric metric, float[] distances)
    {
        IVectorIndex index = metric == Metric.InnerProduct
            ? Filled(metric, [3, 0], [1, 7])
            : Filled(metric, [3, 1], [2, 1]);
        var found = new NeighborTable();
        index.Search([1, 0], 2, found);

        CollectionAssert.AreEquivalent(distances, found.DistancesOf(0).ToArray());
        Assert.IsTrue(found.DistancesOf(0)[0] < found.DistancesOf(0)[1]);
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    public void Search_query_that_is_not_finite_gets_none_and_others_get_theirs(float bad)
    {
        IVectorIndex index = Filled(Metric.InnerProduct, [1, 0], [0, 1]);
        var found = new NeighborTable();
        index.Search([1, 0, 1, bad, 0, 1], 1, found);

        Assert.AreEqual(0, found.CountOf(1));
        CollectionAssert.AreEqual(new long[] { 0 }, found.IdsOf(0).ToArray());
        CollectionAssert.AreEqual(new long[] { 1 }, found.IdsOf(2).ToArray());
    }

    [TestMethod]
    public void Search_reused_table_shows_nothing_of_the_search_before()
    {
        IVectorIndex index = Filled(Metric.InnerProduct, [1, 0], [0, 1]);
        var found = new NeighborTable();
        index.Search([1, 0, 1, 0, 1, 0], 2, found);
        index.Remove([0, 1]);
        index.Search([1, 0], 2, found);

        Assert.AreEqual(1, found.QueryCount);
        Assert.AreEqual(0, found.CountOf(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => found.CountOf(1));
    }

    [TestMethod]
    public void Search_with_more_threads_than_rows_finds_the_same()
    {
        IVectorIndex index = Filled(Metric.SquaredEuclidean, [3, 0], [1, 0], [2, 0]);
        var found = new NeighborTable();

        index.Search([0, 0, 9, 0], 2, found, new SearchOptions { ThreadCount = 64 });

        CollectionAssert.AreEqual(new long[] { 1, 2 }, found.IdsOf(0).ToArray());
        CollectionAssert.AreEqual(new long[] { 0, 2 }, found.IdsOf(1).ToArray());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(-1)]
    public void Search_k_below_one_is_refused(int k)
    {
        IVectorIndex index = Filled(Metric.Cosine, [1, 0]);

        AssertRefused<ArgumentException>(
            () => index.Search([1, 0], k, new NeighborTable()),
            $"Search's k must be at least 1. Got {k}. (Parameter 'k')");
    }

    [TestMethod]
    public void Search_queries_of_another_dimension_are_refused()
    {
        IVectorIndex index = Filled(Metric.Cosine, [1, 0]);

        AssertRefused<ArgumentException>(
            () => index.Search([1, 2, 3], 1, new NeighborTable()),
            "queries must be [n, 2]. Got 3 values. (Parameter 'queries')");
    }

    [TestMethod]
    public void Search_with_a_filter_finds_the_nearest_of_those_that_pass()
    {
        IVectorIndex index = Filled(Metric.SquaredEuclidean, [1, 0], [2, 0], [3, 0], [4, 0], [5, 0]);
        index.Remove([4]);
        var found = new NeighborTable();

        index.Search([0, 0], 2, found, new SearchOptions { Filter = id => id is 1 or 3 or 4 });
        CollectionAssert.AreEqual(new long[] { 1, 3 }, found.IdsOf(0).ToArray());
        index.Search([0, 0], 2, found, new SearchOptions { Filter = _ => false });
        Assert.AreEqual(0, found.CountOf(0));
        index.Search([0, 0], 5, found);
        CollectionAssert.AreEqual(new long[] { 0, 1, 2, 3 }, found.IdsOf(0).ToArray());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void Search_throws_what_its_filter_throws(int threadCount)
    {
        IVectorIndex index = Filled(Metric.SquaredEuclidean, [1, 0], [2, 0], [3, 0]);
        var options = new SearchOptions
        {
            ThreadCount = threadCount,
            Filter = _ => throw new OperationCanceledException(),
        };

        Assert.ThrowsExactly<OperationCanceledException>(
            () => index.Search(new float[2 * 64], 1, new NeighborTable(), options));
        CollectionAssert.AreEqual(new long[] { 0, 1 }, Ids(index, [0, 0], 2));
    }

    [TestMethod]
    public void Search_with_candidates_below_one_is_refused()
        => AssertRefused<ArgumentOutOfRangeException>(
            () => new SearchOptions { CandidateCount = 0 },
            "SearchOptions.CandidateCount must be null or at least 1. Got 0. (Parameter 'value')");

    [TestMethod]
    public void Add_vector_that_is_not_finite_is_refused_and_nothing_is_added()
    {
        IVectorIndex index = Filled(Metric.Cosine, [1, 0]);
        foreach (float bad in new[] { Nan, float.PositiveInfinity, float.NegativeInfinity })
        {
            AssertRefused<ArgumentException>(
                () => index.Add([7, 8, 9], [1, 2, 3, 4, 5, bad]),
                "vectors must be finite. Got NaN or infinity in row 2. (Parameter 'vectors')");
        }

        AssertUnchanged(index);
    }

    [TestMethod]
    public void Add_length_that_is_not_n_times_d_is_refused_and_nothing_is_added()
    {
        IVectorIndex index = Filled(Metric.Cosine, [1, 0]);

        AssertRefused<ArgumentException>(
            () => index.Add([7, 8], [1, 2, 3]),
            "vectors must be [2, 2] = 4 values long. Got 3. (Parameter 'vectors')");
        AssertRefused<ArgumentException>(
            () => index.Add([], [1, 2]),
            "vectors must be [0, 2] = 0 values long. Got 2. (Parameter 'vectors')");
        AssertUnchanged(index);
    }

    [TestMethod]
    public void Add_duplicate_id_is_refused_and_nothing_is_added()
    {
        IVectorIndex index = Filled(Metric.Cosine, [1, 0]);

        AssertRefused<ArgumentException>(
            () => index.Add([7, 0], [1, 2, 3, 4]),
            "ids must be free and differ. Got 0 again in row 1. (Parameter 'ids')");
        AssertRefused<ArgumentException>(
            () => index.Add([7, 8, 7], [1, 2, 3, 4, 5, 6]),
            "ids must be free and differ. Got 7 again in row 2. (Parameter 'ids')");
        AssertUnchanged(index);
        index.Add([7, 8], [1, 2, 3, 4]);
        Assert.AreEqual(3, index.Count);
    }

    [TestMethod]
    public void Remove_unknown_id_is_refused_and_nothing_is_removed()
    {
        IVectorIndex index = Filled(Metric.Cosine, [1, 0]);

        AssertRefused<KeyNotFoundException>(
            () => index.Remove([0, 5]), "ids must be stored. Got 5, which is not. Nothing was removed.");
        AssertRefused<ArgumentException>(
            () => index.Remove([0, 0]), "ids must differ. Got 0 twice. Nothing was removed. (Parameter 'ids')");
        AssertUnchanged(index);
        index.Remove([0]);
        AssertRefused<KeyNotFoundException>(
            () => index.Remove([0]), "ids must be stored. Got 0, which is not. Nothing was removed.");
    }

    [TestMethod]
    public void Add_and_remove_nothing_change_nothing()
    {
        IVectorIndex index = Filled(Metric.Cosine, [1, 0]);

        index.Add([], []);
        index.Remove([]);

        AssertUnchanged(index);
    }

    [TestMethod]
    public void Remove_all_then_add_finds_the_new_ones_only()
    {
        float[][] rows = [.. Enumerable.Range(0, 200).Select(row => new float[] { row, 0 })];
        IVectorIndex index = Filled(Metric.SquaredEuclidean, rows);
        index.Remove([.. Enumerable.Range(0, 200).Reverse().Select(row => (long)row)]);

        Assert.AreEqual(0, index.Count);
        Assert.HasCount(0, Ids(index, [0, 0], 5));
        index.Add([3, 1], [5, 0, 6, 0]);
        CollectionAssert.AreEqual(new long[] { 3, 1 }, Ids(index, [0, 0], 5));
    }

    [TestMethod]
    public void Add_removed_id_again_counts_as_new_and_loses_ties()
    {
        IVectorIndex index = Filled(Metric.Cosine, [1, 0], [1, 0], [1, 0]);
        index.Remove([0]);
        index.Add([0], [1, 0]);

        CollectionAssert.AreEqual(new long[] { 1, 2, 0 }, Ids(index, [1, 0], 3));
    }

    [TestMethod]
    public void Create_takes_dimension_and_metric_and_refuses_others()
    {
        IVectorIndex index = Create(7, Metric.InnerProduct);

        Assert.AreEqual(7, index.Dimension);
        Assert.AreEqual(Metric.InnerProduct, index.Metric);
        AssertRefused<ArgumentException>(
            () => Create(0, Metric.Cosine), "dimension must be in [1, 1048576]. Got 0. (Parameter 'dimension')");
        AssertRefused<ArgumentException>(
            () => Create((1 << 20) + 1, Metric.Cosine),
            "dimension must be in [1, 1048576]. Got 1048577. (Parameter 'dimension')");
        AssertRefused<ArgumentException>(
            () => Create(1, (Metric)3), "metric must be a metric. Got 3. (Parameter 'metric')");
    }

    private static void AssertRefused<TError>(Action action, string message)
        where TError : Exception
        => Refusal.Assert<TError>(message, action);

    private static void AssertUnchanged(IVectorIndex index)
    {
        Assert.AreEqual(1, index.Count);
        CollectionAssert.AreEqual(new long[] { 0 }, Ids(index, [1, 2], 9));
    }

    private static long[] Ids(IVectorIndex index, float[] query, int k)
    {
        var found = new NeighborTable();
        index.Search(query, k, found);
        return found.IdsOf(0).ToArray();
    }

    private IVectorIndex Filled(Metric metric, params float[][] rows)
    {
        IVectorIndex index = Create(2, metric);
        index.Add([.. Enumerable.Range(0, rows.Length)], rows.SelectMany(row => row).ToArray());
        return index;
    }
}
