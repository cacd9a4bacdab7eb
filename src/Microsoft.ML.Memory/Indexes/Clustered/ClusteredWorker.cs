// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Reads lists for one query after another; belongs to one thread.</summary>
internal sealed unsafe class ClusteredWorker : IDisposable
{
    private readonly ClusteredState _state;
    private readonly Func<long, bool>? _filter;
    private readonly NativeScratch _scratch = new();
    private readonly NearestHeap.Entry* _entries;
    private readonly float[] _key;
    private readonly SlotMarks _marks;
    private readonly int _k;
    private NearestHeap _heap;
    private float* _query;
    private double _squaredNorm;

    public ClusteredWorker(ClusteredState state, int k, Func<long, bool>? filter)
    {
        _state = state;
        _k = k;
        _filter = filter;
        _entries = _scratch.Take<NearestHeap.Entry>(k);
        _key = new float[state.Base.Dimension];
        _marks = state.Base.LendMarks();
    }

    /// <summary>Neighbours found in lists by now, at most k.</summary>
    public int Count => _heap.Count;

    /// <summary>Starts with a query.</summary>
    /// <param name="query">[d].</param>
    public void Begin(float* query)
    {
        _query = query;
        _squaredNorm = PairDistance.SquaredNorm(query, _state.Base.Dimension);
        _heap = new NearestHeap(_entries, _k);
        _marks.Clear();
    }

    /// <summary>Compares the query with the entries of a list.</summary>
    public void Read(int list, bool primariesOnly)
    {
        ClusteredBase lists = _state.Base;
        ListPlace place = lists.List(list);
        int count = primariesOnly ? place.PrimaryCount : place.Count;
        int d = lists.Dimension;
        int stride = IndexFormat.PostingBytes(d);
        byte* posting = lists.Postings(list, count);
        Metric metric = lists.Heads.Metric;
        for (int row = 0; row < count; row++, posting += stride)
        {
            int slot = lists.SlotOf(posting, list);
            if (_state.IsRemoved(slot) || !_marks.TryMark(slot)) continue;
            if (_filter is not null && !_filter(lists.IdAt(slot))) continue;
            double distance = PairDistance.Of(metric, _query, _squaredNorm, (float*)(posting + sizeof(int)), d);
            if (!double.IsFinite(distance)) throw lists.NotFinite(list);
            _heap.Offer(distance, slot);
        }
    }

    /// <summary>Compares the query with an added entry.</summary>
    public void Offer(int position)
    {
        _state.Added.CopyKey(position, _key);
        fixed (float* key = _key)
        {
            double distance = PairDistance.Of(_state.Base.Heads.Metric, _query, _squaredNorm, key, _key.Length);
            _heap.Offer(distance, _state.Base.Count + position);
        }
    }

    /// <summary>Writes the neighbours found, nearest first.</summary>
    public void Write(NeighborTable.Row neighbors)
    {
        _heap.Sort();
        for (int rank = 0; rank < _heap.Count; rank++)
        {
            if (_heap[rank].Position < _state.Base.Count) _state.Base.WantId(_heap[rank].Position);
        }

        for (int rank = 0; rank < _heap.Count; rank++)
        {
            int position = _heap[rank].Position;
            neighbors.Positions[rank] = position;
            neighbors.Distances[rank] = (float)_heap[rank].Distance;
            neighbors.Ids[rank] = position < _state.Base.Count
                ? _state.Base.IdAt(position)
                : _state.Added.EntryAt(position - _state.Base.Count).Id;
        }

        neighbors.Count = _heap.Count;
    }

    public void Dispose()
    {
        _scratch.Dispose();
        _state.Base.Return(_marks);
    }
}
