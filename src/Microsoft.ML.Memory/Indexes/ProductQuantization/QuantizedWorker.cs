// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Answers one query after another on one thread.</summary>
internal sealed unsafe class QuantizedWorker : IDisposable
{
    private const int RowsOfCandidate = 8; // that are looked at for what sums candidates have

    private readonly QuantizedRequest _request;
    private readonly int _dimension;
    private readonly int _k;
    private readonly QuantizedCandidates? _candidates;
    private readonly NativeScratch _scratch = new();
    private readonly NearestHeap.Entry* _entries;
    private readonly ushort* _sums;
    private readonly float* _row;
    private readonly byte* _bytes;
    private readonly float* _query;
    private readonly float* _tables;
    private readonly float* _reached;
    private readonly int _tableLength;
    private readonly byte[] _code;

    public QuantizedWorker(QuantizedRequest request)
    {
        _request = request;
        _dimension = request.Dimension;
        _k = request.NeighborCount;
        _entries = _scratch.Take<NearestHeap.Entry>(_k);
        _row = _scratch.Take<float>(_dimension);
        _sums = _scratch.Take<ushort>(QuantizedColumn.GroupRows);
        _query = _scratch.Take<float>(_dimension);
        _code = new byte[request.Quantizer?.SubspaceCount ?? 0];
        if (request.Quantizer is null || request.CandidateCount == 0) return;
        _tableLength = _code.Length * ProductQuantizer.CentroidCount;
        _tables = _scratch.Take<float>(_tableLength);
        _bytes = _scratch.Take<byte>(_tableLength);
        _reached = _scratch.Take<float>(2L * request.CandidateCount);
        _candidates = new QuantizedCandidates(request.CandidateCount);
    }

    /// <summary>Finds the neighbours of a query.</summary>
    public void Answer(ReadOnlySpan<float> query, NeighborTable.Row neighbors)
    {
        fixed (float* q = query)
        {
            var heap = new NearestHeap(_entries, _k);
            double squaredNorm = PairDistance.SquaredNorm(q, _dimension);
            if (_candidates is not null && FillBytes(query))
            {
                Choose();
                ReadOnlySpan<ulong> chosen = _candidates.Take();
                OfferThose(ref heap, chosen, [], q, squaredNorm);
                if (_request.Metric == Metric.InnerProduct && _request.Quantizer!.LongCentroids is { } isLong)
                {
                    ulong[] before = chosen.ToArray();
                    Clip(isLong);
                    if (RoundTables()) Choose();
                    OfferThose(ref heap, _candidates.Take(), before, q, squaredNorm);
                }
            }
            else
            {
                OfferAll(ref heap, q, squaredNorm);
            }

            heap.Sort();
            Write(heap, neighbors);
        }
    }

    public void Dispose() => _scratch.Dispose();

    /// <summary>Rounds the query's tables to bytes; false where their values are too large for that.</summary>
    private bool FillBytes(ReadOnlySpan<float> query)
    {
        var scaled = new Span<float>(_query, _dimension);
        query.CopyTo(scaled);
        if (_request.Metric == Metric.Cosine) UnitRow.Scale(scaled);
        _request.Quantizer!.FillTables(scaled, _request.Metric, new Span<float>(_tables, _tableLength));
        return RoundTables();
    }

    /// <summary>
    /// Gives long centroids the entries of the others: beside theirs, with either sign by inner product, the others'
    /// would be all the same. Rows of long centroids are chosen before, by tables as they are.
    /// </summary>
    private void Clip(bool[] isLong)
    {
        const int Length = ProductQuantizer.CentroidCount;
        for (int start = 0; start < _tableLength; start += Length)
        {
            float least = float.PositiveInfinity, largest = float.NegativeInfinity;
            for (int entry = start; entry < start + Length; entry++)
            {
                if (isLong[entry]) continue;
                least = Math.Min(least, _tables[entry]);
                largest = Math.Max(largest, _tables[entry]);
            }

            for (int entry = start; entry < start + Length; entry++)
                _tables[entry] = Math.Clamp(_tables[entry], least, largest);
        }
    }

    private bool RoundTables()
    {
        var tables = new Span<float>(_tables, _tableLength);
        const int Length = ProductQuantizer.CentroidCount;
        float widest = 0;
        double mean = 0;
        for (int start = 0; start < tables.Length; start += Length)
        {
            Span<float> table = tables.Slice(start, Length);
            float least = TensorPrimitives.Min<float>(table);
            TensorPrimitives.Subtract(table, least, table);
            float largest = TensorPrimitives.Max<float>(table);
            if (!float.IsFinite(largest)) return false;
            widest = Math.Max(widest, largest);
            mean += TensorPrimitives.Sum<float>(table) / Length;
        }

        // One centroid far away would leave the others the same few bytes. What lies beyond the reach gets the last.
        if (widest > mean && Reach() is var reach && reach > 0)
            widest = Math.Min(widest, reach * byte.MaxValue / (byte.MaxValue - 1));
        float scale = widest > 0 ? byte.MaxValue / widest : 0;
        if (!float.IsFinite(scale)) return false;
        CentroidKernel.Round(tables, scale, new Span<byte>(_bytes, _tableLength));
        return true;
    }

