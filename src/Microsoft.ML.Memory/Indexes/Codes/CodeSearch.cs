// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;

namespace Microsoft.ML.Memory;

/// <summary>
/// One search through codes from beginning to end: waves of queries, each bounded and then re-scored.
/// </summary>
internal sealed unsafe class CodeSearch<TTile> where TTile : struct, ICodeTile
{
    private const int Ahead = 12; // candidates whose rows are on their way from memory

    private readonly ScanRequest _scan;
    private readonly int _first;
    private readonly int _end;
    private readonly NeighborTable _neighbors;
    private readonly int _waveQueries;
    private readonly CodeWave<TTile> _wave;
    private readonly CodePass<TTile> _pass;
    private readonly ParallelOptions _parallel;
    private readonly CodeCandidates.Candidate* _candidates;
    private readonly float* _likely;
    private readonly NearestHeap.Entry* _entries;
    private readonly int _room;
    private readonly List<int> _open = [];
    private int _next;

    public CodeSearch(
        NativeScratch scratch,
        in ScanRequest scan,
        int firstQuery,
        int queryCount,
        NeighborTable neighbors,
        int threadCount)
    {
        _scan = scan;
        _first = firstQuery;
        _end = firstQuery + queryCount;
        _neighbors = neighbors;
        WavePlan plan = CodeWave<TTile>.PlanOf(scan, queryCount, threadCount);
        int workers = plan.WorkerCount;
        _waveQueries = plan.QueryCount;
        _wave = new CodeWave<TTile>(scratch, scan, plan);
        _pass = new CodePass<TTile>(scratch, scan, _wave);
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = workers };
        _room = workers * _wave.Candidates[0].Capacity;
        _candidates = scratch.Take<CodeCandidates.Candidate>((long)workers * _room);
        _likely = scratch.Take<float>((long)workers * (_room + Vector<float>.Count));
        _entries = scratch.Take<NearestHeap.Entry>((long)workers * scan.NeighborCount);
    }

    /// <summary>Searches; gives the queries that are left without an answer.</summary>
    public List<int> Run()
    {
        for (int first = _first; first < _end; first += _waveQueries)
        {
            _wave.Open(first, Math.Min(_waveQueries, _end - first));
            Each(Put);
            _pass.Rewind();
            Each(_pass.Work);
            Each(Finish);
        }

        return _open;
    }

    private void Each(Action<int> work)
    {
        _next = 0;
        if (_wave.WorkerCount == 1) work(0);
        else Parallel.For(0, _wave.WorkerCount, _parallel, work);
    }

    private void Put(int worker)
    {
        for (int end; (end = Interlocked.Add(ref _next, TTile.Queries)) <= _wave.Capacity;)
        {
            for (int place = end - TTile.Queries; place < end; place++) _wave.Put(worker, place);
        }
    }

    private void Finish(int worker)
    {
        long rescored = 0;
        for (int place; (place = Interlocked.Increment(ref _next) - 1) < _wave.Count;)
        {
            if (IsBounded(place) && Rescore(worker, place, ref rescored)) continue;
            lock (_open) _open.Add(_wave.First + place);
        }

        _neighbors.AddRescored(rescored);
    }

    private bool IsBounded(int place)
    {
        foreach (ref CodeCandidates candidates in _wave.Candidates.AsSpan())
        {
            if (float.IsPositiveInfinity(candidates.Thresholds[place])) return false;
        }

        return true;
    }

    /// <summary>
    /// Answers a query and adds the number of rows compared with it; false where rows may have been left out wrongly.
    /// </summary>
    private bool Rescore(int worker, int place, ref long rescored)
    {
        Span<CodeCandidates.Candidate> candidates = Collect(worker, place, out int likely, out float threshold);
        ref readonly QueryCode query = ref _wave.Query(place);
        var heap = new NearestHeap(_entries + ((nint)worker * _scan.NeighborCount), _scan.NeighborCount);
        rescored += Offer(place, candidates[..likely], ref heap);
        Span<CodeCandidates.Candidate> rest = candidates[likely..];
        if (heap.IsFull)
        {
            int kept = 0;
            foreach (CodeCandidates.Candidate candidate in rest)
            {
                if (heap.Farthest.Distance >= query.LeastDistance(_scan.Metric, candidate.Most))
                    rest[kept++] = candidate;
            }

            rest = rest[..kept];
        }

        rescored += Offer(place, rest, ref heap);
        bool isComplete = float.IsNegativeInfinity(threshold)
            || (heap.IsFull && heap.Farthest.Distance < query.LeastDistance(_scan.Metric, threshold));
        if (isComplete) Write(place, ref heap);
        return isComplete;
    }

    private int Offer(int place, ReadOnlySpan<CodeCandidates.Candidate> candidates, ref NearestHeap heap)
    {
        float* values = _wave.Values(place);
        double square = _wave.Query(place).SquaredNorm;
        float** rows = stackalloc float*[PairDistance.Many];
        double* distances = stackalloc double[PairDistance.Many];
        int asked = 0;
        for (int first = 0; first < candidates.Length; first += PairDistance.Many)
        {
            int count = Math.Min(PairDistance.Many, candidates.Length - first);
            for (; asked < Math.Min(first + Ahead, candidates.Length); asked++)
                PairDistance.PrefetchFar(_scan.Row(candidates[asked].Position), _scan.Dimension);
            for (int i = 0; i < count; i++) rows[i] = _scan.Row(candidates[first + i].Position);
            PairDistance.Of(_scan.Metric, values, square, rows, count, _scan.Dimension, distances);
            for (int i = 0; i < count; i++) heap.Offer(distances[i], candidates[first + i].Position);
        }

        return candidates.Length;
    }

    /// <summary>Brings together what all workers found, those that are likely to be the k nearest first.</summary>
    /// <param name="worker">Who asks.</param>
    /// <param name="place">The query's place in the pass.</param>
    /// <param name="likely">How many come first.</param>
    /// <param name="threshold">No row that is missing has a higher score.</param>
    private Span<CodeCandidates.Candidate> Collect(int worker, int place, out int likely, out float threshold)
    {
        var all = new Span<CodeCandidates.Candidate>(_candidates + ((nint)worker * _room), _room);
        int count = 0;
        threshold = float.NegativeInfinity;
        foreach (ref CodeCandidates candidates in _wave.Candidates.AsSpan())
        {
            candidates.Of(place).CopyTo(all[count..]);
            count += candidates.CountOf(place);
            threshold = Math.Max(threshold, candidates.Thresholds[place]);
        }

        float* scores = _likely + ((nint)worker * (_room + Vector<float>.Count));
        float ofAll = CodeCandidates.ThresholdOf(all[..count], _scan.NeighborCount, scores);
        threshold = Math.Max(threshold, ofAll);
        all = all[..CodeCandidates.Drop(all[..count], threshold)];
        likely = 0;
        for (int i = 0; i < all.Length; i++)
        {
            if (all[i].Likely < ofAll) continue;
            (all[i], all[likely]) = (all[likely], all[i]);
            likely++;
        }

        return all;
    }

    private void Write(int place, ref NearestHeap heap)
    {
        heap.Sort();
        NeighborTable.Row row = _neighbors.Write(_wave.First + place);
        for (int i = 0; i < heap.Count; i++)
        {
            row.Ids[i] = _scan.Id(heap[i].Position);
            row.Positions[i] = heap[i].Position;
            row.Distances[i] = (float)heap[i].Distance;
        }

        row.Count = heap.Count;
    }
}
