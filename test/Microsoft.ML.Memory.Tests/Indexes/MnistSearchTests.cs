// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Tests.RealData;

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed class MnistSearchTests
{
    private const int QueryCount = 1000;
    private const int K = 10;
    private const float Tolerance = 1e-6f; // the reference rounds a float64 distance of its own summation order

    [TestMethod]
    public void Search_first_thousand_test_images_equals_reference_table()
    {
        float[] memory = MnistDigits.Train(60_000).Rows;
        float[] queries = MnistDigits.Test(QueryCount).Rows;
        int[] ids = Read<int>("golden/memory/search/mnist.k10.ids.bin");
        float[] distances = Read<float>("golden/memory/search/mnist.k10.distances.bin");
        using ScannedRows rows = ScannedRows.Whole(Metric.Cosine, MnistDigits.Dimension, memory);
        var found = new NeighborTable();

        rows.Search(queries, K, found, Environment.ProcessorCount);

        for (int query = 0; query < QueryCount; query++)
        {
            CollectionAssert.AreEqual(ids[(query * K)..((query + 1) * K)], found.PositionsOf(query).ToArray());
            for (int rank = 0; rank < K; rank++)
            {
                Assert.AreEqual(distances[(query * K) + rank], found.DistancesOf(query)[rank], Tolerance);
            }
        }
    }

    private static T[] Read<T>(string file) where T : struct =>
        MemoryMarshal.Cast<byte, T>(File.ReadAllBytes(SharedFolder.PathOf(file))).ToArray();
}
