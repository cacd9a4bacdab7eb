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
        else report.Note("MNIST was not measured: set MEMORY_ML_DATA to the data folder.");
        Measure(report, QuantizedWork.Synthetic());
        QuantizedMemoryRows.Run(report);
        report.Note(
            "Where vectors are kept, 10 candidates for each neighbour are ranked again, by FAISS (IndexRefineFlat) as "
            + "well. FAISS trains on at most 256 vectors a centroid, we on at most 32,768 vectors.");
    }

    private static void Measure(BenchReport report, QuantizedWork work)
    {
        JsonElement? faiss = FaissQuantized.Measure(work, Repeats);
        if (faiss is null) report.Note(FaissQuantized.Missing);
        var exact = new FlatIndex(work.Dimension, Metric.SquaredEuclidean);
        exact.Add([.. Enumerable.Range(0, work.RowCount)], work.Rows);
        long[][] truth = work.Search(exact, Environment.ProcessorCount);
        foreach (bool keepVectors in (bool[])[false, true])
            Measure(report, work, truth, keepVectors, faiss?.GetProperty(keepVectors ? "vectors" : "codes"));
    }

    private static void Measure(
        BenchReport report, QuantizedWork work, long[][] truth, bool keepVectors, JsonElement? faiss)
    {
        string name = $"{work.Name}, {(keepVectors ? "vectors kept" : "codes only")}";
        QuantizedIndex index = Building(report, work, name, keepVectors, faiss);
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
        foreach (int threads in (int[])[1, 2]) Searching(report, work, index, name, threads, faiss);
    }

    private static QuantizedIndex Building(
        BenchReport report, QuantizedWork work, string name, bool keepVectors, JsonElement? faiss)
    {
        long start = Stopwatch.GetTimestamp();
        QuantizedIndex index = work.Build(keepVectors);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double? theirs = faiss?.GetProperty("build").GetDouble();
        report.Add(new Figure(name, "training and coding, once", seconds, "s")
        {
            Peer = Peer(theirs, "s"),
            Ratio = theirs / seconds,
        });
        return index;
    }

    private static void Searching(
        BenchReport report, QuantizedWork work, QuantizedIndex index, string name, int threads, JsonElement? faiss)
    {
        var found = new NeighborTable();
        var options = new SearchOptions { ThreadCount = threads };
        Timing ours = Timing.Of(() => index.Search(work.Queries, QuantizedWork.K, found, options), Repeats);
        double? theirs = faiss?.GetProperty($"threads{threads}").GetDouble();
        string metric = threads == 1 ? "search, 1 thread" : $"search, {threads} threads";
        report.Add(new Figure(name, metric, ours.Rate(work.QueryCount), "queries/s")
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
