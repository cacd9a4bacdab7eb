// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>The search for all rows within a distance against the search for the nearest, and through codes.</summary>
internal static class RangeRows
{
    private const int Repeats = 7;

    public static void Run(BenchReport report, SearchWorkload work, int queries, int k, int threads)
    {
        float distance = work.MedianDistance(queries, k);
        long found = 0;
        Timing[] times = Timing.Alternate(
            Repeats,
            () => work.Search(queries, k, threads, ScanWidths.Best),
            () => found = work.RangeSearch(queries, distance, threads),
            () => work.RangeSearch(queries, distance, threads, CodeKernels.Best));
        string name = $"{queries} quer{(queries == 1 ? "y" : "ies")}, all as near as the {k}th, {threads} threads";
        double operations = 2.0 * queries * work.ValueCount / 1e9;
        report.Add(new Figure(name, "rows found, per query", (double)found / queries, "rows"));
        report.Add(new Figure(name, "search", times[1].Rate(operations), "Gflop/s")
        {
            Spread = times[1].Spread(operations),
            Peer = FormattableString.Invariant($"the {k} nearest, {times[0].Rate(operations):G4} Gflop/s"),
            Ratio = times[0].Median / times[1].Median,
        });
        report.Add(new Figure($"{name}, codes, {CodeKernels.Best}", "search", times[2].Rate(operations), "Gop/s")
        {
            Spread = times[2].Spread(operations),
            Peer = "the scan of the rows, identical results",
            Ratio = times[1].Median / times[2].Median,
        });
    }
}
