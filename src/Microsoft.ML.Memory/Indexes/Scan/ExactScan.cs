// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Searches a snapshot's rows exactly: the answer is that of a brute force in double precision.</summary>
/// <remarks>
/// <para>A float scan chooses candidates, more than k of them, by products or by differences
/// (<see cref="RowSpread"/>); those that can be among the k nearest are re-scored by <see cref="PairDistance"/>;
/// <see cref="ScanBound"/> then certifies that no row left out can be. Queries for which it cannot (many rows all but
/// equally near, magnitudes that float does not hold) are scanned once more, and every row that may belong to the
/// answer is re-scored. So ids and distances depend on rows and queries alone: not on threads, vector width or where
/// blocks end.</para>
/// <para>Cost: n·m·d multiplications for n queries and m rows, an eighth fewer for many queries
/// (<see cref="StrassenPass{TTile}"/>), at the processor's peak for these and at the speed of memory for a few; all
/// rows in double, a hundredfold of that at most, where nothing can be certified.</para>
/// </remarks>
internal static unsafe class ExactScan
{
    /// <summary>
    /// Fills <paramref name="neighbors"/> for each query, nearest first, equal distances by position.
    /// </summary>
    /// <param name="rows">The snapshot's rows.</param>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="dimension">Length d of a row.</param>
    /// <param name="queries">[n, d], row-major; a query with a NaN or infinite value gets no neighbours.</param>
    /// <param name="k">Neighbours per query, at least 1; fewer where fewer rows are live.</param>
    /// <param name="neighbors">Receives ids, positions and distances; its former content is replaced.</param>
    /// <param name="threadCount">Threads at most; they never change a result.</param>
    public static void Search(
        ScanSource rows,
        Metric metric,
        int dimension,
        ReadOnlySpan<float> queries,
        int k,
        NeighborTable neighbors,
        int threadCount) =>
        Search(rows, metric, dimension, queries, k, neighbors, threadCount, ScanWidths.Best);

    /// <summary>Searches with kernels of a given width.</summary>
    /// <returns>The number of queries that the float scan could not certify and that were scanned once more.</returns>
    public static int Search(
        ScanSource rows,
        Metric metric,
        int dimension,
        ReadOnlySpan<float> queries,
        int k,
        NeighborTable neighbors,
        int threadCount,
        ScanWidth width)
    {
        int queryCount = queries.Length / dimension;
        k = Math.Min(k, rows.RowCount);
        neighbors.Reset(queryCount, k);
        if (queryCount == 0 || k == 0) return 0;

        fixed (ScanBlock* firstBlock = rows.Blocks)
        fixed (int* firstMember = rows.Members)
        fixed (float* firstQuery = queries)
        {
            var scan = new ScanRequest(
                firstBlock, rows.Blocks.Length, metric, dimension, firstQuery, k, firstMember, rows.Members.Length);
            ScanTerms terms = RowSpread.TermsOf(rows, metric, dimension, queryCount);
            var search = new RowScan(scan, terms, neighbors);
            return ScoreTiles.Run(search, scan, queryCount, threadCount, width);
        }
    }

    private readonly struct RowScan(ScanRequest scan, ScanTerms terms, NeighborTable neighbors) : ITileScan
    {
        public int Run<TTile>(int firstQuery, int queryCount, int threadCount) where TTile : struct, IScoreTile
        {
            using var scratch = new NativeScratch();
            var search = new ScanSearch<TTile>(scratch, scan, firstQuery, queryCount, terms, neighbors, threadCount);
            return search.Run();
        }
    }
}
