// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>The scan of rows of which one is a million times as long, against the scan without it.</summary>
internal static class LongRows
{
    private const int Repeats = 9;
    private const int RowCount = 50_000;
    private const int Dimension = 128;
    private const int K = 16;
    private const double LeastShare = 0.77; // 1 / 1.3

    public static void Run(BenchReport report, int queries, int threads)
    {
        foreach (Metric metric in (Metric[])[Metric.SquaredEuclidean, Metric.InnerProduct])
        {
            using var without = new SearchWorkload(metric, RowCount, Dimension, queries);
            using var with = new SearchWorkload(metric, RowCount, Dimension, queries, lengthOfFirst: 1e6f);
            Timing[] times = Timing.Alternate(
                Repeats,
                () => without.Search(queries, K, threads, ScanWidths.Best),
                () => with.Search(queries, K, threads, ScanWidths.Best));
            double operations = 2.0 * queries * with.ValueCount / 1e9;
            string name = $"{queries} queries, top {K}, {metric}, {threads} threads";
            report.Add(new Figure($"{name}, one long row", "search", times[1].Rate(operations), "Gflop/s")
            {
                Spread = times[1].Spread(operations),
                Peer = FormattableString.Invariant($"the same without it, {times[0].Rate(operations):G4} Gflop/s"),
                Ratio = times[0].Median / times[1].Median,
                Floor = LeastShare,
            });
        }
    }
}
