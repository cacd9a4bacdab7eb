// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// Compares queries with each of some listed rows in double: where a scan would take longer to prepare, or only codes
/// of the rows are there.
/// </summary>
/// <remarks>Its memory is reused from search to search. Belongs to one thread at a time.</remarks>
internal sealed unsafe class FewRows
{
    private const long MostWork = 1 << 15; // multiplications

    private NearestHeap.Entry[] _entries = [];
    private NearestHeap[] _heaps = [];
    private double[] _squares = [];
    private float[] _decoded = [];
    private byte[] _code = [];

    /// <summary>Says whether so few queries and rows are compared sooner than scanned.</summary>
    public static bool AreFew(int queryCount, int rowCount, int dimension) =>
        (long)queryCount * rowCount * dimension <= MostWork;

    /// <summary>Fills some of a table's rows, nearest first, equal distances by position.</summary>
    /// <param name="rows">The rows, at least one, listed.</param>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="dimension">Length d of a row.</param>
    /// <param name="queries">[n, d]; a query with a NaN or infinite value gets no neighbours.</param>
    /// <param name="k">Neighbours per query, in [1, number of rows].</param>
    /// <param name="largestDistance">Rows farther away are left out.</param>
    /// <param name="neighbors">Receives the neighbours; it has been reset.</param>
    /// <param name="first">The table's row of the first query.</param>
    /// <param name="codebooks">What codes of the rows stand for; null where the rows themselves are there.</param>
    public void Search(
        ScanSource rows,
        Metric metric,
        int dimension,
        ReadOnlySpan<float> queries,
        int k,
        float largestDistance,
        NeighborTable neighbors,
        int first = 0,
        ProductQuantizer? codebooks = null)
    {
        int queryCount = queries.Length / dimension;
        Reserve(queryCount, k, dimension, codebooks);
        fixed (ScanBlock* firstBlock = rows.Blocks)
        fixed (int* firstMember = rows.Members)
        fixed (float* firstQuery = queries)
        fixed (NearestHeap.Entry* entries = _entries)
        {
            var scan = new ScanRequest(
                firstBlock, rows.Blocks.Length, metric, dimension, firstQuery, k, firstMember, rows.Members.Length);
            for (int query = 0; query < queryCount; query++)
            {
                _heaps[query] = new NearestHeap(entries + ((nint)query * k), k);
                _squares[query] = PairDistance.SquaredNorm(scan.Query(query), dimension);
            }

            OfferAll(scan, queryCount, codebooks);
            for (int query = 0; query < queryCount; query++)
            {
                _heaps[query].Sort();
                Write(scan, _heaps[query], largestDistance, neighbors.Write(first + query));
            }
        }

        neighbors.AddRescored((long)queryCount * rows.RowCount);
    }

    private void Reserve(int queryCount, int k, int dimension, ProductQuantizer? codebooks)
    {
        if (_heaps.Length < queryCount)
        {
            _heaps = new NearestHeap[queryCount];
            _squares = new double[queryCount];
        }

        if (_entries.Length < (long)queryCount * k) _entries = new NearestHeap.Entry[checked(queryCount * k)];
        if (codebooks is null || _code.Length > 0) return;
        _code = new byte[codebooks.SubspaceCount];
        _decoded = new float[PairDistance.Many * dimension];
    }

    private void OfferAll(in ScanRequest scan, int queryCount, ProductQuantizer? codebooks)
    {
        float** few = stackalloc float*[PairDistance.Many];
        double* distances = stackalloc double[PairDistance.Many];
        fixed (float* decoded = _decoded)
        {
            for (int first = 0; first < scan.End; first += PairDistance.Many)
            {
                int count = Math.Min(PairDistance.Many, scan.End - first);
                for (int i = 0; i < count; i++)
                {
                    few[i] = codebooks is null
                        ? scan.Row(scan.Members[first + i])
                        : Decode(scan, scan.Members[first + i], codebooks, decoded + ((nint)i * scan.Dimension));
                }

                for (int query = 0; query < queryCount; query++)
                {
                    double square = _squares[query];
                    if (!double.IsFinite(square)) continue;
                    PairDistance.Of(scan.Metric, scan.Query(query), square, few, count, scan.Dimension, distances);
                    for (int i = 0; i < count; i++) _heaps[query].Offer(distances[i], scan.Members[first + i]);
                }
            }
        }
    }

    private float* Decode(in ScanRequest scan, int position, ProductQuantizer codebooks, float* row)
    {
        ScanBlock* block = scan.Block(scan.Locate(position));
        QuantizedColumn.CopyTo(block->Quantized, position - block->Position, _code);
        codebooks.Decode(_code, new Span<float>(row, scan.Dimension));
        return row;
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
