// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>The exact scan of many queries against what the machine can do, and against others.</summary>
internal static unsafe class SearchBench
{
    private const int RowCount = 100_000;
    private const int Dimension = 768;
    private const int BatchQueries = 1024;
    private const long PeakSteps = 60_000_000;
    private const int Repeats = 7;

    public static void Run(BenchReport report)
    {
        int threads = Environment.ProcessorCount;
        using var work = new SearchWorkload(Metric.Cosine, RowCount, Dimension, BatchQueries);
        foreach (int used in new[] { 1, threads }.Distinct())
        {
            foreach (int k in (int[])[16, 50])
                Batch(report, work, k, used, ScanWidths.Best, used == threads ? 0.95 : null);
        }

        foreach (ScanWidth width in (ScanWidth[])[ScanWidth.Bits256, ScanWidth.Bits128])
        {
            if (width < ScanWidths.Best) Batch(report, work, 16, threads, width, null);
        }

        Uncertified(report, work);
        CodeRows.Run(report, work, BatchQueries, threads, floor: 1.8);
        RangeRows.Run(report, work, BatchQueries, 50, threads);
        LongRows.Run(report, BatchQueries, threads);
        FarRows.Run(report, BatchQueries, threads);
        OpenBlasPeer.Run(report, work, BatchQueries, 50, threads);
        FaissPeer.Run(report, work, BatchQueries, 50, threads, floor: 1.5);
    }

    private static void Batch(
        BenchReport report, SearchWorkload work, int k, int threads, ScanWidth width, double? floor)
    {
        Timing[] times = Timing.Alternate(
            Repeats,
            () => MachineLimits.MultiplyAdd(width, PeakSteps, threads),
            () => work.Search(BatchQueries, k, threads, width));
        double peakWork = MachineLimits.Operations(width, PeakSteps, threads) / 1e9;
        double searchWork = 2.0 * BatchQueries * work.ValueCount / 1e9;
        string name =
            $"{BatchQueries} queries, top {k}, {(int)width} bits, {threads} thread{(threads == 1 ? "" : "s")}";
        report.Add(
            new Figure(
                name,
                "FMA peak, fastest run",
                times[0].BestRate(peakWork),
                "Gflop/s")
            { Spread = times[0].Spread(peakWork) });
        report.Add(new Figure(name, "search", times[1].Rate(searchWork), "Gflop/s")
        {
            Spread = times[1].Spread(searchWork),
            Peer = "FMA peak of the same width and threads, fastest run against fastest run",
            Ratio = times[1].BestRate(searchWork) / times[0].BestRate(peakWork),
            Floor = floor,
        });
    }

    private static void Uncertified(BenchReport report, SearchWorkload work)
    {
        foreach (int k in (int[])[16, 50])
        {
            int uncertified = work.Search(BatchQueries, k, Environment.ProcessorCount, ScanWidths.Best);
            double percent = 100.0 * uncertified / BatchQueries;
            report.Add(new Figure($"{BatchQueries} queries, top {k}", "queries scanned twice", percent, "%"));
        }
    }
}
