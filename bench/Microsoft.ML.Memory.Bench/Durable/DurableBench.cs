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
    private const int AddingRounds = 15;
    private const int AddsPerWriter = 128;

    public static void Run(BenchReport report)
    {
        using var folder = new DurableFolder();
        foreach (int writers in (int[])[1, 8, 64]) Adding(report, folder, writers);
        Replaying(report, folder);
        report.Note(
            "The limit appends the same bytes to a file of its own and flushes it, as many records at once as there "
            + "are writers, by turns with the memory on the same disk; both flush equally often. The ratio is the "
            + "median of the rounds' own ratios. Where other programs take the processor, rates say when it was "
            + "free; processor time an add says what ours costs.");
    }

    private static void Adding(BenchReport report, DurableFolder folder, int writers)
    {
        using DurableMemory memory = folder.Open(Dimension);
        double[] limits = new double[AddingRounds], rates = new double[AddingRounds], costs = new double[AddingRounds];
        for (int round = -1; round < AddingRounds; round++)
        {
            double limit = LimitOf(folder, writers);
            (double rate, double cost) = RateOf(memory, writers);
            if (round < 0) continue; // warm-up
            (limits[round], rates[round], costs[round]) = (limit, rate, cost);
        }

        string name = $"{Dimension} values, {writers} writers";
        double[] ratios = [.. rates.Zip(limits, (rate, limit) => rate / limit)];
        report.Add(new Figure(name, $"durable adds, {AddingRounds} rounds", Median(rates), "1/s")
        {
            Spread = $"{Quartiles(rates)}, ratio {Quartiles(ratios)}",
            Peer = FormattableString.Invariant($"flushes x {writers}: {Median(limits):G4}/s, {Quartiles(limits)}"),
            Ratio = Median(ratios),
        });
        report.Add(new Figure(name, "processor time an add", Median(costs), "us") { Spread = Quartiles(costs) });
    }

    /// <summary>Gives adds a second, and the processor time of each in microseconds.</summary>
    private static (double Rate, double Cost) RateOf(DurableMemory memory, int writers)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        Task[] tasks = [.. Enumerable.Range(0, writers).Select(writer => Task.Run(() => AddAsync(memory, writer)))];
        Task.WhenAll(tasks).GetAwaiter().GetResult();
        TimeSpan spent = Environment.CpuUsage.TotalTime - processor, passed = Stopwatch.GetElapsedTime(start);
        double count = AddsPerWriter * writers;
        return (count / passed.TotalSeconds, spent.TotalMicroseconds / count);
    }

    private static async Task AddAsync(DurableMemory memory, int writer)
    {
        float[] features = DurableFolder.Row(Dimension, writer);
        for (int count = 0; count < AddsPerWriter; count++)
        {
            features[count % Dimension]++;
            await memory.AddAsync(features, "1").ConfigureAwait(false);
        }
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
        for (int count = 0; count < AddsPerWriter; count++)
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        return AddsPerWriter * records / Stopwatch.GetElapsedTime(start).TotalSeconds;
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

    private static string Quartiles(double[] values)
    {
        double[] sorted = [.. values.Order()];
        int quarter = sorted.Length / 4;
        return FormattableString.Invariant($"quartiles {sorted[quarter]:G3}-{sorted[^(quarter + 1)]:G3}");
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
