// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes;

/// <summary>
/// Rows that lie much farther from the origin than from each other cost a search next to nothing, and never change its
/// answer.
/// </summary>
[TestClass]
public sealed class FarRowsTests
{
    private const int Rows = 5000, Queries = 64, K = 10, Kept = K + 8;

    private readonly NeighborTable _found = new();

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(16)]
    [DataRow(64)]
    [DataRow(300)]
    public void Search_far_from_the_origin_certifies_every_query(int d)
    {
        foreach (float offset in (float[])[10, 100, 1000, 10_000])
        {
            using ScannedRows rows = ScannedRows.Whole(
                Metric.SquaredEuclidean, d, Values(Rows, d, seed: 1, Offset(d, offset)));
            float[] queries = Values(Queries, d, seed: 2, Offset(d, offset));
            foreach (ScanWidth width in Enum.GetValues<ScanWidth>())
            {
                foreach (int count in (int[])[1, 16, Queries]) // kernels for few queries, for some, for many
                {
                    float[] some = queries[..(count * d)];
                    int scannedTwice = rows.Search(some, K, _found, threads: 2, width);

                    Assert.AreEqual(0, scannedTwice);
                    Assert.IsLessThanOrEqualTo(count * Kept, _found.RescoredCount);
                    BruteForce.AssertEqual(rows, some, K, _found);
                }
            }
        }
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(64)]
    public void Search_of_clusters_far_from_each_other_compares_few_rows(int d)
    {
        const int Clusters = 20;
        using ScannedRows rows = ScannedRows.Whole(Metric.SquaredEuclidean, d, Clustered(Rows, d, seed: 1, Clusters));
        float[] queries = Clustered(Queries, d, seed: 2, Clusters);

        int scannedTwice = rows.Search(queries, K, _found, threads: 2);

        Assert.IsGreaterThan(Queries / 2, scannedTwice);
        Assert.IsLessThan(Queries * 60, _found.RescoredCount); // of 250 of the cluster, all alike to products
        BruteForce.AssertEqual(rows, queries, K, _found);
    }

    [TestMethod]
    public void Search_for_long_queries_and_others_compares_few_rows_for_either()
    {
        const int D = 32, Long = 5;
        float[] values = Clustered(Rows, D, seed: 1, clusters: 20);
        float[] queries = Clustered(Queries, D, seed: 2, clusters: 20);
        for (int i = 0; i < Long * D; i++) queries[i] *= 1e6f;
        using ScannedRows rows = ScannedRows.Whole(Metric.SquaredEuclidean, D, values);

        rows.Search(queries, K, _found);

        Assert.IsLessThan(Queries * 60, _found.RescoredCount);
        BruteForce.AssertEqual(rows, queries, K, _found);
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(64)]
    public void RangeSearch_far_from_the_origin_compares_what_it_finds(int d)
    {
        using ScannedRows rows = ScannedRows.Whole(
            Metric.SquaredEuclidean, d, Values(Rows, d, seed: 1, Offset(d, 1000)));
        float[] queries = Values(Queries, d, seed: 2, Offset(d, 1000));
        float distance = (float)BruteForce.Search(rows, queries.AsSpan(0, d), 20)[^1].Distance;
        foreach (CodeKernel? codes in (CodeKernel?[])[null, CodeKernels.Best])
        {
            rows.RangeSearch(queries, distance, _found, threads: 2, codes: codes);

            int count = Enumerable.Range(0, Queries).Sum(_found.CountOf);
            Assert.IsGreaterThan(Queries * 5, count);
            if (codes is null) Assert.IsLessThanOrEqualTo(count + (count / 100), _found.RescoredCount);
            BruteForce.AssertWithin(rows, queries, distance, _found);
        }
    }

    [TestMethod]
    [DataRow(0f, false)]
    [DataRow(3f, true)]
    public void Search_of_many_wide_entries_reads_no_codes_far_from_the_origin(float offset, bool isSame)
    {
        const int D = 128;
        float[] keys = Values(9000, D, seed: 1, Offset(D, offset));
        var bank = new MemoryBank(D, Metric.SquaredEuclidean);
        bank.AddRange(keys, new int[9000]);
        NeighborTable auto = new(), single = new();
        ReadOnlySpan<float> queries = keys.AsSpan(0, 16 * D);

        bank.Snapshot().Search(queries, 3, auto);
        bank.Snapshot().Search(queries, 3, single, new SearchOptions { Precision = ScanPrecision.Single });

        Neighbors.AssertSame(single, auto);
        Assert.AreEqual(isSame, single.RescoredCount == auto.RescoredCount);
    }

    public static IEnumerable<object[]> Cases =>
        from metric in Enum.GetValues<Metric>()
        from offset in (float[])[0, 10, 1e3f, 1e6f]
        select new object[] { metric, offset };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Search_gives_the_same_bits_in_any_way_while_entries_come_and_go(Metric metric, float offset)
    {
        const int D = 5, Count = 900;
        float[] values = Values(Count, D, seed: 1, Offset(D, offset));
        float[] queries = [.. Values(20, D, seed: 2, Offset(D, offset)), .. values.AsSpan(0, 4 * D), .. new float[D]];
        using var rows = new ScannedRows(metric, D, values, [1, 299, 600], row => row % 3 == 0);
        var random = new Random(3);
        var index = new FlatIndex(D, metric);
        for (int first = 0, taken; first < Count; first += taken)
        {
            taken = Math.Min(random.Next(1, 300), Count - first);
            long[] ids = [.. Enumerable.Range(first, taken).Select(ScannedRows.IdOf)];
            index.Add(ids, values.AsSpan(first * D, taken * D));
            index.Remove([.. Enumerable.Range(first, taken).Where(row => row % 6 == 0).Select(ScannedRows.IdOf)]);
        }

        using var saved = new MemoryStream();
        index.Save(saved);
        saved.Position = 0;
        foreach (FlatIndex each in (FlatIndex[])[index, FlatIndex.Load(saved)])
            AssertAnswers(rows, each, queries);
    }

    private void AssertAnswers(ScannedRows rows, FlatIndex index, float[] queries)
    {
        float distance = (float)BruteForce.Search(rows, queries.AsSpan(0, rows.Dimension), 12)[^1].Distance;
        NeighborTable expected = new(), within = new();
        rows.Search(queries, 12, expected);
        rows.RangeSearch(queries, distance, within);
        BruteForce.AssertEqual(rows, queries, 12, expected);
        BruteForce.AssertWithin(rows, queries, distance, within);
        foreach (int threads in (int[])[1, 2, 8])
        {
            foreach (ScanPrecision precision in Enum.GetValues<ScanPrecision>())
            {
                var options = new SearchOptions
                {
                    ThreadCount = threads,
                    Precision = precision,
                    Filter = id => (id + 5) / 1_000_000_007L % 3 != 0,
                };
                index.Search(queries, 12, _found, options);
                AssertSame(expected, _found);
                index.RangeSearch(queries, distance, _found, options);
                AssertSame(within, _found);
            }
        }
    }

    /// <summary>Positions differ: an index that compacts itself numbers them anew.</summary>
    private static void AssertSame(NeighborTable expected, NeighborTable found)
    {
        for (int query = 0; query < expected.QueryCount; query++)
        {
            CollectionAssert.AreEqual(expected.IdsOf(query).ToArray(), found.IdsOf(query).ToArray());
            CollectionAssert.AreEqual(expected.DistancesOf(query).ToArray(), found.DistancesOf(query).ToArray());
        }
    }

    private static float[] Offset(int d, float offset) => [.. Enumerable.Repeat(offset, d)];

    private static float[] Clustered(int count, int d, int seed, int clusters) =>
        Values(count, d, seed, [.. Values(clusters, d, seed: 9, new float[d]).Select(value => 1000 * value)]);

    /// <summary>Gives vectors that spread by 1 around points, [p, d], by turns.</summary>
    private static float[] Values(int count, int d, int seed, float[] points)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count * d).Select(i => points[i % points.Length] + random.NextSingle() - 0.5f)];
    }
}
