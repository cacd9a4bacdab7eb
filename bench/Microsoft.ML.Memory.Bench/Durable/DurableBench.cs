// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using Microsoft.ML;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Durable changes against what the disk can flush, and what opening and compaction take.</summary>
internal static class DurableBench
{
    private const int Dimension = 784;
    private const int ReplayDimension = 64;
    private const int ReplayCount = 100_000;
    private const int Repeats = 9;
    private static readonly TimeSpan _span = TimeSpan.FromSeconds(0.4);

    public static void Run(BenchReport report)
    {
        using var folder = new DurableFolder();
        foreach (int writers in (int[])[1, 8, 64]) Adding(report, folder, writers);
        Replaying(report, folder);
        report.Note(
            "The limit appends the same bytes to a file of its own and flushes it, as many records at once as there "
            + "are writers, by turns with the memory on the same disk.");
    }

    private static void Adding(BenchReport report, DurableFolder folder, int writers)
    {
        using DurableMemory memory = folder.Open(Dimension);
        double[] limits = new double[Repeats], rates = new double[Repeats];
        for (int repeat = -1; repeat < Repeats; repeat++)
        {
            double limit = LimitOf(folder, writers), rate = RateOf(memory, writers);
            if (repeat < 0) continue; // warm-up
            (limits[repeat], rates[repeat]) = (limit, rate);
        }

        double median = Median(rates);
        report.Add(new Figure($"{Dimension} values, {writers} writers", "durable adds", median, "1/s")
        {
            Spread = FormattableString.Invariant($"{rates.Min():G4}-{rates.Max():G4}"),
            Peer = FormattableString.Invariant($"flushes x {writers}: {Median(limits):G4}/s"),
            Ratio = median / Median(limits),
        });
    }

    private static double RateOf(DurableMemory memory, int writers)
    {
        long start = Stopwatch.GetTimestamp();
        Task<int>[] tasks =
            [.. Enumerable.Range(0, writers).Select(writer => Task.Run(() => AddAsync(memory, writer)))];
        int count = tasks.Sum(task => task.GetAwaiter().GetResult());
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<int> AddAsync(DurableMemory memory, int writer)
    {
        float[] features = DurableFolder.Row(Dimension, writer);
        long start = Stopwatch.GetTimestamp();
        int count = 0;
        for (; Stopwatch.GetElapsedTime(start) < _span; count++)
        {
            features[count % Dimension]++;
            await memory.AddAsync(features, "1").ConfigureAwait(false);
        }

        return count;
    }

    /// <summary>Gives how many records a second the disk takes, where so many are flushed together.</summary>
    private static double LimitOf(DurableFolder folder, int records)
    {
        const int OverheadBytes = 65; // of a group of one such change
        byte[] bytes = new byte[records * ((Dimension * sizeof(float)) + OverheadBytes)];
        new Random(1).NextBytes(bytes);
        string path = Path.Combine(folder.Path, "limit");
        using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        long start = Stopwatch.GetTimestamp();
        int count = 0;
        for (; Stopwatch.GetElapsedTime(start) < _span; count++)
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        return count * records / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Replaying(BenchReport report, DurableFolder folder)
    {
        using (DurableMemory memory = folder.Open(ReplayDimension))
        {
            Task[] tasks = [.. Enumerable.Range(0, 256).Select(writer => Task.Run(() => FillAsync(memory, writer)))];
            Task.WhenAll(tasks).GetAwaiter().GetResult();
        }

        string name = $"{ReplayCount} changes of {ReplayDimension} values";
        double[] seconds = new double[Repeats];
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            long start = Stopwatch.GetTimestamp();
            using DurableMemory memory = folder.Reopen();
            seconds[repeat] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        report.Add(Time(name, "open and replay", seconds));
        using (DurableMemory memory = folder.Reopen())
        {
            long start = Stopwatch.GetTimestamp();
            memory.CompactAsync().GetAwaiter().GetResult();
            report.Add(Time(name, "compact", [Stopwatch.GetElapsedTime(start).TotalSeconds]));
        }

        long opening = Stopwatch.GetTimestamp();
        folder.Reopen().Dispose();
        report.Add(Time(name, "open once compacted", [Stopwatch.GetElapsedTime(opening).TotalSeconds]));
    }

    private static async Task FillAsync(DurableMemory memory, int writer)
    {
        float[] features = DurableFolder.Row(ReplayDimension, writer);
        for (int index = writer; index < ReplayCount; index += 256)
        {
            features[index % ReplayDimension] += 0.01f;
            await memory.AddAsync(features, "1").ConfigureAwait(false);
        }
    }

    private static Figure Time(string name, string metric, double[] seconds)
        => new(name, metric, Median(seconds), "s")
        {
            Spread = FormattableString.Invariant($"{seconds.Min():G4}-{seconds.Max():G4}"),
        };

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
