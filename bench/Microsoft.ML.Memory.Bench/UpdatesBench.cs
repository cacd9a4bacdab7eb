// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;

namespace Microsoft.ML.Memory.Bench;

/// <summary>What it costs to add to and to remove from the exact index, alone and while others search.</summary>
internal static class UpdatesBench
{
    private const int Dimension = 128;
    private const int Repeats = 5;

    public static void Run(BenchReport report)
    {
        Adding(report);
        Removing(report);
        VisibleAtOnce(report);
    }

    private static void Adding(BenchReport report)
    {
        const int Count = 200_000;
        float[] vectors = Vectors(Count);
        foreach (bool isSearched in (bool[])[false, true])
        {
            var rates = new double[Repeats];
            for (int repeat = 0; repeat < Repeats; repeat++) rates[repeat] = AddingRate(vectors, Count, isSearched);
            string name = $"{Count} x {Dimension}, one by one{(isSearched ? ", beside a search" : "")}";
            report.Add(new Figure(name, "Add", rates.Order().ElementAt(Repeats / 2), "vectors/s")
            {
                Spread = FormattableString.Invariant($"{rates.Min():G4}-{rates.Max():G4}"),
                Peer = "100,000 a second",
                Ratio = rates.Order().ElementAt(Repeats / 2) / 100_000,
                Floor = 1,
            });
        }
    }

    private static double AddingRate(float[] vectors, int count, bool isSearched)
    {
        var index = new FlatIndex(Dimension);
        using var stop = new CancellationTokenSource();
        Task reader = isSearched ? Task.Factory.StartNew(() => Search(index, stop.Token)) : Task.CompletedTask;
        long start = Stopwatch.GetTimestamp();
        for (int id = 0; id < count; id++) index.Add([id], vectors.AsSpan(id * Dimension, Dimension));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        stop.Cancel();
        reader.Wait();
        return count / seconds;
    }

    private static void Search(FlatIndex index, CancellationToken stop)
    {
        var found = new NeighborTable();
        var options = new SearchOptions { ThreadCount = 1 };
        while (!stop.IsCancellationRequested) index.Search(new float[Dimension], 10, found, options);
    }

    private static void Removing(BenchReport report)
    {
        double least = 0;
        foreach (int count in (int[])[10_000, 100_000, 1_000_000])
        {
            var seconds = new double[Repeats];
            for (int repeat = 0; repeat < Repeats; repeat++) seconds[repeat] = RemovingTime(count);
            double median = seconds.Order().ElementAt(Repeats / 2);
            if (least == 0) least = median;
            report.Add(new Figure($"{count} entries, half of them, one by one", "Remove", median * 1e6, "us")
            {
                Spread = FormattableString.Invariant($"{seconds.Min() * 1e6:G4}-{seconds.Max() * 1e6:G4}"),
                Peer = "the same of 10,000 entries",
                Ratio = least / median,
            });
        }
    }

    /// <summary>Seconds that a removal takes, compaction on the way included.</summary>
    private static double RemovingTime(int count)
    {
        const int Short = 8;
        var index = new FlatIndex(Short, Metric.SquaredEuclidean);
        var random = new Random(5);
        long[] ids = [.. Enumerable.Range(0, count).Select(id => (long)id)];
        index.Add(ids, [.. Enumerable.Range(0, count * Short).Select(_ => random.NextSingle())]);
        random.Shuffle(ids);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count / 2; i++) index.Remove([ids[i]]);
        return Stopwatch.GetElapsedTime(start).TotalSeconds / (count / 2);
    }

    private static void VisibleAtOnce(BenchReport report)
    {
        const int Count = 100_000, Adds = 200;
        float[] vectors = Vectors(Count + Adds);
        var index = new FlatIndex(Dimension);
        index.Add([.. Enumerable.Range(0, Count).Select(id => (long)id)], vectors.AsSpan(0, Count * Dimension));
        var found = new NeighborTable();
        int seen = 0;
        Timing time = Timing.Of(
            () =>
            {
                seen = 0;
                for (int i = 0; i < Adds; i++)
                {
                    ReadOnlySpan<float> vector = vectors.AsSpan((Count + i) * Dimension, Dimension);
                    index.Add([Count + i], vector);
                    index.Search(vector, 1, found);
                    if (found.IdsOf(0)[0] == Count + i) seen++;
                    index.Remove([Count + i]);
                }
            },
            Repeats);
        string name = $"{Count} x {Dimension}, add, search, remove";
        report.Add(new Figure(name, "all three", time.Median / Adds * 1e6, "us"));
        report.Add(new Figure(name, "found at once", 100.0 * seen / Adds, "%")
        {
            Peer = "all",
            Ratio = (double)seen / Adds,
            Floor = 1,
        });
    }

    private static float[] Vectors(int count)
    {
        var random = new Random(4);
        return [.. Enumerable.Range(0, count * Dimension).Select(_ => (random.NextSingle() * 2) - 1)];
    }
}
