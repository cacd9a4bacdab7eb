// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Text.Json;

namespace Microsoft.ML.Memory.Bench;

/// <summary>The part of the disk bench that runs in a process of its own, with little memory.</summary>
internal static class DiskChild
{
    private const int Repeats = 5;

    /// <summary>Builds, searches and prints a <see cref="DiskAnswer"/> as one line.</summary>
    public static void Run(BenchReport report)
    {
        _ = report;
        DiskWork work = DiskWork.Read();
        string path = Path.Combine(work.Path, "vectors.index");
        float[] queries = work.Stream.Queries(DiskWork.Queries);
        using var memory = new ProcessMemory();
        var settings = new ClusteredSettings { MemoryBytes = 192L << 20, ReplicaCount = 4 };
        long start = Stopwatch.GetTimestamp();
        ClusteredIndex.Build(path, work.Stream.Rows(work.Rows), DiskWork.Dimension, DiskWork.Metric, settings)
            .Dispose();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        DiskSearch[] searches = [.. DiskWork.Lists.Select(lists => Search(path, queries, lists))];
        using ClusteredIndex index = ClusteredIndex.Open(path);
        Console.WriteLine(JsonSerializer.Serialize(new DiskAnswer
        {
            BuildSeconds = seconds,
            Searches = searches,
            PeakBytes = memory.Peak,
            FileBytes = new FileInfo(path).Length,
            ListCount = index.ListCount,
            Replicas = Enumerable.Range(0, index.ListCount).Sum(list => (double)index.State.Base.List(list).Count)
                / work.Rows,
        }));
    }

    private static DiskSearch Search(string path, float[] queries, int lists)
    {
        double[] cold = [];
        if (PageCache.TryDrop(path)) (cold, _) = Search(path, queries, lists, 0, 1);
        (double[] warm, long[][] ids) = Search(path, queries, lists, 1, Repeats);
        return new DiskSearch(lists, warm, cold, ids);
    }

    /// <summary>Searches query by query with one thread, round after round.</summary>
    /// <returns>The median time of each query, without the rounds of the warm-up, and its neighbours.</returns>
    private static (double[] Milliseconds, long[][] Ids) Search(
        string path, float[] queries, int lists, int warmUp, int rounds)
    {
        using ClusteredIndex index = ClusteredIndex.Open(path);
        var found = new NeighborTable();
        var options = new SearchOptions { ThreadCount = 1, CandidateCount = lists };
        double[][] milliseconds = new double[DiskWork.Queries][];
        for (int query = 0; query < milliseconds.Length; query++) milliseconds[query] = new double[rounds];
        long[][] ids = new long[DiskWork.Queries][];
        for (int round = -warmUp; round < rounds; round++)
        {
            for (int query = 0; query < milliseconds.Length; query++)
            {
                long start = Stopwatch.GetTimestamp();
                ReadOnlySpan<float> vector = queries.AsSpan(query * DiskWork.Dimension, DiskWork.Dimension);
                index.Search(vector, DiskWork.K, found, options);
                double time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                if (round >= 0) milliseconds[query][round] = time;
                ids[query] = found.IdsOf(0).ToArray();
            }
        }

        return ([.. milliseconds.Select(times => times.Order().ElementAt(rounds / 2))], ids);
    }
}
