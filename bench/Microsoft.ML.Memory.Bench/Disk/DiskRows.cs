// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.Memory.Bench;

/// <summary>The clustered index on disk: 2,000,000 vectors built and searched by a process with 512 MiB.</summary>
/// <remarks>
/// The limit: on Linux the system refuses the process more than 512 MiB of memory of its own (ulimit -d), elsewhere the
/// runtime caps its heap; pages of the file, which the system drops when it needs them, do not count.
/// </remarks>
internal static class DiskRows
{
    private const long LimitBytes = 512L << 20;
    private const long HeapBytes = 400L << 20;
    private const double LatencyMilliseconds = 5;
    private const double LeastRecall = 0.9;

    private static bool IsLimited => OperatingSystem.IsLinux();

    public static void Run(BenchReport report)
    {
        DiskWork work = DiskWork.Read();
        Directory.CreateDirectory(work.Path);
        try
        {
            if (Measure(work) is { } answer)
            {
                Report(report, work, answer);
                Summarize(report, work, answer);
            }
            else report.Note("The disk index was not measured: its process failed. See the error above.");
        }
        finally
        {
            Directory.Delete(work.Path, recursive: true);
        }
    }

    private static void Report(BenchReport report, DiskWork work, DiskAnswer answer)
    {
        float[] queries = work.Stream.Queries(DiskWork.Queries);
        long[][] exact = ExactNeighbors.Of(
            work.Stream.Rows(work.Rows), queries, DiskWork.Dimension, DiskWork.Metric, DiskWork.K);
        string name = Name(work);
        foreach (DiskSearch search in answer.Searches)
        {
            string lists = $"{name}, {search.Lists} lists";
            double recall = ExactNeighbors.Recall(exact, search.Ids);
            report.Add(new Figure(lists, "recall@10", recall, "") { Ratio = recall, Floor = LeastRecall });
            Latency(report, lists, "query, file cached", search.Milliseconds);
            Latency(report, lists, "query, file not cached at first", search.ColdMilliseconds);
        }

    }

    private static void Summarize(BenchReport report, DiskWork work, DiskAnswer answer)
    {
        string name = Name(work);
        report.Add(new Figure(name, "peak memory", answer.PeakBytes / 1048576.0, "MiB")
        {
            Peer = "512 MiB",
            Ratio = (double)LimitBytes / Math.Max(1, answer.PeakBytes),
            Floor = 1,
        });
        report.Add(new Figure(name, "build", answer.BuildSeconds, "s"));
        report.Add(new Figure(name, "file", answer.FileBytes / 1048576.0, "MiB"));
        report.Add(new Figure(name, "lists", answer.ListCount, ""));
        report.Add(new Figure(name, "postings for an entry", answer.Replicas, ""));
        report.Note(
            $"Limit of the disk index's process: {(IsLimited ? "ulimit -d of 512 MiB and a" : "a")} heap of "
            + $"{HeapBytes >> 20} MiB by the runtime; peak memory is RssAnon sampled every 20 ms. Queries one at a "
            + "time, one thread: the median of 5 for each, of these the median and, as spread, 5-95 %.");
    }

    private static string Name(DiskWork work) => $"{work.Rows} x {DiskWork.Dimension}, clustered on disk";

    private static void Latency(BenchReport report, string name, string metric, double[] milliseconds)
    {
        if (milliseconds.Length == 0) return;
        double[] sorted = [.. milliseconds.Order()];
        double median = sorted[sorted.Length / 2];
        double low = sorted[sorted.Length / 20], high = sorted[sorted.Length - 1 - (sorted.Length / 20)];
        report.Add(new Figure(name, metric, median, "ms")
        {
            Spread = string.Create(CultureInfo.InvariantCulture, $"{low:G4}-{high:G4}"),
            Peer = "5 ms",
            Ratio = LatencyMilliseconds / median,
            Floor = 1,
        });
    }

    private static DiskAnswer? Measure(DiskWork work)
    {
        string program = Environment.ProcessPath ?? "dotnet";
        string assembly = typeof(DiskRows).Assembly.Location;
        string[] command = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [program, assembly, "disk-child"]
            : [program, "disk-child"];
        if (IsLimited) command = ["/bin/sh", "-c", $"ulimit -d {LimitBytes >> 10} && exec \"$@\"", "sh", .. command];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapBytes.ToString("X", CultureInfo.InvariantCulture);
        work.Write(start.Environment);
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string? line = output.Split('\n').FirstOrDefault(text => text.StartsWith('{'));
        return process.ExitCode == 0 && line is not null ? JsonSerializer.Deserialize<DiskAnswer>(line) : null;
    }
}
