// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Carries a scan of codes out with the kernel for some instructions and a number of queries.</summary>
internal static class CodeTiles
{
    /// <summary>Scans; gives the queries that the codes could not answer, ascending.</summary>
    public static List<int> Run<TScan>(CodeKernel kernel, in TScan scan, int queryCount, int threadCount)
        where TScan : struct, ICodeScan
    {
        bool isFew = queryCount <= CodeTileFew<PlainMath>.Queries;
        List<int> open = kernel switch
        {
            CodeKernel.Vnni => Run<TScan, VnniMath>(scan, isFew, queryCount, threadCount),
            CodeKernel.Avx512 when IsLeftToVnni(queryCount) =>
                Run<TScan, VnniMath>(scan, isFew, queryCount, threadCount),
            CodeKernel.Avx512 when !isFew => Share<TScan, CodeTile512>(scan, queryCount, threadCount),
            CodeKernel.Avx512 or CodeKernel.Avx2 => Run<TScan, Avx2Math>(scan, isFew, queryCount, threadCount),
            CodeKernel.Neon => Run<TScan, NeonMath>(scan, isFew, queryCount, threadCount),
            _ => Run<TScan, PlainMath>(scan, isFew, queryCount, threadCount),
        };
        open.Sort();
        return open;
    }

    /// <summary>Says whether so few queries would leave half of a 512-bit panel empty, or more.</summary>
    private static bool IsLeftToVnni(int queryCount) =>
        CodeKernels.IsSupported(CodeKernel.Vnni) && queryCount <= CodeTile256<VnniMath>.Queries;

    private static List<int> Run<TScan, TMath>(in TScan scan, bool isFew, int queryCount, int threadCount)
        where TScan : struct, ICodeScan
        where TMath : struct, ICodeMath =>
        isFew
            ? Share<TScan, CodeTileFew<TMath>>(scan, queryCount, threadCount)
            : Share<TScan, CodeTile256<TMath>>(scan, queryCount, threadCount);

    private static List<int> Share<TScan, TTile>(in TScan scan, int queryCount, int threadCount)
        where TScan : struct, ICodeScan
        where TTile : struct, ICodeTile
    {
        TScan shared = scan;
        var open = new List<int>();
        QueryShares.Each(queryCount, threadCount, TTile.Queries, isFromMemory: false, (first, count, threads) =>
        {
            List<int> left = shared.Run<TTile>(first, count, threads);
            lock (open) open.AddRange(left);
            return left.Count;
        });
        return open;
    }
}
