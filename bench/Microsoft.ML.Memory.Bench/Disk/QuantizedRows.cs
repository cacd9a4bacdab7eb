// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Product quantisation beside FAISS's IndexPQ with codes of the same length.</summary>
internal static class QuantizedRows
{
    private const int Repeats = 5;

    public static void Run(BenchReport report)
    {
        if (QuantizedWork.Digits() is { } digits) Measure(report, digits);
        else report.Note("MNIST was not measured: its files are not on this machine.");
        Measure(report, QuantizedWork.Synthetic());
    }

    private static void Measure(BenchReport report, QuantizedWork work)
    {
        JsonElement? faiss = FaissQuantized.Measure(work, Repeats);
        if (faiss is null)
            report.Note("FAISS was not compared: Python finds no module faiss. Debian has it as python3-faiss.");
        var exact = new FlatIndex(work.Dimension, Metric.SquaredEuclidean);
        exact.Add([.. Enumerable.Range(0, work.RowCount)], work.Rows);
        long[][] truth = work.Search(exact, Environment.ProcessorCount);
        foreach (bool keepVectors in (bool[])[false, true])
        {
            string name = $"{work.Name}, {(keepVectors ? "vectors kept" : "codes only")}";
            long start = Stopwatch.GetTimestamp();
            QuantizedIndex index = work.Build(keepVectors);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            double? theirBuild = faiss?.GetProperty("build").GetDouble();
            report.Add(new Figure(name, "training and coding", seconds, "s")
            {
                Peer = Peer(theirBuild, "s"),
                Ratio = theirBuild / seconds,
            });
            int bytes = work.SubspaceCount + (keepVectors ? work.Dimension * sizeof(float) : 0);
            report.Add(new Figure(name, "bytes of a vector", bytes, "bytes")
            {
                Peer = $"{work.Dimension * sizeof(float)} as floats",
                Ratio = (double)work.Dimension * sizeof(float) / bytes,
            });
            double recall = ExactNeighbors.Recall(truth, work.Search(index, 2));
            double? theirRecall = faiss?.GetProperty("recall").GetDouble();
            report.Add(new Figure(name, "recall@10", recall, "")
            {
                Peer = Peer(theirRecall, ""),
                Ratio = recall / theirRecall,
            });
            foreach (int threads in (int[])[1, 2]) Speed(report, work, index, name, threads, faiss);
        }
    }

    private static void Speed(
        BenchReport report, QuantizedWork work, QuantizedIndex index, string name, int threads, JsonElement? faiss)
    {
        var found = new NeighborTable();
        var options = new SearchOptions { ThreadCount = threads };
        Timing ours = Timing.Of(() => index.Search(work.Queries, QuantizedWork.K, found, options), Repeats);
        double? theirs = faiss?.GetProperty($"threads{threads}").GetDouble();
        report.Add(new Figure(name, $"{threads} threads", ours.Rate(work.QueryCount), "queries/s")
        {
            Spread = ours.Spread(work.QueryCount),
            Peer = Peer(work.QueryCount / theirs, "queries/s"),
            Ratio = theirs / ours.Median,
        });
    }

    private static string? Peer(double? value, string unit)
        => value is { } number
            ? string.Create(CultureInfo.InvariantCulture, $"FAISS IndexPQ, {number:G4} {unit}").TrimEnd()
            : null;
}
