// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Chooses the kernel of a scan of rows, and how threads share its work.</summary>
internal static class ScoreTiles
{
    private const int LeastOfNarrow = 6; // with fewer queries the empty places of a panel of 16 cost more

    /// <summary>Runs a scan with the best kernel for so many queries.</summary>
    /// <param name="scan">What is done.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="queryCount">Number of queries, at least 1.</param>
    /// <param name="threadCount">Threads at most.</param>
    /// <param name="width">Vectors to compute with.</param>
    /// <returns>The sum of the counts that the scan gives.</returns>
    public static int Run<TScan>(
        in TScan scan, in ScanRequest request, int queryCount, int threadCount, ScanWidth width)
        where TScan : struct, ITileScan
    {
        if (width == ScanWidth.Bits512 && queryCount >= LeastOfNarrow && queryCount <= Tile512Narrow.Queries)
            return Share<TScan, Tile512Narrow>(scan, request, queryCount, threadCount);
        if (queryCount <= TileFew.Queries) return Share<TScan, TileFew>(scan, request, queryCount, threadCount);
        return width switch
        {
            ScanWidth.Bits512 => Share<TScan, Tile512>(scan, request, queryCount, threadCount),
            ScanWidth.Bits256 => Share<TScan, Tile256>(scan, request, queryCount, threadCount),
            _ => Share<TScan, Tile128>(scan, request, queryCount, threadCount),
        };
    }

    private static int Share<TScan, TTile>(
        TScan scan, in ScanRequest request, int queryCount, int threadCount)
        where TScan : struct, ITileScan
        where TTile : struct, IScoreTile =>
        QueryShares.Each(queryCount, threadCount, TTile.Queries, !request.FitsCache, scan.Run<TTile>);
}
