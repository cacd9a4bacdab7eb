// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>The exact scan of one query or a few, which waits for memory.</summary>
internal static unsafe class SingleBench
{
    private const int RowCount = 100_000;
    private const int Dimension = 768;
    private const int Repeats = 15;

    public static void Run(BenchReport report)
    {
        int threads = Environment.ProcessorCount;
        using var work = new SearchWorkload(Metric.Cosine, RowCount, Dimension, 16);
        foreach (int queries in (int[])[1, 4, 16]) Few(report, work, queries, threads);
        CodeRows.Run(report, work, 1, threads, floor: 3);
        RangeRows.Run(report, work, 1, 50, threads);
        FaissPeer.Run(report, work, 1, 50, threads, floor: 6);
    }

    private static void Few(BenchReport report, SearchWorkload work, int queries, int threads)
    {
        Timing[] times = Timing.Alternate(
            Repeats,
            () => MachineLimits.Read(work.Rows, work.ValueCount, threads),
            () => work.Search(queries, 16, threads, ScanWidths.Best));
        double gigabytes = sizeof(float) * work.ValueCount / 1e9;
        string name =
            $"{queries} quer{(queries == 1 ? "y" : "ies")}, top 16, {threads} thread{(threads == 1 ? "" : "s")}";
        report.Add(
            new Figure(
                name,
                "memory read, fastest run",
                times[0].BestRate(gigabytes),
                "GB/s")
            { Spread = times[0].Spread(gigabytes) });
        report.Add(new Figure(name, "search", times[1].Rate(gigabytes), "GB/s")
        {
            Spread = times[1].Spread(gigabytes),
            Peer = "memory read by as many threads, fastest run against fastest run",
            Ratio = times[1].BestRate(gigabytes) / times[0].BestRate(gigabytes),
            Floor = queries == 1 ? 0.85 : null,
        });
    }
}
