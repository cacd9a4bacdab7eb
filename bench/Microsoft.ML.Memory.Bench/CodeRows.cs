// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>The scan of 8-bit codes against the scan of the rows themselves.</summary>
internal static class CodeRows
{
    private const int Repeats = 9;

    public static void Run(BenchReport report, SearchWorkload work, int queries, int threads, double floor)
    {
        foreach (CodeKernel kernel in Enum.GetValues<CodeKernel>())
        {
            if (!CodeKernels.IsSupported(kernel) || kernel == CodeKernel.Plain) continue;
            Compare(report, work, queries, 50, threads, kernel, kernel == CodeKernels.Best ? floor : null);
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
