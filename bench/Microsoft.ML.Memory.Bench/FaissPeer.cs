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
        double? seconds = Seconds(work, queries, k, threads);
        if (seconds is not { } theirs)
        {
            report.Note("FAISS was not compared: Python finds no module faiss. Debian has it as python3-faiss.");
            return;
        }

        double operations = 2.0 * queries * work.ValueCount / 1e9;
        Timing ours = Timing.Of(() => work.Search(queries, k, threads, ScanWidths.Best));
        string name = $"{queries} quer{(queries == 1 ? "y" : "ies")}, top {k}, {threads} threads";
        report.Add(new Figure(name, "search", ours.Rate(operations), "Gflop/s")
        {
            Spread = ours.Spread(operations),
            Peer = string.Create(
                CultureInfo.InvariantCulture, $"FAISS IndexFlatIP, {operations / theirs:G4} Gflop/s"),
            Ratio = theirs / ours.Median,
            Floor = floor,
        });
    }

    private static double? Seconds(SearchWorkload work, int queries, int k, int threads)
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
            return process.ExitCode == 0
                ? JsonDocument.Parse(output).RootElement.GetProperty("seconds").GetDouble()
                : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no Python here
        }
    }
}