    /// <summary>
    /// Gives a sum that as many rows have, or less, as there are candidates: no candidate has a larger table entry.
    /// </summary>
    private float Reach()
    {
        int count = 0, wanted = _request.CandidateCount;
        long left = RowsOfCandidate * (long)wanted;
        fixed (ScanBlock* blocks = _request.Blocks)
        {
            for (ScanBlock* block = blocks; block < blocks + _request.Blocks.Length; block++)
            {
                for (int row = 0; row < block->Count && count < 2L * wanted && left > 0; row++, left--)
                {
                    if (IsWanted(block, row)) _reached[count++] = SumOf(block, row);
                }
            }
        }

        if (count < wanted) return float.PositiveInfinity;
        new Span<float>(_reached, count).Sort();
        return _reached[wanted - 1];
    }

    private float SumOf(ScanBlock* block, int row)
    {
        QuantizedColumn.CopyTo(block->Quantized, row, _code);
        float sum = 0;
        for (int subspace = 0; subspace < _code.Length; subspace++)
            sum += _tables[(subspace * ProductQuantizer.CentroidCount) + _code[subspace]];
        return sum;
    }

    private void Choose()
    {
        _candidates!.Clear();
        int m = _request.Quantizer!.SubspaceCount;
        fixed (ScanBlock* blocks = _request.Blocks)
        {
            for (ScanBlock* block = blocks; block < blocks + _request.Blocks.Length; block++)
            {
                for (int first = 0; first < block->Count; first += QuantizedColumn.GroupRows)
                {
                    ulong live = block->Removed == null ? ulong.MaxValue : ~block->Removed[first >> 6];
                    if (live == 0) continue;
                    byte* codes = block->Quantized + ((nint)first * m);
                    ulong mask = QuantizedScan.Sum(codes, _bytes, m, _candidates.Threshold, _sums, _request.Width);
                    int left = block->Count - first;
                    if (left < QuantizedColumn.GroupRows) mask &= (1UL << left) - 1;
                    mask &= live;
                    while (mask != 0)
                    {
                        int row = QuantizedScan.TakeRow(ref mask);
                        if (IsWanted(block, first + row)) _candidates.Add(_sums[row], block->Position + first + row);
                    }
                }
            }
        }
    }

    private bool IsWanted(ScanBlock* block, int row) =>
        ScanRequest.IsLive(block, row) && (_request.Filter is null || _request.Filter(block->Ids[row]));

    /// <summary>Offers rows at some positions but for those at others, both in ascending order.</summary>
    private void OfferThose(
        ref NearestHeap heap, ReadOnlySpan<ulong> positions, ReadOnlySpan<ulong> others, float* q, double squaredNorm)
    {
        foreach (ulong position in positions)
        {
            if (others.BinarySearch(position) >= 0) continue;
            ref readonly ScanBlock block = ref _request.Blocks[_request.Locate((int)position)];
            Offer(ref heap, in block, (int)position - block.Position, q, squaredNorm);
        }
    }

    private void OfferAll(ref NearestHeap heap, float* q, double squaredNorm)
    {
        fixed (ScanBlock* blocks = _request.Blocks)
        {
            for (ScanBlock* block = blocks; block < blocks + _request.Blocks.Length; block++)
            {
                for (int row = 0; row < block->Count; row++)
                {
                    if (IsWanted(block, row)) Offer(ref heap, in *block, row, q, squaredNorm);
                }
            }
        }
    }

    private void Offer(ref NearestHeap heap, in ScanBlock block, int row, float* q, double squaredNorm)
    {
        float* vector = block.Rows + ((nint)row * _dimension);
        if (block.Rows == null)
        {
            QuantizedColumn.CopyTo(block.Quantized, row, _code);
            _request.Quantizer!.Decode(_code, new Span<float>(_row, _dimension));
            vector = _row;
        }

        double distance = PairDistance.Of(_request.Metric, q, squaredNorm, vector, _dimension);
        heap.Offer(distance, block.Position + row);
    }

    private void Write(in NearestHeap heap, NeighborTable.Row neighbors)
    {
        for (int rank = 0; rank < heap.Count; rank++)
        {
            int position = heap[rank].Position;
            ref readonly ScanBlock block = ref _request.Blocks[_request.Locate(position)];
            neighbors.Positions[rank] = position;
            neighbors.Distances[rank] = (float)heap[rank].Distance;
            neighbors.Ids[rank] = block.Ids[position - block.Position];
        }

        neighbors.Count = heap.Count;
    }
}
