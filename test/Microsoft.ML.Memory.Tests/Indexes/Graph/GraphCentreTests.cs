// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Golden;

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

[TestClass]
public sealed class GraphCentreTests
{
    private const int Dimension = 16;

    // Without a centre 0.05 to 0.65 are found.
    [TestMethod]
    [DataRow(Metric.SquaredEuclidean, VectorEncoding.SignedByte, 300f)]
    [DataRow(Metric.SquaredEuclidean, VectorEncoding.SignedByte, 1e4f)]
    [DataRow(Metric.SquaredEuclidean, VectorEncoding.Half, 1e4f)]
    [DataRow(Metric.Cosine, VectorEncoding.SignedByte, 1000f)]
    [DataRow(Metric.Cosine, VectorEncoding.Half, 1e4f)]
    [DataRow(Metric.Cosine, VectorEncoding.Single, 1e4f)]
    public void Search_finds_nearly_all_far_from_the_origin(Metric metric, VectorEncoding encoding, float offset)
    {
        var data = new GraphCase(1500, Dimension);
        Move(data.Rows, offset);
        Move(data.Queries, offset);

        GraphIndex index = data.Build(metric, Small(encoding));

        Assert.IsGreaterThanOrEqualTo(0.98, data.Recall(index, data.BuildExact(metric)));
    }

    [TestMethod]
    [DataRow(VectorEncoding.Single)]
    [DataRow(VectorEncoding.Half)]
    [DataRow(VectorEncoding.SignedByte)]
    public void Search_by_inner_product_finds_nearly_all_for_queries_in_all_directions(VectorEncoding encoding)
    {
        var data = new GraphCase(1500, Dimension);
        Move(data.Rows, 50);

        GraphIndex index = data.Build(Metric.InnerProduct, Small(encoding));

        Assert.IsGreaterThanOrEqualTo(0.98, data.Recall(index, data.BuildExact(Metric.InnerProduct)));
    }

    [TestMethod]
    public void Search_finds_nearly_all_of_entries_added_one_by_one()
    {
        var data = new GraphCase(700, Dimension);
        Move(data.Rows, 1000);
        Move(data.Queries, 1000);
        var index = new GraphIndex(Dimension, Metric.SquaredEuclidean, Small(VectorEncoding.SignedByte));
        var exact = new FlatIndex(Dimension, Metric.SquaredEuclidean);

        for (int row = 0; row < 700; row++)
        {
            ReadOnlySpan<float> values = data.Rows.AsSpan(row * Dimension, Dimension);
            index.Add([row], values);
            exact.Add([row], values);
            if (row + 1 is 200 or 255) Assert.AreEqual(1.0, data.Recall(index, exact));
            if (row + 1 is 256 or 700) Assert.IsGreaterThanOrEqualTo(0.99, data.Recall(index, exact));
        }
    }

    [TestMethod]
    public void Copy_of_entries_that_have_moved_away_finds_more()
    {
        var data = new GraphCase(2000, Dimension);
        Move(data.Rows.AsSpan(300 * Dimension), 1000);
        Move(data.Queries, 1000);
        var index = new GraphIndex(Dimension, Metric.SquaredEuclidean, Small(VectorEncoding.SignedByte));
        index.Add(data.Ids[..300], data.Rows[..(300 * Dimension)]);
        index.Add(data.Ids[300..], data.Rows[(300 * Dimension)..]);
        FlatIndex exact = data.BuildExact(Metric.SquaredEuclidean);

        double before = data.Recall(index, exact);
        double after = data.Recall(index.Copy(_ => 0), exact);

        Assert.IsLessThan(0.5, before);
        Assert.IsGreaterThanOrEqualTo(0.95, after);
    }

    [TestMethod]
    [DataRow(Metric.SquaredEuclidean, VectorEncoding.SignedByte)]
    [DataRow(Metric.Cosine, VectorEncoding.Single)]
    [DataRow(Metric.InnerProduct, VectorEncoding.Half)]
    [DataRow(Metric.InnerProduct, VectorEncoding.Single)]
    public void Load_keeps_the_centre_and_goes_on_alike(Metric metric, VectorEncoding encoding)
    {
        var data = new GraphCase(600, Dimension);
        Move(data.Rows, 1000);
        GraphIndex index = data.Build(metric, Small(encoding) with { SearchCandidateCount = 12 });
        float[] more = data.More(300);
        long[] ids = [.. Enumerable.Range(1000, 300).Select(id => (long)id)];
        byte[] saved = GraphFileTests.Saved(index);

        GraphIndex loaded = Load(saved);

        CollectionAssert.AreEqual(saved, GraphFileTests.Saved(loaded));
        Assert.AreEqual(1.0, data.Recall(loaded, index));
        index.Add(ids, more);
        loaded.Add(ids, more);
        CollectionAssert.AreEqual(GraphFileTests.Saved(index), GraphFileTests.Saved(loaded));
    }

    [TestMethod]
    public void Save_holds_no_value_of_removed_entries_that_the_centre_was_chosen_from()
    {
        var data = new GraphCase(300, Dimension);
        Move(data.Rows, 1000);
        GraphIndex index = data.Build(Metric.SquaredEuclidean, Small(VectorEncoding.SignedByte));

        index.Remove(data.Ids[..150]);

        byte[] saved = GraphFileTests.Saved(index);
        float[] left = data.Rows[(150 * Dimension)..];
        foreach (float value in data.Rows[..(150 * Dimension)].Except(left))
            Assert.AreEqual(-1, saved.AsSpan().IndexOf(BitConverter.GetBytes(value)));
    }

    [TestMethod]
    public void Load_of_the_frozen_file_without_a_centre_saves_the_same_bytes()
    {
        byte[] frozen = GoldenFiles.Bytes("format/graph-v1.bin");

        GraphIndex loaded = Load(frozen);

        CollectionAssert.AreEqual(frozen, GraphFileTests.Saved(loaded));
        Assert.AreEqual(300, loaded.Count);
        float[] vector = new float[2];
        Assert.IsTrue(loaded.TryGetVector(147, vector));
        CollectionAssert.AreEqual(new float[] { 1007, 2007 }, vector);
        var found = new NeighborTable();
        loaded.Search([1007.1f, 2007.2f], 3, found, new SearchOptions { CandidateCount = 300 });
        CollectionAssert.AreEqual(new long[] { 147, 167, 148 }, found.IdsOf(0).ToArray());
    }

    private static void Move(Span<float> rows, float offset)
    {
        for (int i = 0; i < rows.Length; i++) rows[i] += i % Dimension % 3 == 0 ? -offset : offset * (1 + (i % 2));
    }

    private static GraphIndex Load(byte[] saved)
    {
        using var stream = new MemoryStream(saved);
        return GraphIndex.Load(stream, threadCount: 1);
    }

    private static GraphSettings Small(VectorEncoding encoding) =>
        new() { Encoding = encoding, ThreadCount = 1, BuildCandidateCount = 60 };
}
