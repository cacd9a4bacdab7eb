// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed class RangeScanTests
{
    [TestMethod]
    public void Search_random_shapes_equals_brute_force_in_double()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(1500).WithReplay(20_261_122, 7);

        FsCheck.Check.One(config, Prop.ForAll(ScanCase.Arbitrary, EqualsBruteForce));
    }

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Search_any_thread_count_gives_the_same_bits(Metric metric)
    {
        const int D = 48, Rows = 20_000;
        float[] values = Random(Rows * D, seed: 3);
        float[] queries = Random(600 * D, seed: 4);
        using ScannedRows whole = ScannedRows.Whole(metric, D, values);
        using var split = new ScannedRows(metric, D, values, [1, 4095, 77, 0, Rows - 4173]);
        float distance = NearDistance(whole, queries.AsSpan(0, D), rank: 40);
        var expected = new NeighborTable();
        whole.RangeSearch(queries, distance, expected);

        Assert.AreEqual(40, expected.CountOf(0));
        foreach (int threads in (int[])[1, 2, 8])
        {
            var found = new NeighborTable();
            split.RangeSearch(queries, distance, found, threads);
            Neighbors.AssertSame(expected, found);
            split.RangeSearch(queries, distance, found, threads, codes: CodeKernels.Best);
            Neighbors.AssertSame(expected, found);
        }
    }

    [TestMethod]
    [DataRow(false, 1.02)]
    [DataRow(true, 3)]
    public void Search_random_vectors_compares_few_more_than_it_finds(bool readsCodes, double most)
    {
        const int D = 64;
        using ScannedRows rows = ScannedRows.Whole(Metric.Cosine, D, Random(5000 * D, seed: 7));
        float[] queries = Random(64 * D, seed: 8);
        float distance = NearDistance(rows, queries.AsSpan(0, D), rank: 10);
        var found = new NeighborTable();

        rows.RangeSearch(queries, distance, found, threads: 2, codes: readsCodes ? CodeKernels.Best : null);

        int count = Enumerable.Range(0, 64).Sum(found.CountOf);
        Assert.IsGreaterThan(300, count);
        Assert.IsLessThan(most * count, found.RescoredCount);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Search_more_than_a_buffer_holds_finds_all(bool readsCodes)
    {
        const int D = 3, Rows = 10_000;
        using ScannedRows rows = ScannedRows.Whole(Metric.SquaredEuclidean, D, new float[Rows * D]);
        var found = new NeighborTable();

        rows.RangeSearch([0, 0, 0, 1, 0, 0], 0, found, threads: 2, codes: readsCodes ? CodeKernels.Best : null);

        CollectionAssert.AreEqual(Enumerable.Range(0, Rows).ToArray(), found.PositionsOf(0).ToArray());
        Assert.AreEqual(0, found.CountOf(1));
        Assert.AreEqual(Rows, found.Capacity);
    }

    [TestMethod]
    public void Search_takes_what_is_rounded_down_to_the_distance()
    {
        float[] row = [1, 3e-4f]; // its distance to the query, 4.5e-8, lies between two numbers of single precision
        using ScannedRows rows = ScannedRows.Whole(Metric.Cosine, 2, row);
        double distance = BruteForce.Distance(Metric.Cosine, [1, 0], row);
        var found = new NeighborTable();

        rows.RangeSearch([1, 0], (float)distance, found);
        int atTheDistance = found.CountOf(0);
        rows.RangeSearch([1, 0], float.BitDecrement((float)distance), found);

        Assert.AreEqual(1, atTheDistance);
        Assert.AreEqual(0, found.CountOf(0));
    }

    [TestMethod]
    public void Search_without_rows_finds_nothing()
    {
        using var rows = new ScannedRows(Metric.Cosine, 3, [], []);
        var found = new NeighborTable();

        rows.RangeSearch([1, 2, 3, 4, 5, 6], 2, found);

        Assert.AreEqual(2, found.QueryCount);
        Assert.AreEqual(0, found.CountOf(0) + found.CountOf(1));
    }

    private static void EqualsBruteForce(ScanCase scan)
    {
        using ScannedRows rows = scan.MakeRows();
        float[] queries = scan.MakeQueries(rows.Rows);
        var random = new Random(scan.Seed + 2);
        ReadOnlySpan<float> query = queries.AsSpan(random.Next(scan.QueryCount) * scan.Dimension, scan.Dimension);
        float distance = NearDistance(rows, query, 1 + random.Next(scan.RowCount + 2));
        if (random.Next(4) == 0) distance = float.BitDecrement(distance);
        if (!float.IsFinite(distance) || (distance < 0 && scan.Metric != Metric.InnerProduct)) distance = 0;
        var found = new NeighborTable();

        rows.RangeSearch(queries, distance, found, scan.Threads, scan.Width);

        BruteForce.AssertWithin(rows, queries, distance, found);
        foreach (CodeKernel kernel in Enum.GetValues<CodeKernel>().Where(CodeKernels.IsSupported))
        {
            rows.RangeSearch(queries, distance, found, scan.Threads, codes: kernel);
            BruteForce.AssertWithin(rows, queries, distance, found);
        }
    }

    /// <summary>Gives the distance of the neighbour of a rank, 1 for the nearest; 1 where there is none.</summary>
    private static float NearDistance(ScannedRows rows, ReadOnlySpan<float> query, int rank) =>
        (float)BruteForce.Search(rows, query, rank).Select(hit => hit.Distance).LastOrDefault(1);

    private static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }
}
