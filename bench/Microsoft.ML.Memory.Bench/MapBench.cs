// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Seconds and quality of the maps of MNIST training images, stage by stage.</summary>
internal static class MapBench
{
    private const int NeighborCount = 15;
    private const int PeerRows = 10_000;

    public static void Run(BenchReport report)
    {
        if (DigitImages.Read("mnist", "train") is not { } all)
        {
            report.Note("MNIST is not here: set MEMORY_ML_DATA to the data folder.");
            return;
        }

        foreach (int count in (int[])[10_000, all.Count]) Measure(report, all.Take(count));
    }

    private static void Measure(BenchReport report, DigitImages images)
    {
        var bank = new MemoryBank(DigitImages.Dimension);
        bank.AddRange(images.Pixels, images.Labels);
        BankSnapshot memory = bank.Snapshot();
        string name = $"{images.Count} x {DigitImages.Dimension}";

        EntryNeighbors neighbors = Timed(report, name, "neighbours", () => EntryNeighbors.Of(memory, NeighborCount));
        EntryMap plane = Timed(report, name, "principal plane", () => EntryMap.Principal(memory));
        EntryMap map = Timed(report, name, "embedding", () => EntryMap.OfNeighbors(neighbors, start: plane));
        double ours = Judge(report, $"{name}, neighbour map", map, images.Labels);
        Judge(report, $"{name}, principal plane", plane, images.Labels);
        if (images.Count > PeerRows) return;
        if (UmapPeer.Run(images.Pixels, images.Count, NeighborCount) is not { } peer)
        {
            report.Note("umap-learn was not compared: Python finds no module umap. Debian has it as umap-learn.");
            return;
        }

        report.Add(new Figure($"{name}, umap-learn {peer.Version}", "all stages", peer.Seconds, "s"));
        var theirs = new EntryMap(new EntryRows(memory), peer.X, peer.Y, []);
        double other = Judge(report, $"{name}, umap-learn {peer.Version}", theirs, images.Labels);
        report.Add(new Figure(name, "trustworthiness", ours, "")
        {
            Peer = $"umap-learn {peer.Version}",
            Ratio = ours / other,
        });
    }

    private static T Timed<T>(BenchReport report, string name, string stage, Func<T> run)
    {
        long start = Stopwatch.GetTimestamp();
        T result = run();
        report.Add(new Figure(name, stage, Stopwatch.GetElapsedTime(start).TotalSeconds, "s"));
        return result;
    }

    private static double Judge(BenchReport report, string name, EntryMap map, int[] labels)
    {
        double trust = map.MeasureTrustworthiness(NeighborCount);
        report.Add(new Figure(name, "trustworthiness", trust, ""));
        report.Add(new Figure(name, "nearest in the plane has its class", SameClass(map, labels), ""));
        return trust;
    }

    private static double SameClass(EntryMap map, int[] labels)
    {
        var bank = new MemoryBank(2, Metric.SquaredEuclidean);
        for (int row = 0; row < map.Count; row++) bank.Add([map.X[row], map.Y[row]], labels[row]);
        EntryNeighbors nearest = EntryNeighbors.Of(bank.Snapshot(), 1);
        return Enumerable.Range(0, map.Count).Count(row => labels[row] == labels[nearest.PositionsOf(row)[0]])
            / (double)map.Count;
    }
}
