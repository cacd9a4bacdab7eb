// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>The exact neighbours of queries among the rows of a stream.</summary>
internal static class ExactNeighbors
{
    /// <summary>Gives the ids of the k nearest of each query.</summary>
    public static long[][] Of(IEnumerable<VectorBatch> rows, float[] queries, int dimension, Metric metric, int k)
    {
        int count = queries.Length / dimension;
        var best = new List<(float Distance, long Id)>[count];
        for (int query = 0; query < count; query++) best[query] = [];
        var found = new NeighborTable();
        foreach (VectorBatch batch in rows)
        {
            var bank = new FlatIndex(dimension, metric);
            bank.Add(batch.Ids.Span, batch.Vectors.Span);
            bank.Search(queries, k, found);
            for (int query = 0; query < count; query++)
            {
                for (int rank = 0; rank < found.CountOf(query); rank++)
                    best[query].Add((found.DistancesOf(query)[rank], found.IdsOf(query)[rank]));
                best[query].Sort();
                if (best[query].Count > k) best[query].RemoveRange(k, best[query].Count - k);
            }
        }

        return [.. best.Select(each => each.Select(neighbor => neighbor.Id).ToArray())];
    }

    /// <summary>Gives the share of neighbours that were found.</summary>
    public static double Recall(long[][] exact, long[][] found)
    {
        int hits = 0;
        for (int query = 0; query < exact.Length; query++) hits += exact[query].Intersect(found[query]).Count();
        return (double)hits / exact.Sum(each => each.Length);
    }
}
