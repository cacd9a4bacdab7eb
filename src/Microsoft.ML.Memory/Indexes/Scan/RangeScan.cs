// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Finds every row of a snapshot within a distance, exactly: the answer is that of a brute force.</summary>
/// <remarks>
/// <para>A scan of the rows leaves out those that <see cref="ScanBound"/> proves to be farther away, a scan of their
/// codes those that <see cref="CodeRows"/> does; all others are compared by <see cref="PairDistance"/>. Nothing depends
/// on threads, kernels or vector width.</para>
/// <para>Cost: n·m·d multiplications for n queries and m rows, as of <see cref="ExactScan"/>, and a comparison in
/// double for every row that is found.</para>
/// </remarks>
internal static unsafe class RangeScan
{
    private const int CandidatesOfQuery = 64; // about a third of what a query collects before they are compared

    /// <summary>Fills a table for each query, nearest first, equal distances by position.</summary>
    /// <param name="rows">The snapshot's rows, with codes if they are read.</param>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="dimension">Length d of a row.</param>
    /// <param name="queries">[n, d], row-major; a query with a NaN or infinite value gets no neighbours.</param>
    /// <param name="largestDistance">Rows at this distance and nearer ones are found; finite.</param>
    /// <param name="neighbors">Receives ids, positions and distances; its former content is replaced.</param>
    /// <param name="threadCount">Threads at most; they never change a result.</param>
    /// <param name="width">Width of the kernels that read rows.</param>
    /// <param name="codes">Instructions that codes are read with; null reads the rows.</param>
    public static void Search(
        ScanSource rows,
        Metric metric,
        int dimension,
        ReadOnlySpan<float> queries,
        float largestDistance,
        NeighborTable neighbors,
        int threadCount,
        ScanWidth width,
        CodeKernel? codes)
    {
        int queryCount = queries.Length / dimension;
        neighbors.Reset(queryCount, 0);
        if (queryCount == 0 || rows.RowCount == 0) return;

        fixed (ScanBlock* firstBlock = rows.Blocks)
        fixed (int* firstMember = rows.Members)
        fixed (float* firstQuery = queries)
        {
            int room = Math.Min(CandidatesOfQuery, rows.RowCount);
            var scan = new ScanRequest(
                firstBlock, rows.Blocks.Length, metric, dimension, firstQuery, room, firstMember, rows.Members.Length);
            List<RangeHits> found = codes is { } kernel
                ? ScanCodes(scan, queryCount, largestDistance, threadCount, kernel)
                : Scan(scan, queryCount, largestDistance, threadCount, width);
            Write(scan, queryCount, found, neighbors, threadCount);
        }
    }

    private static List<RangeHits> Scan(
        ScanRequest scan, int queryCount, float largestDistance, int threadCount, ScanWidth width)
    {
        var all = new List<RangeHits>();
        var rows = new RowScan(scan, largestDistance, LargestNorm(scan), all);
        _ = ScoreTiles.Run(rows, scan, queryCount, threadCount, width);
        return all;
    }

    /// <summary>Scans codes, and then the rows themselves for the queries that have no code.</summary>
    private static List<RangeHits> ScanCodes(
        ScanRequest scan, int queryCount, float largestDistance, int threadCount, CodeKernel kernel)
    {
        var all = new List<RangeHits>();
        List<int> open = CodeTiles.Run(kernel, new CodedScan(scan, largestDistance, all), queryCount, threadCount);
        if (open.Count == 0) return all;
        fixed (float* queries = scan.CopyQueries(open))
        {
            List<RangeHits> more = Scan(
                scan.With(queries), open.Count, largestDistance, threadCount, ScanWidths.Best);
            foreach (RangeHits hits in more) hits.Rename(open);
            all.AddRange(more);
        }

        return all;
    }

    /// <summary>Gives the largest norm of the rows that float is trusted with, where it matters.</summary>
    private static double LargestNorm(in ScanRequest scan)
    {
        if (scan.Metric != Metric.SquaredEuclidean) return 0;
        float largest = 0; // a NaN is not larger
        if (scan.Members != null)
        {
            for (int place = 0; place < scan.End; place++)
            {
                float term = scan.Term(place);
                if (term > largest) largest = term;
            }

            return RowTerm.NormOf(scan.Metric, largest);
        }

        for (int index = 0; index < scan.BlockCount; index++)
        {
            ScanBlock* block = scan.Block(index);
            for (int row = 0; row < block->Count; row++)
            {
                if (block->Terms[row] > largest) largest = block->Terms[row];
            }
        }

        return RowTerm.NormOf(scan.Metric, largest);
    }

    private static void Write(
        in ScanRequest scan, int queryCount, List<RangeHits> found, NeighborTable neighbors, int threadCount)
    {
        ScanRequest request = scan;
        var starts = new int[queryCount + 1];
        RangeHit[] grouped = Group(found, starts, neighbors);
        foreach (RangeHits hits in found) neighbors.AddRescored(hits.ComparedCount);
        Parallel.For(0, queryCount, new ParallelOptions { MaxDegreeOfParallelism = threadCount }, query =>
        {
            Span<RangeHit> hits = grouped.AsSpan(starts[query]..starts[query + 1]);
            hits.Sort();
            NeighborTable.Row row = neighbors.Write(query);
            for (int i = 0; i < hits.Length; i++)
            {
                row.Ids[i] = request.Id(hits[i].Position);
                row.Positions[i] = hits[i].Position;
                row.Distances[i] = (float)hits[i].Distance;
            }

            row.Count = hits.Length;
        });
    }

    /// <summary>Gives the rows of one query after the other, and makes room for them.</summary>
    /// <param name="found">Rows in any order.</param>
    /// <param name="starts">[n + 1] zeros; receives where the rows of each query start, and where the last ones end.
    /// </param>
    /// <param name="neighbors">The table that room is made in.</param>
    private static RangeHit[] Group(List<RangeHits> found, int[] starts, NeighborTable neighbors)
    {
        foreach (RangeHits hits in found)
        {
            foreach (RangeHit hit in hits.Taken) starts[hit.Query + 1]++;
        }

        neighbors.Reset(starts.AsSpan(1));
        for (int query = 1; query < starts.Length; query++) starts[query] += starts[query - 1];
        int[] next = [.. starts];
        var grouped = new RangeHit[starts[^1]];
        foreach (RangeHits hits in found)
        {
            foreach (RangeHit hit in hits.Taken) grouped[next[hit.Query]++] = hit;
        }

        return grouped;
    }

    private readonly struct CodedScan(ScanRequest scan, float largestDistance, List<RangeHits> all) : ICodeScan
    {
        public List<int> Run<TTile>(int firstQuery, int queryCount, int threadCount) where TTile : struct, ICodeTile
        {
            using var scratch = new NativeScratch();
            var search = new CodeRangeSearch<TTile>(
                scratch, scan, firstQuery, queryCount, largestDistance, threadCount);
            List<int> open = search.Run();
            lock (all) all.AddRange(search.Hits);
            return open;
        }
    }

    private readonly struct RowScan(
        ScanRequest scan, float largestDistance, double largestNorm, List<RangeHits> all) : ITileScan
    {
        public int Run<TTile>(int firstQuery, int queryCount, int threadCount) where TTile : struct, IScoreTile
        {
            using var scratch = new NativeScratch();
            var search = new RangeSearch<TTile>(
                scratch, scan, firstQuery, queryCount, largestDistance, largestNorm, threadCount);
            RangeHits[] found = search.Run();
            lock (all) all.AddRange(found);
            return queryCount;
        }
    }
}
