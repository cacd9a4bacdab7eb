// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

[TestClass]
public sealed class GraphFilterTests
{
    private static readonly GraphCase _case = new(4000);
    private static readonly Lazy<GraphIndex> _index = new(() => _case.Build(Metric.SquaredEuclidean));
    private static readonly Lazy<FlatIndex> _exact = new(() => _case.BuildExact(Metric.SquaredEuclidean));

    [TestMethod]
    [DataRow(100)]
    [DataRow(10)]
    [DataRow(2)]
    public void Search_with_a_filter_finds_nearly_all_that_pass(int oneIn)
    {
        var options = new SearchOptions { Filter = id => id % oneIn == 0, CandidateCount = 40 };

        Assert.IsGreaterThanOrEqualTo(0.95, _case.Recall(_index.Value, _exact.Value, options));
    }

    [TestMethod]
    public void Search_with_a_filter_that_passes_only_far_entries_finds_k_all_the_same()
    {
        var near = new NeighborTable();
        _exact.Value.Search(_case.Queries.AsSpan(0, _case.Dimension), 2000, near);
        HashSet<long> far = [.. _case.Ids.Except(near.IdsOf(0).ToArray())];
        var options = new SearchOptions { Filter = far.Contains, CandidateCount = 10 };
        var found = new NeighborTable();
        var truth = new NeighborTable();

        _index.Value.Search(_case.Queries.AsSpan(0, _case.Dimension), 10, found, options);
        _exact.Value.Search(_case.Queries.AsSpan(0, _case.Dimension), 10, truth, options);

        CollectionAssert.AreEqual(truth.IdsOf(0).ToArray(), found.IdsOf(0).ToArray());
    }

    [TestMethod]
    public void Search_with_a_filter_that_passes_fewer_than_k_finds_all_of_them()
    {
        var found = new NeighborTable();
        _index.Value.Search(
            _case.Queries,
            10,
            found,
            new SearchOptions { Filter = id => id is 17 or 1800 or 3999, CandidateCount = 1 });

        for (int query = 0; query < found.QueryCount; query++)
            CollectionAssert.AreEquivalent(new long[] { 17, 1800, 3999 }, found.IdsOf(query).ToArray());
    }
}
