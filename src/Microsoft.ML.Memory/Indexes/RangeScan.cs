// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Finds every row of a snapshot within a distance, exactly: the answer is that of a brute force.</summary>
/// <remarks>
/// <para>A float scan leaves out the rows that <see cref="ScanBound"/> proves to be farther away; all others are
/// compared by <see cref="PairDistance"/>. Nothing has to be scanned twice, and nothing depends on threads or vector
/// width.</para>
/// <para>Cost: n·m·d multiplications for n queries and m rows, as of <see cref="ExactScan"/>, and a comparison in
/// double for every row that is found.</para>
/// </remarks>
internal static unsafe class RangeScan
{
    private const int CandidatesOfQuery = 64; // about a third of what a query collects before they are compared

    /// <summary>Searches with the best kernel.</summary>
    /// <param name="blocks">The snapshot's rows in the order of their positions.</param>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="dimension">Length d of a row.</param>
    /// <param name="queries">[n, d], row-major; a query with a NaN or infinite value gets no neighbours.</param>
    /// <param name="largestDistance">Rows at this distance and nearer ones are found; finite.</param>
    /// <param name="neighbors">Receives ids, positions and distances; its former content is replaced.</param>
    /// <param name="threadCount">Threads at most; they never change a result.</param>
    public static void Search(
        ReadOnlySpan<ScanBlock> blocks,
        Metric metric,
        int dimension,
        ReadOnlySpan<float> queries,
        float largestDistance,
        NeighborTable neighbors,
        int threadCount) =>
        Search(blocks, metric, dimension, queries, largestDistance, neighbors, threadCount, ScanWidths.Best);

    /// <summary>Searches with kernels of a given width.</summary>
    public static void Search(
        ReadOnlySpan<ScanBlock> blocks,
        Metric metric,
        int dimension,
        ReadOnlySpan<float> queries,
        float largestDistance,
        NeighborTable neighbors,
        int threadCount,
        ScanWidth width)
    {
        int queryCount = queries.Length / dimension;
        neighbors.Reset(queryCount, 0);
        int rowCount = blocks.IsEmpty ? 0 : blocks[^1].Position + blocks[^1].Count - blocks[0].Position;
        if (queryCount == 0 || rowCount == 0) return;

        fixed (ScanBlock* firstBlock = blocks)
        fixed (float* firstQuery = queries)
        {
            int room = Math.Min(CandidatesOfQuery, rowCount);
            var scan = new ScanRequest(firstBlock, blocks.Length, metric, dimension, firstQuery, room);
            RangeHits[] found = queryCount <= TileFew.Queries
                ? Run<TileFew>(scan, queryCount, largestDistance, threadCount)
                : width switch
                {
                    ScanWidth.Bits512 => Run<Tile512>(scan, queryCount, largestDistance, threadCount),
                    ScanWidth.Bits256 => Run<Tile256>(scan, queryCount, largestDistance, threadCount),
                    _ => Run<Tile128>(scan, queryCount, largestDistance, threadCount),
                };
            Write(scan, queryCount, found, neighbors, threadCount);
        }
    }

    private static RangeHits[] Run<TTile>(in ScanRequest scan, int queryCount, float largestDistance, int threadCount)
        where TTile : struct, IScoreTile
    {
        ScanRequest request = scan;
        double largestNorm = LargestNorm(scan);
        var all = new List<RangeHits>();
        QueryShares.Each(queryCount, threadCount, TTile.Queries, (first, count, threads) =>
        {
            using var scratch = new NativeScratch();
            var search = new RangeSearch<TTile>(
                scratch, request, first, count, largestDistance, largestNorm, threads);
            RangeHits[] found = search.Run();
            lock (all) all.AddRange(found);
            return 0;
        });
        return [.. all];
    }

    /// <summary>Gives the largest norm of the rows that float is trusted with.</summary>
    private static double LargestNorm(in ScanRequest scan)
    {
        if (scan.Metric == Metric.Cosine) return 1;
        float largest = 0;
        for (int index = 0; index < scan.BlockCount; index++)
        {
            ScanBlock* block = scan.Block(index);
            for (int row = 0; row < block->Count; row++)
            {
                if (block->Terms[row] > largest) largest = block->Terms[row]; // a NaN is not
            }
        }

        return RowTerm.NormOf(scan.Metric, largest);
    }

    private static void Write(
        in ScanRequest scan, int queryCount, RangeHits[] found, NeighborTable neighbors, int threadCount)
    {
        ScanRequest request = scan;
        var starts = new int[queryCount + 1];
        RangeHit[] grouped = Group(found, starts, neighbors);
        foreach (RangeHits hits in found) neighbors.AddRescored(hits.OfferedCount);
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
    private static RangeHit[] Group(RangeHits[] found, int[] starts, NeighborTable neighbors)
    {
        long count = 0;
        foreach (RangeHits hits in found) count += hits.Taken.Count;
        if (count > Array.MaxLength)
        {
            throw new InvalidOperationException(
                $"RangeSearch must find at most {Array.MaxLength} neighbours in all. Got {count}. "
                + "Ask for fewer queries at a time, or for a smaller distance.");
        }

        foreach (RangeHits hits in found)
        {
            foreach (RangeHit hit in hits.Taken) starts[hit.Query + 1]++;
        }

        neighbors.Reset(starts.AsSpan(1));
        for (int query = 1; query < starts.Length; query++) starts[query] += starts[query - 1];
        int[] next = [.. starts];
        var grouped = new RangeHit[count];
        foreach (RangeHits hits in found)
        {
            foreach (RangeHit hit in hits.Taken) grouped[next[hit.Query]++] = hit;
        }

        return grouped;
    }
}
