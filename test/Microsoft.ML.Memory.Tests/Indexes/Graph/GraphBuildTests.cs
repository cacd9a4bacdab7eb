// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

[TestClass]
public sealed class GraphBuildTests
{
    private static readonly GraphCase _case = new(1800);

    [TestMethod]
    public void Add_with_one_thread_gives_the_same_bytes_and_another_seed_others()
    {
        byte[] first = GraphFileTests.Saved(_case.Build(Metric.Cosine));
        byte[] second = GraphFileTests.Saved(_case.Build(Metric.Cosine));
        byte[] other = GraphFileTests.Saved(
            _case.Build(Metric.Cosine, new GraphSettings { ThreadCount = 1, Seed = 9 }));

        CollectionAssert.AreEqual(first, second);
        CollectionAssert.AreNotEqual(first, other);
    }

    [TestMethod]
    public void Add_with_one_thread_does_not_depend_on_the_batches()
    {
        var index = new GraphIndex(_case.Dimension, Metric.Cosine, new GraphSettings { ThreadCount = 1 });
        for (int start = 0; start < _case.Ids.Length; start += 300)
        {
            index.Add(
                _case.Ids.AsSpan(start, 300),
                _case.Rows.AsSpan(start * _case.Dimension, 300 * _case.Dimension));
        }

        CollectionAssert.AreEqual(GraphFileTests.Saved(_case.Build(Metric.Cosine)), GraphFileTests.Saved(index));
    }

    [TestMethod]
    [DataRow(Metric.SquaredEuclidean, VectorEncoding.Single)]
    [DataRow(Metric.Cosine, VectorEncoding.SignedByte)]
    public void Add_with_many_threads_finds_as_much(Metric metric, VectorEncoding encoding)
    {
        FlatIndex exact = _case.BuildExact(metric);
        var few = new SearchOptions { CandidateCount = 20 };

        double alone = _case.Recall(
            _case.Build(metric, new GraphSettings { ThreadCount = 1, Encoding = encoding }), exact, few);
        double together = _case.Recall(
            _case.Build(metric, new GraphSettings { ThreadCount = 8, Encoding = encoding }), exact, few);

        Assert.IsGreaterThanOrEqualTo(alone - 0.02, together);
        Assert.IsGreaterThanOrEqualTo(0.8, together);
    }

    [TestMethod]
    public void Add_with_many_threads_links_no_entry_twice()
    {
        var settings = new GraphSettings { ThreadCount = 4, LinkCount = 2, BuildCandidateCount = 8 };
        for (int round = 0; round < 5; round++)
        {
            GraphIndex index = _case.Build(Metric.Cosine, settings with { Seed = round });
            index.Remove(_case.Ids.AsSpan(0, 900));
            index.Add(_case.Ids.AsSpan(0, 900), _case.Rows.AsSpan(0, 900 * _case.Dimension));
            using var stream = new MemoryStream(GraphFileTests.Saved(index));
            Assert.AreEqual(_case.Ids.Length, GraphIndex.Load(stream).Count); // which checks every link
        }
    }

    [TestMethod]
    public void Add_of_one_entry_is_found_at_once()
    {
        GraphIndex index = _case.Build(Metric.SquaredEuclidean);
        float[] row = new float[_case.Dimension];
        Array.Fill(row, 0.25f);
        var found = new NeighborTable();

        index.Add([-5], row);
        index.Search(row, 1, found);

        Assert.AreEqual(-5, found.IdsOf(0)[0]);
        Assert.AreEqual(0f, found.DistancesOf(0)[0]);
    }

    [TestMethod]
    public void Settings_out_of_range_are_refused_all_at_once()
    {
        var settings = new GraphSettings
        {
            LinkCount = 1,
            BuildCandidateCount = 0,
            SearchCandidateCount = 0,
            Encoding = (VectorEncoding)9,
            ThreadCount = 0,
        };

        Refusal.Assert<ArgumentException>(
            "GraphSettings.LinkCount must be in [2, 512]. Got 1. "
            + "GraphSettings.BuildCandidateCount must be in [1, 65536]. Got 0. "
            + "GraphSettings.SearchCandidateCount must be at least 1. Got 0. "
            + "GraphSettings.Encoding must be an encoding. Got 9. "
            + "GraphSettings.ThreadCount must be null or at least 1. Got 0.",
            () => new GraphIndex(2, Metric.Cosine, settings));
    }

    [TestMethod]
    public void Create_for_bytes_refuses_vectors_whose_sums_overflow()
        => Refusal.Assert<ArgumentException>(
            "dimension must be at most 65536 for VectorEncoding.SignedByte. Got 65537. (Parameter 'dimension')",
            () => new GraphIndex(65537, Metric.Cosine, new GraphSettings { Encoding = VectorEncoding.SignedByte }));
}
