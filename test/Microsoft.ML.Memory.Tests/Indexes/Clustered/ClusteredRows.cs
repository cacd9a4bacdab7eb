// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes.Clustered;

/// <summary>Rows in clusters that follow from a seed, with the exact index to compare with.</summary>
internal sealed class ClusteredRows
{
    private const int Clusters = 40;
    private const int BatchRows = 97;

    public ClusteredRows(int count, int dimension, Metric metric, long seed)
    {
        Dimension = dimension;
        Metric = metric;
        var random = new SeededRandom(seed);
        float[] centres = Gaussians(random, Clusters * dimension, 1);
        Vectors = Gaussians(random, count * dimension, 0.4);
        for (int row = 0; row < count; row++)
        {
            int centre = random.Next(Clusters) * dimension;
            Span<float> vector = Vectors.AsSpan(row * dimension, dimension);
            for (int index = 0; index < dimension; index++) vector[index] += centres[centre + index];
        }

        Ids = [.. Enumerable.Range(0, count).Select(row => (row * 7919L % 100_003 * 10) - 45)];
        Queries = Gaussians(random, 20 * dimension, 1);
    }

    public int Dimension { get; }

    public Metric Metric { get; }

    public long[] Ids { get; }

    public float[] Vectors { get; }

    /// <summary>[20, d] points that are not rows.</summary>
    public float[] Queries { get; }

    public float[] Row(int row) => Vectors.AsSpan(row * Dimension, Dimension).ToArray();

    public IEnumerable<VectorBatch> Batches()
    {
        for (int start = 0; start < Ids.Length; start += BatchRows)
        {
            int count = Math.Min(BatchRows, Ids.Length - start);
            yield return new VectorBatch(
                Ids.AsMemory(start, count), Vectors.AsMemory(start * Dimension, count * Dimension));
        }
    }

    public ClusteredIndex Build(string path, ClusteredSettings? settings = null, WriteGate? gate = null)
        => ClusteredIndex.Build(
            path, Batches(), Dimension, Metric, settings ?? new ClusteredSettings { ListLength = 10 }, gate, default);

    public FlatIndex Exact()
    {
        var exact = new FlatIndex(Dimension, Metric);
        exact.Add(Ids, Vectors);
        return exact;
    }

    /// <summary>Asserts that an index gives what the exact one does, bit for bit, when it reads all lists.</summary>
    public static void AssertSame(IVectorIndex exact, IVectorIndex index, float[] queries, int k, string what = "")
    {
        var expected = new NeighborTable();
        var found = new NeighborTable();
        exact.Search(queries, k, expected);
        index.Search(queries, k, found, new SearchOptions { CandidateCount = int.MaxValue });
        Assert.AreEqual(exact.Count, index.Count, what);
        for (int query = 0; query < expected.QueryCount; query++)
        {
            CollectionAssert.AreEqual(expected.IdsOf(query).ToArray(), found.IdsOf(query).ToArray(), what);
            CollectionAssert.AreEqual(expected.DistancesOf(query).ToArray(), found.DistancesOf(query).ToArray(), what);
        }
    }

    /// <summary>Gives the share of the exact k neighbours that an index finds.</summary>
    public double Recall(IVectorIndex index, int k, SearchOptions? options = null)
    {
        var expected = new NeighborTable();
        var found = new NeighborTable();
        Exact().Search(Queries, k, expected);
        index.Search(Queries, k, found, options);
        int hits = 0;
        for (int query = 0; query < expected.QueryCount; query++)
            hits += expected.IdsOf(query).ToArray().Intersect(found.IdsOf(query).ToArray()).Count();
        return (double)hits / (expected.QueryCount * k);
    }

    private static float[] Gaussians(SeededRandom random, int count, double spread)
    {
        float[] values = new float[count];
        foreach (ref float value in values.AsSpan()) value = (float)(spread * random.NextGaussian());
        return values;
    }
}
