// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>Searches a snapshot's rows exactly: the answer is that of a brute force in double precision.</summary>
internal static unsafe class ExactScan
{
    /// <summary>Fills <paramref name="neighbors"/> for each query, nearest first, equal distances by position.</summary>
    /// <param name="blocks">The snapshot's rows in the order of their positions.</param>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="dimension">Length d of a row.</param>
    /// <param name="queries">[n, d], row-major; a query with a NaN or infinite value gets no neighbours.</param>
    /// <param name="k">Neighbours per query, at least 1; fewer where fewer rows are live.</param>
    /// <param name="neighbors">Receives ids, positions and distances; its former content is replaced.</param>
    /// <param name="threadCount">Threads at most; they never change a result.</param>
    public static void Search(
        ReadOnlySpan<ScanBlock> blocks,
        Metric metric,
        int dimension,
        ReadOnlySpan<float> queries,
        int k,
        NeighborTable neighbors,
        int threadCount)
    {
        int queryCount = queries.Length / dimension;
        neighbors.Reset(queryCount, k);
        var entries = (NearestHeap.Entry*)NativeMemory.Alloc((nuint)k, (nuint)sizeof(NearestHeap.Entry));
        try
        {
            fixed (float* first = queries)
            {
                for (int query = 0; query < queryCount; query++)
                {
                    float* q = first + (long)query * dimension;
                    double qq = PairDistance.SquaredNorm(q, dimension);
                    if (!double.IsFinite(qq)) continue;
                    var heap = new NearestHeap(entries, k);
                    foreach (ScanBlock block in blocks)
                    {
                        for (int r = 0; r < block.Count; r++)
                        {
                            if (block.Removed != null && (block.Removed[r >> 6] >> (r & 63) & 1) != 0) continue;
                            double distance = PairDistance.Of(metric, q, qq, block.Rows + (long)r * dimension, dimension);
                            heap.Offer(distance, block.Position + r);
                        }
                    }

                    Write(heap, blocks, neighbors.Write(query));
                }
            }
        }
        finally
        {
            NativeMemory.Free(entries);
        }
    }

    private static void Write(NearestHeap heap, ReadOnlySpan<ScanBlock> blocks, NeighborTable.Row row)
    {
        heap.Sort();
        for (int place = 0; place < heap.Count; place++)
        {
            NearestHeap.Entry entry = heap[place];
            int low = 0;
            for (int high = blocks.Length - 1; low < high;)
            {
                int middle = (low + high + 1) >>> 1;
                if (blocks[middle].Position <= entry.Position) low = middle;
                else high = middle - 1;
            }

            row.Ids[place] = blocks[low].Ids[entry.Position - blocks[low].Position];
            row.Positions[place] = entry.Position;
            row.Distances[place] = (float)entry.Distance;
        }

        row.Count = heap.Count;
    }
}
