// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Concurrent;

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed class QuerySharesTests
{
    [TestMethod]
    [DataRow(1024, 2, 16, false, 4)]
    [DataRow(1000, 2, 32, false, 4)]
    [DataRow(1025, 3, 8, false, 6)]
    [DataRow(300, 2, 16, false, 2)]
    [DataRow(200, 4, 16, false, 1)]
    [DataRow(5000, 1, 16, false, 1)]
    [DataRow(1, 8, 16, false, 1)]
    [DataRow(20, int.MaxValue, 16, false, 1)]
    [DataRow(1024, 2, 32, true, 2)]
    [DataRow(700, 2, 32, true, 1)]
    [DataRow(1024, 3, 32, true, 1)]
    [DataRow(4096, 2, 32, true, 4)]
    public void Each_takes_every_query_once(
        int queries, int threads, int panel, bool isFromMemory, int shares)
    {
        var taken = new ConcurrentBag<(int First, int Count, int Threads)>();

        int sum = QueryShares.Each(queries, threads, panel, isFromMemory, (first, count, own) =>
        {
            taken.Add((first, count, own));
            return count;
        });

        Assert.AreEqual(queries, sum);
        Assert.HasCount(shares, taken);
        Assert.IsLessThanOrEqualTo((queries / shares) + panel, taken.Max(share => share.Count));
        Assert.IsTrue(taken.All(share => share.Threads == (shares == 1 ? threads : 1)));
        int next = 0;
        foreach ((int first, int count, int _) in taken.OrderBy(share => share.First))
        {
            Assert.AreEqual(next, first);
            next += count;
        }

        Assert.AreEqual(queries, next);
    }

    [TestMethod]
    [DataRow(ScanPrecision.Single)]
    [DataRow(ScanPrecision.SignedByte)]
    public void Search_for_many_queries_gives_the_same_for_any_number_of_threads(ScanPrecision precision)
    {
        const int D = 20;
        var random = new Random(41);
        var index = new FlatIndex(D, Metric.SquaredEuclidean, precision);
        index.Add([.. Enumerable.Range(0, 700).Select(id => (long)id)], Values(random, 700 * D));
        float[] queries = Values(random, 1100 * D);
        NeighborTable alone = new(), together = new();
        index.Search(queries, 9, alone, new SearchOptions { ThreadCount = 1 });

        foreach (int threads in (int[])[2, 3, 7])
        {
            index.Search(queries, 9, together, new SearchOptions { ThreadCount = threads });
            Neighbors.AssertSame(alone, together);
        }
    }

    [TestMethod]
    [DataRow(300)]
    [DataRow(1160)]
    public void Search_of_more_rows_than_a_cache_holds_gives_the_same_for_any_number_of_threads(int count)
    {
        const int D = 512, RowCount = 17_000; // 35 MB
        var random = new Random(42);
        var index = new FlatIndex(D, Metric.Cosine, ScanPrecision.Single);
        index.Add([.. Enumerable.Range(0, RowCount).Select(id => (long)id)], Values(random, RowCount * D));
        float[] queries = Values(random, count * D);
        NeighborTable alone = new(), together = new();
        index.Search(queries, 9, alone, new SearchOptions { ThreadCount = 1 });

        index.Search(queries, 9, together, new SearchOptions { ThreadCount = 3 });

        Neighbors.AssertSame(alone, together);
        Assert.AreEqual(alone.RescoredCount, together.RescoredCount);
    }

    private static float[] Values(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
}
