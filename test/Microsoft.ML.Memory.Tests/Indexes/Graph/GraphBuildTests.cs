// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

[TestClass]
public sealed class GraphBuildTests
{
    private static readonly GraphCase _case = new(1800);

    [TestMethod]
    public void Add_with_another_seed_gives_other_bytes()
    {
        byte[] first = GraphFileTests.Saved(_case.Build(Metric.Cosine));
        byte[] other = GraphFileTests.Saved(_case.Build(Metric.Cosine, new GraphSettings { Seed = 9 }));

        CollectionAssert.AreNotEqual(first, other);
    }

    [TestMethod]
    [DataRow(Metric.SquaredEuclidean, VectorEncoding.Single)]
    [DataRow(Metric.Cosine, VectorEncoding.SignedByte)]
    public void Changes_give_the_same_bytes_whatever_the_number_of_threads(Metric metric, VectorEncoding encoding)
    {
        byte[][] saved =
        [
            .. new[] { 1, 2, 8 }.Select(threads =>
            {
                var settings = new GraphSettings { ThreadCount = threads, Encoding = encoding, LinkCount = 4 };
                GraphIndex index = _case.Build(metric, settings);
                index.Remove(_case.Ids.AsSpan(300, 700));
                index.Add(_case.Ids.AsSpan(300, 700), _case.Rows.AsSpan(300 * _case.Dimension, 700 * _case.Dimension));
                return GraphFileTests.Saved(index);
            }),
        ];

        CollectionAssert.AreEqual(saved[0], saved[1]);
        CollectionAssert.AreEqual(saved[0], saved[2]);
    }

    [TestMethod]
    public void Add_in_many_calls_finds_as_much()
    {
        FlatIndex exact = _case.BuildExact(Metric.Cosine);
        var few = new SearchOptions { CandidateCount = 20 };
        var index = new GraphIndex(_case.Dimension, Metric.Cosine);
        for (int row = 0; row < _case.Ids.Length; row++)
            index.Add([_case.Ids[row]], _case.Rows.AsSpan(row * _case.Dimension, _case.Dimension));

        double together = _case.Recall(_case.Build(Metric.Cosine), exact, few);
        double singly = _case.Recall(index, exact, few);

        Assert.IsGreaterThanOrEqualTo(0.8, together);
        Assert.AreEqual(singly, together, 0.02);
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
