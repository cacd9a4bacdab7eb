// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.Memory.Bench;

/// <summary>FAISS's exact index on the same work, where Python finds FAISS; a remark where it does not.</summary>
internal static class FaissPeer
{
    private const int Repeats = 5;

    /// <summary>Where Debian's Python is, which has Debian's modules; any other where that one is not.</summary>
    public static string PythonPath { get; } = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    public static void Run(BenchReport report, SearchWorkload work, int queries, int k, int threads, double floor)
    {
        if (Seconds(work, queries, k, threads) is not { } theirs)
        {
            report.Note("FAISS was not compared: Python finds no module faiss. Debian has it as python3-faiss.");
            return;
        }

        double operations = 2.0 * queries * work.ValueCount / 1e9;
        Timing ours = Timing.Of(() => work.Search(queries, k, threads, ScanWidths.Best));
        string name = $"{queries} quer{(queries == 1 ? "y" : "ies")}";
        Tell(report, $"{name}, top {k}, {threads} threads", ours, theirs.Nearest, operations, floor);
        float distance = work.MedianDistance(queries, k);
        ours = Timing.Of(() => work.RangeSearch(queries, distance, threads));
        Tell(report, $"{name}, all as near as the {k}th, {threads} threads", ours, theirs.Range, operations, null);
    }

    private static void Tell(
        BenchReport report, string name, Timing ours, double theirs, double operations, double? floor) =>
        report.Add(new Figure(name, "search", ours.Rate(operations), "Gflop/s")
        {
            Spread = ours.Spread(operations),
            Peer = string.Create(
                CultureInfo.InvariantCulture, $"FAISS IndexFlatIP, {operations / theirs:G4} Gflop/s"),
            Ratio = theirs / ours.Median,
            Floor = floor,
        });

    private static (double Nearest, double Range)? Seconds(SearchWorkload work, int queries, int k, int threads)
    {
        var start = new ProcessStartInfo(PythonPath)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["OMP_NUM_THREADS"] = $"{threads}", ["OMP_WAIT_POLICY"] = "passive" },
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "peers", "faiss_flat.py"));
        foreach (int number in (int[])[work.RowCount, work.Dimension, queries, k, Repeats])
            start.ArgumentList.Add($"{number}");
        try
        {
            using Process? process = Process.Start(start);
            if (process == null) return null;
            _ = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0) return null;
            JsonElement answer = JsonDocument.Parse(output).RootElement;
            return (answer.GetProperty("seconds").GetDouble(), answer.GetProperty("rangeSeconds").GetDouble());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no Python here
        }
    }
}
