// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

[TestClass]
public sealed class GraphChangeTests
{
    private const double Tolerance = 0.01;

    private static readonly SearchOptions _few = new() { CandidateCount = 20 };

    [TestMethod]
    [DataRow(VectorEncoding.Single, 2000)]
    [DataRow(VectorEncoding.SignedByte, 100)]
    public void Remove_and_add_of_half_the_entries_keeps_the_recall_of_a_fresh_build(VectorEncoding encoding, int batch)
    {
        const int Half = 2000;
        var settings = new GraphSettings { Encoding = encoding, ThreadCount = 1 };
        var data = new GraphCase(2 * Half);
        float[] rows = data.More(Half);
        long[] ids = [.. Enumerable.Range(2 * Half, Half).Select(id => (long)id)];
        GraphIndex index = data.Build(Metric.SquaredEuclidean, settings);
        int d = data.Dimension;

        for (int start = 0; start < Half; start += batch)
        {
            index.Remove([.. Enumerable.Range(start, batch).Select(row => 2L * row)]);
            index.Add(ids.AsSpan(start, batch), rows.AsSpan(start * d, batch * d));
        }

        var fresh = new GraphIndex(d, Metric.SquaredEuclidean, settings);
        var exact = new FlatIndex(d, Metric.SquaredEuclidean);
        foreach (IVectorIndex other in (IVectorIndex[])[fresh, exact])
        {
            for (int row = 1; row < 2 * Half; row += 2) other.Add([row], data.Rows.AsSpan(row * d, d));
            other.Add(ids, rows);
        }

        Assert.AreEqual(2 * Half, index.Count);
        Assert.IsGreaterThanOrEqualTo(data.Recall(fresh, exact, _few) - Tolerance, data.Recall(index, exact, _few));
    }

    [TestMethod]
    public void Remove_of_many_keeps_the_rest_reachable()
    {
        var data = new GraphCase(3000);
        GraphIndex index = data.Build(Metric.Cosine);
        FlatIndex exact = data.BuildExact(Metric.Cosine);
        long[] gone = [.. data.Ids.Where(id => id % 10 != 0)];

        index.Remove(gone);
        exact.Remove(gone);

        Assert.AreEqual(300, index.Count);
        Assert.IsGreaterThanOrEqualTo(0.98, data.Recall(index, exact));
    }

    [TestMethod]
    public void Remove_one_by_one_down_to_few_finds_what_is_left()
    {
        var data = new GraphCase(400, dimension: 4);
        GraphIndex index = data.Build(Metric.SquaredEuclidean, new GraphSettings { LinkCount = 4, ThreadCount = 1 });
        FlatIndex exact = data.BuildExact(Metric.SquaredEuclidean);
        foreach (long id in data.Ids.Where(id => id % 20 != 3))
        {
            index.Remove([id]);
            exact.Remove([id]);
        }

        Assert.AreEqual(20, index.Count);
        Assert.IsGreaterThanOrEqualTo(0.95, data.Recall(index, exact, new SearchOptions { CandidateCount = 19 }));
    }

    [TestMethod]
    public void Remove_with_several_threads_leaves_the_same_graph()
    {
        var data = new GraphCase(1500);
        GraphIndex built = data.Build(Metric.Cosine);
        using var saved = new MemoryStream();
        built.Save(saved);

        byte[][] after = new byte[2][];
        for (int run = 0; run < after.Length; run++)
        {
            saved.Position = 0;
            var index = GraphIndex.Load(saved, threadCount: run == 0 ? 1 : 4);
            index.Remove([.. data.Ids.Where(id => id % 3 == 0)]);
            after[run] = GraphFileTests.Saved(index);
        }

        CollectionAssert.AreEqual(after[0], after[1]);
    }
}
