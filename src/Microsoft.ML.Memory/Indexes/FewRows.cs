// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Compares queries with listed rows in double, one by one: where a scan would take longer to prepare.</summary>
/// <remarks>Its memory is reused from search to search. Belongs to one thread at a time.</remarks>
internal sealed unsafe class FewRows
{
    private const long MostWork = 1 << 15; // multiplications

    private NearestHeap.Entry[] _entries = new NearestHeap.Entry[16];

    /// <summary>Says whether so few queries and rows are compared sooner than scanned.</summary>
    public static bool AreFew(int queryCount, int rowCount, int dimension) =>
        (long)queryCount * rowCount * dimension <= MostWork;

    /// <summary>Fills a table for each query, nearest first, equal distances by position.</summary>
    /// <param name="rows">The rows, at least one, listed.</param>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="dimension">Length d of a row.</param>
    /// <param name="queries">[n, d]; a query with a NaN or infinite value gets no neighbours.</param>
    /// <param name="k">Neighbours per query, in [1, number of rows].</param>
    /// <param name="largestDistance">Rows farther away are left out.</param>
    /// <param name="neighbors">Receives the neighbours.</param>
    public void Search(
        ScanSource rows,
        Metric metric,
        int dimension,
        ReadOnlySpan<float> queries,
        int k,
        float largestDistance,
        NeighborTable neighbors)
    {
        int queryCount = queries.Length / dimension;
        neighbors.Reset(queryCount, k);
        if (_entries.Length < k) _entries = new NearestHeap.Entry[k];
        fixed (ScanBlock* firstBlock = rows.Blocks)
        fixed (int* firstMember = rows.Members)
        fixed (float* firstQuery = queries)
        fixed (NearestHeap.Entry* entries = _entries)
        {
            var scan = new ScanRequest(
                firstBlock, rows.Blocks.Length, metric, dimension, firstQuery, k, firstMember, rows.Members.Length);
            for (int query = 0; query < queryCount; query++)
            {
                var heap = new NearestHeap(entries, k);
                OfferAll(scan, query, ref heap);
                heap.Sort();
                Write(scan, heap, largestDistance, neighbors.Write(query));
            }
        }

        neighbors.AddRescored((long)queryCount * rows.RowCount);
    }

    private static void OfferAll(in ScanRequest scan, int query, ref NearestHeap heap)
    {
        float* values = scan.Query(query);
        double square = PairDistance.SquaredNorm(values, scan.Dimension);
        if (!double.IsFinite(square)) return;
        float** few = stackalloc float*[PairDistance.Many];
        double* distances = stackalloc double[PairDistance.Many];
        for (int first = 0; first < scan.End; first += PairDistance.Many)
        {
            int count = Math.Min(PairDistance.Many, scan.End - first);
            for (int i = 0; i < count; i++) few[i] = scan.Row(scan.Members[first + i]);
            PairDistance.Of(scan.Metric, values, square, few, count, scan.Dimension, distances);
            for (int i = 0; i < count; i++) heap.Offer(distances[i], scan.Members[first + i]);
        }
    }

    private static void Write(in ScanRequest scan, NearestHeap heap, float largestDistance, NeighborTable.Row row)
    {
        int count = 0;
        for (; count < heap.Count && (float)heap[count].Distance <= largestDistance; count++)
        {
            row.Ids[count] = scan.Id(heap[count].Position);
            row.Positions[count] = heap[count].Position;
            row.Distances[count] = (float)heap[count].Distance;
        }

        row.Count = count;
    }
}
