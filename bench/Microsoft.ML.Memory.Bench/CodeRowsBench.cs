// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>Rows of the search bench about the scan of 8-bit codes, against the scan of the rows themselves.</summary>
internal static class CodeRowsBench
{
    private const int Repeats = 9;

    public static void Run(BenchReport report, SearchWorkload work, int batchQueries, int threads)
    {
        foreach (CodeKernel kernel in Enum.GetValues<CodeKernel>())
        {
            if (!CodeKernels.IsSupported(kernel) || kernel == CodeKernel.Plain) continue;
            bool isBest = kernel == CodeKernels.Best;
            Compare(report, work, batchQueries, 50, threads, kernel, isBest ? 1.8 : null);
            Compare(report, work, 1, 50, threads, kernel, isBest ? 3 : null);
        }
    }

    private static void Compare(
        BenchReport report, SearchWorkload work, int queries, int k, int threads, CodeKernel kernel, double? floor)
    {
        long rescored = 0;
        Timing[] times = Timing.Alternate(
            Repeats,
            () => work.Search(queries, k, threads, ScanWidths.Best),
            () => rescored = work.SearchCodes(queries, k, threads, kernel));
        string name = $"{queries} quer{(queries == 1 ? "y" : "ies")}, top {k}, codes, {kernel}, {threads} threads";
        double operations = 2.0 * queries * work.ValueCount / 1e9;
        report.Add(new Figure(name, "search", times[1].Rate(operations), "Gop/s")
        {
            Spread = times[1].Spread(operations),
            Peer = FormattableString.Invariant(
                $"the scan of the rows, {times[0].Rate(operations):G4} Gflop/s, identical results"),
            Ratio = times[0].Median / times[1].Median,
            Floor = floor,
        });
        report.Add(new Figure(name, "rows re-scored, per query", (double)rescored / queries, "rows"));
    }
}
