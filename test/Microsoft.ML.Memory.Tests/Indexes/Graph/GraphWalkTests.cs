// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

[TestClass]
public sealed unsafe class GraphWalkTests
{
    // A search does not trust such entries, but one that began before meets those that a writer links.
    [TestMethod]
    [DataRow(VectorEncoding.Single)]
    [DataRow(VectorEncoding.Half)]
    [DataRow(VectorEncoding.SignedByte)]
    public void Search_meets_an_entry_whose_product_is_beyond_a_float(VectorEncoding encoding)
    {
        var nodes = new GraphNodes(RowCodec.Create(encoding, Metric.InnerProduct, 2, ScanWidths.Best), linkCount: 2);
        nodes.Reserve(2);
        Put(0, [1, 0]);
        Put(1, [1e38f, 1e38f]);
        nodes.SetLinks(0, 0, [1]);
        var walk = new GraphWalk(nodes);

        float[] query = [1e18f, 0];
        fixed (float* values = query) walk.Aim(values);
        walk.Start(walk.Descend(0, 0, 0), 2);
        walk.Search(0);

        Assert.AreEqual(2, walk.Found.Count);
        Assert.AreEqual(1, walk.Found.SlotAt(0));
        GC.KeepAlive(nodes);

        void Put(int slot, float[] row)
        {
            nodes.Put(slot, new GraphNode { Id = slot, Died = GraphNode.Never });
            fixed (float* values = row) nodes.PutRow(slot, values);
        }
    }
}
