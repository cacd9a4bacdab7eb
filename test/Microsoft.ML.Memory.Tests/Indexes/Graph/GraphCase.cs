// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

/// <summary>Seeded rows around centres, queries like them, and what a graph finds against an exact search.</summary>
internal sealed class GraphCase
{
    public const int K = 10;

    private const int Clusters = 50;

    private readonly SeededRandom _random;
    private readonly float[] _centres;

    public GraphCase(int rows, int dimension = 32, int queries = 100, long seed = 3)
    {
        Dimension = dimension;
        _random = new SeededRandom(seed);
        _centres = new float[Clusters * dimension];
        for (int i = 0; i < _centres.Length; i++) _centres[i] = (float)_random.NextGaussian();
        Rows = More(rows);
        Queries = More(queries);
        Ids = [.. Enumerable.Range(0, rows).Select(row => (long)row)];
    }

    public int Dimension { get; }

    public float[] Rows { get; }

    public float[] Queries { get; }

    public long[] Ids { get; }

    /// <summary>Draws more rows around the same centres.</summary>
    public float[] More(int rows)
    {
        float[] values = new float[rows * Dimension];
        for (int row = 0; row < rows; row++)
        {
            int centre = _random.Next(Clusters) * Dimension;
            for (int i = 0; i < Dimension; i++)
                values[(row * Dimension) + i] = _centres[centre + i] + (0.7f * (float)_random.NextGaussian());
        }

        return values;
    }

    public GraphIndex Build(Metric metric, GraphSettings? settings = null)
    {
        var index = new GraphIndex(Dimension, metric, settings ?? new GraphSettings { ThreadCount = 1 });
        index.Add(Ids, Rows);
        return index;
    }

    public FlatIndex BuildExact(Metric metric)
    {
        var index = new FlatIndex(Dimension, metric);
        index.Add(Ids, Rows);
        return index;
    }

    /// <summary>
    /// Gives the share of an exact search's neighbours that the other one finds, at the same distances.
    /// </summary>
    public double Recall(IVectorIndex index, IVectorIndex exact, SearchOptions? options = null)
    {
        var found = new NeighborTable();
        var truth = new NeighborTable();
        index.Search(Queries, K, found, options);
        exact.Search(Queries, K, truth, options);
        int hits = 0;
        int all = 0;
        for (int query = 0; query < found.QueryCount; query++)
        {
            Assert.AreEqual(truth.CountOf(query), found.CountOf(query));
            Dictionary<long, float> distances = truth.IdsOf(query).ToArray()
                .Zip(truth.DistancesOf(query).ToArray()).ToDictionary(pair => pair.First, pair => pair.Second);
            all += distances.Count;
            for (int rank = 0; rank < found.CountOf(query); rank++)
            {
                if (!distances.TryGetValue(found.IdsOf(query)[rank], out float distance)) continue;
                Assert.AreEqual(distance, found.DistancesOf(query)[rank]);
                hits++;
            }
        }

        return (double)hits / all;
    }
}
