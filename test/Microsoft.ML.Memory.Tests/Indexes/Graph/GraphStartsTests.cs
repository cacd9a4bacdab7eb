// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Golden;

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

[TestClass]
public sealed unsafe class GraphStartsTests
{
    private const int Count = 4000;
    private const int Dimension = 24;

    public static IEnumerable<object[]> EncodingsAndOffsets =>
        from encoding in Enum.GetValues<VectorEncoding>()
        from offset in (float[])[1, 2, 4, 8]
        select new object[] { encoding, offset };

    // Linked by products of the rows themselves 0.65, 0.27, 0.15 and 0.05 are found.
    [TestMethod]
    [DynamicData(nameof(EncodingsAndOffsets))]
    public void Search_by_product_off_the_origin_finds_nearly_all_for_queries_around_it(
        VectorEncoding encoding, float offset)
    {
        GraphCase data = Noise(offset, ofQueries: 0);

        GraphIndex index = data.Build(Metric.InnerProduct, Small(encoding));

        Assert.IsGreaterThanOrEqualTo(0.97, data.Recall(index, data.BuildExact(Metric.InnerProduct)));
    }

    // Linked by products of the rows themselves, and with one entrance, 0.98, 0.97, 0.97 and 1, with few 0.82, 0.9,
    // 0.92 and 1; linked by products relative to their mean with few 0.7 of offset 8.
    [TestMethod]
    [DynamicData(nameof(EncodingsAndOffsets))]
    public void Search_by_product_off_the_origin_finds_all_for_queries_like_entries(
        VectorEncoding encoding, float offset)
    {
        GraphCase data = Noise(offset, ofQueries: offset);
        FlatIndex exact = data.BuildExact(Metric.InnerProduct);

        GraphIndex index = data.Build(Metric.InnerProduct, Small(encoding));

        Assert.IsGreaterThanOrEqualTo(0.99, data.Recall(index, exact));
        double few = data.Recall(index, exact, new SearchOptions { CandidateCount = GraphCase.K });
        Assert.IsGreaterThanOrEqualTo(offset == 1 ? 0.87 : 0.94, few);
    }

    [TestMethod]
    public void Search_finds_nearly_all_after_entries_farthest_along_the_mean_were_replaced_in_turn()
    {
        GraphCase data = Noise(offset: 2, ofQueries: 2);
        GraphIndex index = data.Build(Metric.InnerProduct, Small(VectorEncoding.SignedByte));
        FlatIndex exact = data.BuildExact(Metric.InnerProduct);
        float[] mean = Enumerable.Repeat(1f, Dimension).ToArray();
        var farthest = new NeighborTable();
        exact.Search(mean, 400, farthest);

        foreach (long[] ids in farthest.IdsOf(0).ToArray().Chunk(20))
        {
            index.Remove(ids);
            exact.Remove(ids);
        }

        double removed = data.Recall(index, exact);
        for (int row = 0; row < 400; row++)
        {
            float[] former = data.Rows[(row * Dimension)..((row + 1) * Dimension)];
            float[] values = Array.ConvertAll(former, value => 1.2f * value);
            index.Add([Count + row], values);
            exact.Add([Count + row], values);
        }

        Assert.IsGreaterThanOrEqualTo(0.98, removed);
        Assert.IsGreaterThanOrEqualTo(0.99, data.Recall(index, exact));
    }

    [TestMethod]
    [DataRow(VectorEncoding.Single)]
    [DataRow(VectorEncoding.SignedByte)]
    public void Graph_is_the_same_with_any_number_of_threads(VectorEncoding encoding)
    {
        GraphCase data = Noise(offset: 1, ofQueries: 1);

        GraphIndex one = data.Build(Metric.InnerProduct, Small(encoding));
        GraphIndex many = data.Build(Metric.InnerProduct, Small(encoding) with { ThreadCount = 8 });

        CollectionAssert.AreEqual(GraphFileTests.Saved(one), GraphFileTests.Saved(many));
    }

