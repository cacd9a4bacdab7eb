// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>One search of a clustered index: heads of many queries together, then lists query by query.</summary>
internal sealed unsafe class ClusteredSearch
{
    private const int QueriesAtOnce = 256;

    private readonly ClusteredState _state;
    private readonly ClusteredSettings _settings;
    private readonly SearchOptions _options;
    private readonly NeighborTable _neighbors;
    private readonly NeighborTable _heads = new();
    private readonly NeighborTable _added = new();
    private readonly int _k;
    private readonly int _listLimit;
    private readonly bool _readsAll;
    private readonly int _threads;

    public ClusteredSearch(
        ClusteredState state, ClusteredSettings settings, int k, NeighborTable neighbors, SearchOptions options)
    {
        _state = state;
        _settings = settings;
        _options = options;
        _neighbors = neighbors;
        _k = Math.Min(k, state.Count);
        int limit = options.CandidateCount ?? settings.SearchListCount;
        _listLimit = Math.Min(limit, state.Base.ListCount);
        _readsAll = k >= state.Count || limit >= Math.Min(state.Count, state.Base.ListCount);
        _threads = options.ThreadCount ?? Environment.ProcessorCount;
    }

    /// <summary>Fills the table for each query.</summary>
    public void Run(ReadOnlySpan<float> queries)
    {
        int d = _state.Base.Dimension;
        int count = queries.Length / d;
        _neighbors.Reset(count, Math.Max(1, _k));
        if (_k == 0) return;
        fixed (float* first = queries)
        {
            for (int start = 0; start < count; start += QueriesAtOnce)
            {
                int taken = Math.Min(QueriesAtOnce, count - start);
                RunSome(first + ((nint)start * d), start, taken);
            }
        }
    }

    private void RunSome(float* queries, int start, int count)
    {
        int d = _state.Base.Dimension;
        var rows = new ReadOnlySpan<float>(queries, count * d);
        var threads = new SearchOptions { ThreadCount = _threads };
        if (_state.Base.ListCount > 0 && !_readsAll) _state.Base.Heads.Search(rows, _listLimit, _heads, threads);
        _state.Added.Search(rows, _k, _added, threads with { Filter = _options.Filter });
        QueryWorkers.Each(
            count,
            _threads,
            () => new ClusteredWorker(_state, _k, _options.Filter),
            (worker, query) => Answer(worker, queries, start, query),
            worker => worker.Dispose());
    }

    private void Answer(ClusteredWorker worker, float* queries, int start, int query)
    {
        int d = _state.Base.Dimension;
        float* q = queries + ((nint)query * d);
        if (!TensorPrimitives.IsFiniteAll(new ReadOnlySpan<float>(q, d))) return;
        worker.Begin(q);
        if (_readsAll)
        {
            for (int list = 0; list < _state.Base.ListCount; list++) worker.Read(list, primariesOnly: true);
        }
        else
        {
            int read = ReadNear(worker, query);
            if (worker.Count + _added.CountOf(query) < _k) ReadOn(worker, q, query, read);
        }

        foreach (int position in _added.PositionsOf(query)) worker.Offer(position);
        worker.Write(_neighbors.Write(start + query));
    }

    /// <summary>Reads lists about as near as the nearest and gives how many that were.</summary>
    private int ReadNear(ClusteredWorker worker, int query)
    {
        ReadOnlySpan<long> lists = _heads.IdsOf(query);
        ReadOnlySpan<float> distances = _heads.DistancesOf(query);
        if (lists.IsEmpty) return 0;
        double nearest = distances[0];
        double limit = nearest + ((_settings.DistanceRatio - 1) * Math.Abs(nearest));
        if (double.IsPositiveInfinity(_settings.DistanceRatio)) limit = double.PositiveInfinity; // 0 times infinity
        int count = 0;
        while (count < lists.Length && (count < _settings.SureListCount || distances[count] <= limit)) count++;
        foreach (long list in lists[..count]) _state.Base.Want((int)list);
        foreach (long list in lists[..count]) worker.Read((int)list, primariesOnly: false);
        return count;
    }

    /// <summary>Reads further lists, nearest first, until there are k neighbours.</summary>
    private void ReadOn(ClusteredWorker worker, float* q, int query, int read)
    {
        if (read == _state.Base.ListCount) return;
        var all = new NeighborTable();
        var one = new ReadOnlySpan<float>(q, _state.Base.Dimension);
        _state.Base.Heads.Search(one, _state.Base.ListCount, all, new SearchOptions { ThreadCount = 1 });
        ReadOnlySpan<long> lists = all.IdsOf(0);
        for (int rank = read; rank < lists.Length && worker.Count + _added.CountOf(query) < _k; rank++)
            worker.Read((int)lists[rank], primariesOnly: false);
    }
}
