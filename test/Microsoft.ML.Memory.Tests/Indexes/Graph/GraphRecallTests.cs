// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

[TestClass]
public sealed class GraphRecallTests
{
    private const double Floor = 0.95;

    // Fewer candidates than usual, for time: the floor holds all the same.
    private const int BuildCandidateCount = 60;

    private static readonly GraphCase _case = new(2500);

    public static IEnumerable<object[]> MetricsAndEncodings =>
        from metric in Enum.GetValues<Metric>()
        from encoding in Enum.GetValues<VectorEncoding>()
        select new object[] { metric, encoding };

    [TestMethod]
    [DynamicData(nameof(MetricsAndEncodings))]
    public void Search_finds_nearly_all_and_fewer_with_fewer_candidates(Metric metric, VectorEncoding encoding)
    {
        GraphIndex index = _case.Build(metric, Small() with { Encoding = encoding });
        FlatIndex exact = _case.BuildExact(metric);

        double few = _case.Recall(index, exact, new SearchOptions { CandidateCount = 10 });
        double usual = _case.Recall(index, exact);
        double many = _case.Recall(index, exact, new SearchOptions { CandidateCount = 300 });

        Assert.IsGreaterThanOrEqualTo(Floor, usual);
        Assert.IsLessThan(usual, few);
        Assert.IsGreaterThanOrEqualTo(usual, many);
        Assert.IsGreaterThanOrEqualTo(0.99, many);
    }

    [TestMethod]
    [DataRow(VectorEncoding.Single, 1)]
    [DataRow(VectorEncoding.Half, 8)]
    [DataRow(VectorEncoding.SignedByte, 8)]
    public void Search_by_inner_product_beside_long_entries_finds_nearly_all(VectorEncoding encoding, int longEntries)
    {
        var data = new GraphCase(4000, dimension: 16);
        for (int entry = 0; entry < longEntries; entry++)
        {
            Span<float> values = data.Rows.AsSpan((5 + (entry * 450)) * data.Dimension, data.Dimension);
            TensorPrimitives.Multiply(values, 1e6f, values);
        }

        GraphIndex index = data.Build(Metric.InnerProduct, Small() with { Encoding = encoding });

        Assert.IsGreaterThanOrEqualTo(0.98, data.Recall(index, data.BuildExact(Metric.InnerProduct)));
    }

    [TestMethod]
    public void Search_with_as_many_candidates_as_entries_is_exact()
    {
        GraphIndex index = _case.Build(Metric.Cosine, Small());

        Assert.AreEqual(
            1.0,
            _case.Recall(index, _case.BuildExact(Metric.Cosine), new SearchOptions { CandidateCount = index.Count }));
    }

    [TestMethod]
    public void Search_gives_the_same_with_any_number_of_threads()
    {
        GraphIndex index = _case.Build(Metric.SquaredEuclidean, Small());
        var one = new NeighborTable();
        var many = new NeighborTable();

        index.Search(_case.Queries, 10, one, new SearchOptions { ThreadCount = 1, CandidateCount = 12 });
        index.Search(_case.Queries, 10, many, new SearchOptions { ThreadCount = 8, CandidateCount = 12 });

        for (int query = 0; query < one.QueryCount; query++)
        {
            CollectionAssert.AreEqual(one.IdsOf(query).ToArray(), many.IdsOf(query).ToArray());
            CollectionAssert.AreEqual(one.DistancesOf(query).ToArray(), many.DistancesOf(query).ToArray());
        }
    }

    [TestMethod]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Search_among_entries_too_long_for_floats_is_exact(Metric metric)
    {
        var index = new GraphIndex(2, metric, new GraphSettings { Encoding = VectorEncoding.SignedByte });
        float[] rows = [.. Enumerable.Range(0, 600).Select(row => row * (row % 2 == 0 ? 1e35f : 1f))];
        var exact = new FlatIndex(2, metric);
        long[] ids = [.. Enumerable.Range(0, 300).Select(row => (long)row)];
        index.Add(ids, rows);
        exact.Add(ids, rows);
        var found = new NeighborTable();
        var truth = new NeighborTable();

        index.Search([3e36f, 7, 1, 1], 20, found);
        exact.Search([3e36f, 7, 1, 1], 20, truth);

        CollectionAssert.AreEqual(truth.IdsOf(0).ToArray(), found.IdsOf(0).ToArray());
        CollectionAssert.AreEqual(truth.IdsOf(1).ToArray(), found.IdsOf(1).ToArray());
    }

    private static GraphSettings Small() => new() { ThreadCount = 1, BuildCandidateCount = BuildCandidateCount };
}