    [TestMethod]
    public void Find_takes_the_entries_farthest_along_the_centre_and_follows_changes()
    {
        GraphNodes nodes = Nodes(Metric.InnerProduct, centre: [0, 2]);
        for (int slot = 0; slot < 6; slot++) Put(nodes, slot, [9 * slot, slot]);
        nodes.Node(5).Level = GraphNode.Copy;

        int[] first = GraphStarts.Find(nodes, linked: 5, known: [], added: []);
        Put(nodes, 6, [0, 2.5f]);
        int[] second = GraphStarts.Find(nodes, linked: 6, first, added: [6]);
        nodes.Node(4).Died = 1;
        nodes.Node(3).Died = 1;
        int[] third = GraphStarts.Find(nodes, linked: 4, second, added: []);
        nodes.Node(6).Died = 1;
        int[] fourth = GraphStarts.Find(nodes, linked: 3, third, added: []);

        CollectionAssert.AreEqual((int[])[4, 3, 2, 1], first);
        CollectionAssert.AreEqual((int[])[4, 3, 6, 2], second);
        CollectionAssert.AreEqual((int[])[6, 2], third);
        CollectionAssert.AreEqual((int[])[2, 1, 0], fourth);
        GC.KeepAlive(nodes);
    }

    [TestMethod]
    [DataRow(Metric.InnerProduct, false)]
    [DataRow(Metric.Cosine, true)]
    [DataRow(Metric.SquaredEuclidean, true)]
    public void Find_takes_none_by_other_metrics_and_around_the_origin(Metric metric, bool hasCentre)
    {
        GraphNodes nodes = Nodes(metric, hasCentre ? [0, 2] : null);
        for (int slot = 0; slot < 6; slot++) Put(nodes, slot, [9 * slot, slot]);

        Assert.IsEmpty(GraphStarts.Find(nodes, linked: 6, known: [], added: []));
        GC.KeepAlive(nodes);
    }

    [TestMethod]
    public void Load_of_the_frozen_file_by_inner_product_searches_and_saves_as_before()
    {
        byte[] frozen = GoldenFiles.Bytes("format/graph-v1-product.bin");
        using var stream = new MemoryStream(frozen);

        GraphIndex loaded = GraphIndex.Load(stream, threadCount: 1);

        var found = new NeighborTable();
        loaded.Search([-0.05f, 1, -1, 0.05f, -1, -1], 4, found, new SearchOptions { CandidateCount = 4 });
        CollectionAssert.AreEqual(new long[] { 280, 281, 282, 260 }, found.IdsOf(0).ToArray()); // not 283
        CollectionAssert.AreEqual(new long[] { 280, 260, 240, 281 }, found.IdsOf(1).ToArray()); // not 220
        CollectionAssert.AreEqual(new long[] { 0, 1, 20, 21 }, found.IdsOf(2).ToArray()); // not 2
        CollectionAssert.AreEqual(frozen, GraphFileTests.Saved(loaded));
    }

    private static GraphNodes Nodes(Metric metric, float[]? centre)
    {
        var nodes = new GraphNodes(RowCodec.Create(VectorEncoding.Half, metric, 2, ScanWidths.Best), linkCount: 2);
        nodes.Reserve(8);
        nodes.Recode(centre is null ? null : new RowCentre(metric, centre));
        return nodes;
    }

    private static void Put(GraphNodes nodes, int slot, float[] row)
    {
        nodes.Put(slot, new GraphNode { Id = slot, Died = GraphNode.Never });
        fixed (float* values = row) nodes.PutRow(slot, values);
    }

    private static GraphCase Noise(float offset, float ofQueries)
    {
        var random = new SeededRandom(6);
        var data = new GraphCase(Count, Dimension, queries: 200);
        foreach (ref float value in data.Rows.AsSpan()) value = offset + (float)random.NextGaussian();
        foreach (ref float value in data.Queries.AsSpan()) value = ofQueries + (float)random.NextGaussian();
        return data;
    }

    private static GraphSettings Small(VectorEncoding encoding) =>
        new() { Encoding = encoding, ThreadCount = 1, BuildCandidateCount = 60 };
}
