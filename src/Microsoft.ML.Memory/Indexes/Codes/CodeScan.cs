// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// Searches a snapshot's rows exactly, through their 8-bit codes: a quarter of the bytes, twice the speed or more.
/// </summary>
/// <remarks>
/// <para>Integer inner products of codes bound the score of every row from both sides (<see cref="CodeRows"/>). What
/// passes by a query's coarse code is looked at again by its fine one. A row is left out only where k others are
/// certainly nearer; the rest is re-scored in double, so ids and distances are those of <see cref="ExactScan"/>,
/// always. Queries that codes cannot tell apart (many rows all but equally near, magnitudes outside the codes' range)
/// are answered by <see cref="ExactScan"/>.</para>
/// <para>Cost: n·m·d small multiplications for n queries and m rows, and m·d bytes read for a few queries.</para>
/// </remarks>
internal static unsafe class CodeScan
{
    /// <summary>Longest rows whose inner products fit into 32 bits.</summary>
    public const int LargestDimension = 1 << 16;

    /// <summary>Searches with the best kernel; the parameters are those of <see cref="ExactScan"/>.</summary>
    public static int Search(
        ScanSource rows,
        Metric metric,
        int dimension,
        ReadOnlySpan<float> queries,
        int k,
        NeighborTable neighbors,
        int threadCount) =>
        Search(rows, metric, dimension, queries, k, neighbors, threadCount, CodeKernels.Best);

    /// <summary>Searches with a given kernel.</summary>
    /// <param name="rows">The snapshot's rows with their codes.</param>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="dimension">Length d of a row, at most <see cref="LargestDimension"/>.</param>
    /// <param name="queries">[n, d], row-major; a query with a NaN or infinite value gets no neighbours.</param>
    /// <param name="k">Neighbours per query, at least 1; fewer where fewer rows are live.</param>
    /// <param name="neighbors">Receives ids, positions and distances; its former content is replaced.</param>
    /// <param name="threadCount">Threads at most; they never change a result.</param>
    /// <param name="kernel">Instructions that the processor has.</param>
    /// <returns>The number of queries that the codes could not answer.</returns>
    public static int Search(
        ScanSource rows,
        Metric metric,
        int dimension,
        ReadOnlySpan<float> queries,
        int k,
        NeighborTable neighbors,
        int threadCount,
        CodeKernel kernel)
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
            List<int> open = CodeTiles.Run(kernel, new NearestScan(scan, neighbors), queryCount, threadCount);
            if (open.Count > 0) AnswerOpen(rows, scan, open, neighbors, threadCount);
            return open.Count;
        }
    }

    /// <summary>Answers what the codes could not by the scan of the rows themselves.</summary>
    private static void AnswerOpen(
        ScanSource rows, in ScanRequest scan, List<int> open, NeighborTable neighbors, int threadCount)
    {
        float[] queries = scan.CopyQueries(open);
        var answers = new NeighborTable();
        ExactScan.Search(rows, scan.Metric, scan.Dimension, queries, scan.NeighborCount, answers, threadCount);
        for (int i = 0; i < open.Count; i++)
        {
            NeighborTable.Row row = neighbors.Write(open[i]);
            answers.IdsOf(i).CopyTo(row.Ids);
            answers.PositionsOf(i).CopyTo(row.Positions);
            answers.DistancesOf(i).CopyTo(row.Distances);
            row.Count = answers.CountOf(i);
        }

        neighbors.AddRescored(answers.RescoredCount);
    }

    private readonly struct NearestScan(in ScanRequest scan, NeighborTable neighbors) : ICodeScan
    {
        private readonly ScanRequest _scan = scan;

        public List<int> Run<TTile>(int firstQuery, int queryCount, int threadCount) where TTile : struct, ICodeTile
        {
            using var scratch = new NativeScratch();
            return new CodeSearch<TTile>(scratch, _scan, firstQuery, queryCount, neighbors, threadCount).Run();
        }
    }
}
