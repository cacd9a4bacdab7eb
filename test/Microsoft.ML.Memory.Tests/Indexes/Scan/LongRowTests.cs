// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes;

/// <summary>A few rows far longer than all others cost a search next to nothing, and never change its answer.</summary>
[TestClass]
public sealed class LongRowTests
{
    private const int D = 32, Rows = 5000, Queries = 64;

    private readonly NeighborTable _found = new();

    public static IEnumerable<object[]> Cases =>
        from metric in (Metric[])[Metric.SquaredEuclidean, Metric.InnerProduct]
        from longRows in (int[])[1, 10, Rows / 100]
        from length in (float[])[1e3f, 1e6f, 1e9f, 1e16f]
        select new object[] { metric, longRows, length };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Search_beside_long_rows_certifies_every_query(Metric metric, int longRows, float length)
    {
        using ScannedRows rows = Make(metric, longRows, length);
        float[] queries = Random(Queries, seed: 2);
        foreach (int k in (int[])[1, 16, 50])
        {
            int scannedTwice = rows.Search(queries, k, _found);

            Assert.AreEqual(0, scannedTwice);
            Assert.IsLessThanOrEqualTo(Queries * (k + 8 + (k / 16)), _found.RescoredCount);
            BruteForce.AssertEqual(rows, queries, k, _found);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Search_through_codes_beside_long_rows_answers_every_query(Metric metric, int longRows, float length)
    {
        if (length > RowCode.LargestNorm) return; // is not coded, and costs a comparison with every query
        using ScannedRows rows = Make(metric, longRows, length);
        float[] queries = Random(Queries, seed: 2);
        foreach (CodeKernel kernel in Enum.GetValues<CodeKernel>().Where(CodeKernels.IsSupported))
        {
            int open = rows.SearchCodes(queries, 16, _found, threads: 1, kernel);

            Assert.AreEqual(0, open);
            Assert.IsLessThan(Queries * 16 * 4, _found.RescoredCount);
            BruteForce.AssertEqual(rows, queries, 16, _found);
        }
    }

    [TestMethod]
    [DataRow(Metric.SquaredEuclidean, 1e3f)]
    [DataRow(Metric.SquaredEuclidean, 1e6f)]
    [DataRow(Metric.InnerProduct, 1e3f)]
    [DataRow(Metric.InnerProduct, 1e6f)]
    [DataRow(Metric.InnerProduct, 1e12f)]
    public void Search_for_long_queries_beside_long_rows_certifies_every_query(Metric metric, float length)
    {
        using ScannedRows rows = Make(metric, 10, length);
        float[] queries = Random(Queries, seed: 2, Enumerable.Range(0, Queries), length);

        int scannedTwice = rows.Search(queries, 10, _found);

        Assert.AreEqual(0, scannedTwice);
        BruteForce.AssertEqual(rows, queries, 10, _found);
    }

    [TestMethod]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Search_for_one_long_query_beside_long_rows_compares_few_rows(Metric metric)
    {
        using ScannedRows rows = Make(metric, Rows / 100, 1e6f);
        float[] queries = Random(Queries, seed: 2, [7], 1e6f);

        int scannedTwice = rows.Search(queries, 10, _found);

        Assert.AreEqual(metric == Metric.SquaredEuclidean ? 1 : 0, scannedTwice);
        Assert.IsLessThan((Queries * 18) + (Rows / 10), _found.RescoredCount);
        BruteForce.AssertEqual(rows, queries, 10, _found);
    }

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Search_through_codes_for_long_queries_answers_every_one(Metric metric)
    {
        using ScannedRows rows = Make(metric, 0, 1);
        float[] queries = Random(Queries, seed: 2, Enumerable.Range(0, Queries), 1e9f);

        int open = rows.SearchCodes(queries, 10, _found);

        Assert.AreEqual(0, open);
        BruteForce.AssertEqual(rows, queries, 10, _found);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void RangeSearch_by_inner_product_lets_few_others_in_to_be_compared(bool readsCodes)
    {
        using ScannedRows rows = Make(Metric.InnerProduct, 10, 1e6f);
        float[] queries = Random(Queries, seed: 2);

        rows.RangeSearch(queries, -5, _found, codes: readsCodes ? CodeKernels.Best : null);

        int count = Enumerable.Range(0, Queries).Sum(_found.CountOf);
        Assert.IsGreaterThan(Queries * 10, count);
        Assert.IsLessThan(count + (Queries * (readsCodes ? 30 : 1)), _found.RescoredCount);
        BruteForce.AssertWithin(rows, queries, -5, _found);
    }

    [TestMethod]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Search_filtered_beside_long_rows_gives_the_same_bits_in_any_way(Metric metric)
    {
        float[] values = Values(Rows / 100, 1e6f);
        float[] queries = Random(Queries, seed: 2, [3, 40], 1e6f);
        using var rows = new ScannedRows(metric, D, values, [1, 1234, 0, Rows - 1235], row => row % 3 == 0);
        var index = new FlatIndex(D, metric);
        index.Add([.. Enumerable.Range(0, Rows).Select(ScannedRows.IdOf)], values);
        foreach (int k in (int[])[1, 16, 50])
        {
            foreach (int threads in (int[])[1, 2, 8])
            {
                foreach (ScanWidth width in Enum.GetValues<ScanWidth>())
                {
                    rows.Search(queries, k, _found, threads, width);
                    BruteForce.AssertEqual(rows, queries, k, _found);
                }

                foreach (ScanPrecision precision in Enum.GetValues<ScanPrecision>())
                {
                    var options = new SearchOptions
                    {
                        ThreadCount = threads,
                        Precision = precision,
                        Filter = id => !rows.Removed[PositionOf(id)],
                    };
                    index.Search(queries, k, _found, options);
                    BruteForce.AssertEqual(rows, queries, k, _found);
                }
            }
        }
    }

    private static int PositionOf(long id) => (int)((id + 5) / 1_000_000_007L);

    private static ScannedRows Make(Metric metric, int longRows, float length) =>
        ScannedRows.Whole(metric, D, Values(longRows, length));

    /// <summary>Gives rows of which so many, evenly spread, are so many times as long as the others.</summary>
    private static float[] Values(int longRows, float length) =>
        Random(Rows, seed: 1, Enumerable.Range(0, longRows).Select(i => 7 + (i * (Rows / longRows))), length);

    private static float[] Random(int count, int seed) => Random(count, seed, [], 1);

    private static float[] Random(int count, int seed, IEnumerable<int> longOnes, float length)
    {
        var random = new Random(seed);
        float[] values = [.. Enumerable.Range(0, count * D).Select(_ => (random.NextSingle() * 2) - 1)];
        foreach (int row in longOnes)
        {
            for (int i = 0; i < D; i++) values[(row * D) + i] *= length;
        }

        return values;
    }
}
