// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed unsafe class ScoreTilesTests
{
    [TestMethod]
    [DataRow(1, 512, typeof(TileFew))]
    [DataRow(5, 512, typeof(TileFew))]
    [DataRow(6, 512, typeof(Tile512Narrow))]
    [DataRow(16, 512, typeof(Tile512Narrow))]
    [DataRow(17, 512, typeof(Tile512))]
    [DataRow(8, 256, typeof(TileFew))]
    [DataRow(9, 256, typeof(Tile256))]
    [DataRow(9, 128, typeof(Tile128))]
    public void Run_chooses_a_kernel_with_few_empty_places(int queries, int bits, Type kernel)
    {
        var chosen = new List<Type>();
        var block = new ScanBlock(null, null, null, null, 1, 0);
        var request = new ScanRequest(&block, 1, Metric.Cosine, 1, null, 1);

        int sum = ScoreTiles.Run(new Recording(chosen), request, queries, 2, (ScanWidth)bits);

        Assert.AreEqual(queries, sum);
        CollectionAssert.AreEqual(new[] { kernel }, chosen);
    }

    private readonly struct Recording(List<Type> chosen) : ITileScan
    {
        public int Run<TTile>(int firstQuery, int queryCount, int threadCount) where TTile : struct, IScoreTile
        {
            chosen.Add(typeof(TTile));
            return queryCount;
        }
    }
}
