// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed class ExactScanTests
{
    [TestMethod]
    public void Search_random_shapes_equals_brute_force_in_double()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(1500).WithReplay(20_261_120, 7);

        FsCheck.Check.One(config, Prop.ForAll(ScanCase.Arbitrary, EqualsBruteForce));
    }

    [TestMethod]
    [DataRow(128)]
    [DataRow(256)]
    [DataRow(512)]
    public void Search_long_vectors_equals_brute_force_in_double(int bits)
    {
        foreach (Metric metric in Enum.GetValues<Metric>())
        {
            using ScannedRows rows = ScannedRows.Whole(metric, 5000, Random(60 * 5000, seed: 1));
            float[] queries = Random(11 * 5000, seed: 2);
            var found = new NeighborTable();

            rows.Search(queries, 5, found, threads: 2, (ScanWidth)bits);

            BruteForce.AssertEqual(rows, queries, 5, found);
        }
    }

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Search_any_thread_count_gives_the_same_bits(Metric metric)
    {
        const int D = 48, Rows = 20_000;
        float[] values = Random(Rows * D, seed: 3);
        float[] queries = Random(40 * D, seed: 4);
        using ScannedRows whole = ScannedRows.Whole(metric, D, values);
        using var split = new ScannedRows(metric, D, values, [1, 4095, 77, 0, Rows - 4173]);
        var expected = new NeighborTable();
        whole.Search(queries, 12, expected);

        foreach (int threads in (int[])[1, 2, 8])
        {
            var found = new NeighborTable();
            split.Search(queries, 12, found, threads);
            Neighbors.AssertSame(expected, found);
        }
    }

    [TestMethod]
    public void Search_ten_thousand_equal_rows_gives_the_first_and_counts_the_second_scan()
    {
        const int D = 20;
        float[] values = [.. Enumerable.Repeat(Random(D, seed: 5), 10_000).SelectMany(row => row)];
        using ScannedRows rows = ScannedRows.Whole(Metric.Cosine, D, values);
        var found = new NeighborTable();

        int scannedTwice = rows.Search(Random(10 * D, seed: 6), 6, found, threads: 2);

        Assert.AreEqual(10, scannedTwice);
        for (int query = 0; query < 10; query++)
        {
            CollectionAssert.AreEqual((int[])[0, 1, 2, 3, 4, 5], found.PositionsOf(query).ToArray());
        }
    }

    [TestMethod]
    public void Search_random_vectors_certifies_every_query()
    {
        const int D = 64;
        using ScannedRows rows = ScannedRows.Whole(Metric.Cosine, D, Random(5000 * D, seed: 7));

        int scannedTwice = rows.Search(Random(64 * D, seed: 8), 10, new NeighborTable());

        Assert.AreEqual(0, scannedTwice);
    }

    [TestMethod]
    public void Search_no_rows_finds_nothing()
    {
        using var rows = new ScannedRows(Metric.Cosine, 3, [], []);
        var found = new NeighborTable();

        rows.Search([1, 2, 3, 4, 5, 6], 4, found);

        Assert.AreEqual(2, found.QueryCount);
        Assert.AreEqual(0, found.CountOf(0) + found.CountOf(1));
    }

    [TestMethod]
    public void Search_k_beyond_memory_returns_all_rows()
    {
        using ScannedRows rows = ScannedRows.Whole(Metric.SquaredEuclidean, 2, [0, 0, 3, 4, 1, 0]);
        var found = new NeighborTable();

        rows.Search([0, 0], int.MaxValue, found);

        CollectionAssert.AreEqual((int[])[0, 2, 1], found.PositionsOf(0).ToArray());
        CollectionAssert.AreEqual((float[])[0, 1, 25], found.DistancesOf(0).ToArray());
    }

    [TestMethod]
    public void Search_repeated_allocates_nothing_per_query()
    {
        const int D = 32;
        using ScannedRows rows = ScannedRows.Whole(Metric.Cosine, D, Random(3000 * D, seed: 9));
        float[] few = Random(16 * D, seed: 10), many = Random(1000 * D, seed: 11);
        var found = new NeighborTable();
        rows.Search(many, 10, found);
        rows.Search(few, 10, found);

        long start = GC.GetAllocatedBytesForCurrentThread();
        rows.Search(few, 10, found);
        long afterFew = GC.GetAllocatedBytesForCurrentThread();
        rows.Search(many, 10, found);
        long afterMany = GC.GetAllocatedBytesForCurrentThread();

        Assert.IsLessThan(4096, afterFew - start);
        Assert.AreEqual(afterFew - start, afterMany - afterFew);
    }

    private static bool EqualsBruteForce(ScanCase given)
    {
        using ScannedRows rows = given.MakeRows();
        float[] queries = given.MakeQueries(rows.Rows);
        var found = new NeighborTable();

        rows.Search(queries, given.K, found, given.Threads, given.Width);

        BruteForce.AssertEqual(rows, queries, given.K, found);
        return true;
    }

    private static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }
}
