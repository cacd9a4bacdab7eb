// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>
/// The scan of rows that lie a thousand times as far from the origin as they spread, against the same around it.
/// </summary>
internal static class FarRows
{
    private const int Repeats = 9;
    private const int RowCount = 100_000;
    private const int K = 5;
    private const float Offset = 2000; // values spread by 2
    private const double LeastShare = 0.77; // 1 / 1.3

    public static void Run(BenchReport report, int queries, int threads)
    {
        foreach (int dimension in (int[])[2, 64])
        {
            using var around = new SearchWorkload(Metric.SquaredEuclidean, RowCount, dimension, queries);
            using var far = new SearchWorkload(
                Metric.SquaredEuclidean, RowCount, dimension, queries, offset: Offset);
            Timing[] times = Timing.Alternate(
                Repeats,
                () => around.Search(queries, K, threads, ScanWidths.Best),
                () => far.Search(queries, K, threads, ScanWidths.Best));
            string name = $"{queries} queries, top {K}, SquaredEuclidean, d = {dimension}, {threads} threads";
            double operations = 2.0 * queries * far.ValueCount / 1e9;
            report.Add(new Figure($"{name}, far from the origin", "search", times[1].Rate(operations), "Gflop/s")
            {
                Spread = times[1].Spread(operations),
                Peer = FormattableString.Invariant($"the same around it, {times[0].Rate(operations):G4} Gflop/s"),
                Ratio = times[0].Median / times[1].Median,
                Floor = LeastShare,
            });
        }
    }
}
