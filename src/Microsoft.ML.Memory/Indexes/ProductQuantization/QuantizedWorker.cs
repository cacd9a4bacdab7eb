// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Answers one query after another on one thread.</summary>
internal sealed unsafe class QuantizedWorker : IDisposable
{
    private readonly QuantizedState _state;
    private readonly Metric _metric;
    private readonly Func<long, bool>? _filter;
    private readonly int _dimension;
    private readonly int _k;
    private readonly QuantizedWidth _width;
    private readonly QuantizedCandidates? _candidates;
    private readonly NativeScratch _scratch = new();
    private readonly NearestHeap.Entry* _entries;
    private readonly ushort* _sums;
    private readonly float* _row;
    private readonly byte* _bytes;
    private readonly float[] _tables = [];
    private readonly float[] _query;
    private readonly byte[] _code = [];

    /// <param name="state">What is searched.</param>
    /// <param name="shape">Length of a vector and metric.</param>
    /// <param name="k">Neighbours.</param>
    /// <param name="candidates">Rows to choose by their codes; 0 compares all rows.</param>
    /// <param name="filter">Which ids may be neighbours.</param>
    /// <param name="width">How to look up codes.</param>
    public QuantizedWorker(
        QuantizedState state,
        (int Dimension, Metric Metric) shape,
        int k,
        int candidates,
        Func<long, bool>? filter,
        QuantizedWidth width)
    {
        _state = state;
        (_dimension, _metric) = shape;
        _k = k;
        _filter = filter;
        _width = width;
        _entries = _scratch.Take<NearestHeap.Entry>(k);
        _row = _scratch.Take<float>(_dimension);
        _sums = _scratch.Take<ushort>(QuantizedBlock.GroupRows);
        _query = new float[_dimension];
        int tables = (state.Quantizer?.SubspaceCount ?? 0) * ProductQuantizer.CentroidCount;
        _bytes = _scratch.Take<byte>(tables);
        if (state.Quantizer is null) return;
        _code = new byte[state.Quantizer.SubspaceCount];
        if (candidates == 0) return;
        _tables = new float[tables];
        _candidates = new QuantizedCandidates(candidates);
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
                foreach (ulong position in _candidates.Take())
                {
                    (int view, int row) = _state.Locate((int)position);
                    Offer(ref heap, _state.Views[view].Block, row, q, squaredNorm);
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
        query.CopyTo(_query);
        if (_metric == Metric.Cosine) UnitRow.Scale(_query);
        _state.Quantizer!.FillTables(_query, _metric, _tables);
        const int Length = ProductQuantizer.CentroidCount;
        float widest = 0;
        for (int start = 0; start < _tables.Length; start += Length)
        {
            Span<float> table = _tables.AsSpan(start, Length);
            float least = TensorPrimitives.Min<float>(table);
            TensorPrimitives.Subtract(table, least, table);
            float largest = TensorPrimitives.Max<float>(table);
            if (!float.IsFinite(largest)) return false;
            widest = Math.Max(widest, largest);
        }

        float scale = widest > 0 ? byte.MaxValue / widest : 0;
        if (!float.IsFinite(scale)) return false;
        CentroidKernel.Round(_tables, scale, new Span<byte>(_bytes, _tables.Length));
        return true;
    }

    private void Choose()
    {
        _candidates!.Clear();
        int m = _state.Quantizer!.SubspaceCount;
        foreach (QuantizedBlockView view in _state.Views)
        {
            for (int first = 0; first < view.Count; first += QuantizedBlock.GroupRows)
            {
                ulong mask = QuantizedScan.Sum(
                    view.Block.Codes + ((nint)first * m), _bytes, m, _candidates.Threshold, _sums, _width);
                int left = view.Count - first;
                if (left < QuantizedBlock.GroupRows) mask &= (1UL << left) - 1;
                if (view.Removed is not null) mask &= ~view.Removed[first / QuantizedBlock.GroupRows];
                while (mask != 0)
                {
                    int row = QuantizedScan.TakeRow(ref mask);
                    if (_filter is null || _filter(view.Block.Ids[first + row]))
                        _candidates.Add(_sums[row], view.Block.Start + first + row);
                }
            }

            GC.KeepAlive(view.Block);
        }
    }

    private void OfferAll(ref NearestHeap heap, float* q, double squaredNorm)
    {
        foreach (QuantizedBlockView view in _state.Views)
        {
            for (int row = 0; row < view.Count; row++)
            {
                if (view.IsRemoved(row) || (_filter is not null && !_filter(view.Block.Ids[row]))) continue;
                Offer(ref heap, view.Block, row, q, squaredNorm);
            }
        }
    }

    private void Offer(ref NearestHeap heap, QuantizedBlock block, int row, float* q, double squaredNorm)
    {
        double distance;
        if (block.HasVectors)
        {
            float* vector = block.Vectors + ((nint)row * _dimension);
            distance = PairDistance.Of(_metric, q, squaredNorm, vector, _dimension);
            GC.KeepAlive(block);
        }
        else
        {
            block.CopyCode(row, _code);
            _state.Quantizer!.Decode(_code, new Span<float>(_row, _dimension));
            distance = PairDistance.Of(_metric, q, squaredNorm, _row, _dimension);
        }

        heap.Offer(distance, block.Start + row);
    }

    private void Write(in NearestHeap heap, NeighborTable.Row neighbors)
    {
        for (int rank = 0; rank < heap.Count; rank++)
        {
            int position = heap[rank].Position;
            neighbors.Positions[rank] = position;
            neighbors.Distances[rank] = (float)heap[rank].Distance;
            neighbors.Ids[rank] = _state.IdAt(position);
        }

        neighbors.Count = heap.Count;
    }
}
