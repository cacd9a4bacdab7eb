// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>One search through codes from beginning to end: waves of queries, each bounded and then re-scored.</summary>
internal sealed unsafe class CodeSearch<TTile> where TTile : struct, ICodeTile
{
    private const int MostQueriesOfWave = 1024;
    private const long MostBytesOfWave = 64 << 20;
    private const double LeastWorkOfThread = 1 << 22; // multiplications; with fewer, a thread costs more than it brings
    private const int Ahead = 6; // candidates whose rows are on their way from memory

    private readonly ScanRequest _scan;
    private readonly int _queryCount;
    private readonly NeighborTable _neighbors;
    private readonly int _waveQueries;
    private readonly CodeWave<TTile> _wave;
    private readonly CodePass<TTile> _pass;
    private readonly ParallelOptions _parallel;
    private readonly CodeCandidates.Candidate* _candidates;
    private readonly float* _least;
    private readonly NearestHeap.Entry* _entries;
    private readonly int _room;
    private readonly List<int> _open = [];
    private int _next;

    public CodeSearch(
        NativeScratch scratch, in ScanRequest scan, int queryCount, NeighborTable neighbors, int threadCount)
    {
        _scan = scan;
        _queryCount = queryCount;
        _neighbors = neighbors;
        double work = (double)queryCount * scan.Dimension * (scan.End - scan.Start);
        int workers = (int)Math.Clamp(work / LeastWorkOfThread, 1, threadCount);
        long room = MostBytesOfWave / (workers * CodeWave<TTile>.BytesOf(scan.NeighborCount));
        long most = Math.Clamp(room, TTile.Queries, MostQueriesOfWave);
        int waves = (int)((queryCount + most - 1) / most);
        int share = (queryCount + waves - 1) / waves;
        _waveQueries = (share + TTile.Queries - 1) / TTile.Queries * TTile.Queries;
        _wave = new CodeWave<TTile>(scratch, scan, _waveQueries, workers);
        _pass = new CodePass<TTile>(scratch, scan, _wave);
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = workers };
        _room = workers * _wave.Candidates[0].Capacity;
        _candidates = scratch.Take<CodeCandidates.Candidate>((long)workers * _room);
        _least = scratch.Take<float>((long)workers * _room);
        _entries = scratch.Take<NearestHeap.Entry>((long)workers * scan.NeighborCount);
    }

    /// <summary>Searches; gives the queries that are left without an answer.</summary>
    public List<int> Run()
    {
        for (int first = 0; first < _queryCount; first += _waveQueries)
        {
            _wave.Open(first, Math.Min(_waveQueries, _queryCount - first));
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
            if (IsBounded(place)) rescored += Rescore(worker, place);
            else
            {
                lock (_open) _open.Add(_wave.First + place);
            }
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

    /// <summary>Answers a query; gives the number of rows that were compared with it.</summary>
    private int Rescore(int worker, int place)
    {
        Span<CodeCandidates.Candidate> candidates = Collect(worker, place);
        ref readonly QueryCode query = ref _wave.Query(place);
        float* values = _wave.Values(place);
        var heap = new NearestHeap(_entries + ((nint)worker * _scan.NeighborCount), _scan.NeighborCount);
        float** rows = stackalloc float*[PairDistance.Many];
        double* distances = stackalloc double[PairDistance.Many];
        int rescored = 0;
        while (rescored < candidates.Length)
        {
            if (heap.IsFull
                && heap.Farthest.Distance < query.LeastDistance(_scan.Metric, candidates[rescored].Most)) break;
            int count = Math.Min(PairDistance.Many, candidates.Length - rescored);
            for (int i = 0; i < count; i++) rows[i] = _scan.Row(candidates[rescored + i].Position);
            for (int i = count; i < Math.Min(count + Ahead, candidates.Length - rescored); i++)
                PairDistance.Prefetch(_scan.Row(candidates[rescored + i].Position), _scan.Dimension);
            PairDistance.Of(_scan.Metric, values, query.SquaredNorm, rows, count, _scan.Dimension, distances);
            for (int i = 0; i < count; i++) heap.Offer(distances[i], candidates[rescored + i].Position);
            rescored += count;
        }

        Write(place, ref heap);
        return rescored;
    }

    /// <summary>Brings together what all workers found, the highest possible scores first.</summary>
    private Span<CodeCandidates.Candidate> Collect(int worker, int place)
    {
        var all = new Span<CodeCandidates.Candidate>(_candidates + ((nint)worker * _room), _room);
        int count = 0;
        float threshold = float.NegativeInfinity;
        foreach (ref CodeCandidates candidates in _wave.Candidates.AsSpan())
        {
            candidates.Of(place).CopyTo(all[count..]);
            count += candidates.CountOf(place);
            threshold = Math.Max(threshold, candidates.Thresholds[place]);
        }

        float ofAll = CodeCandidates.ThresholdOf(all[..count], _scan.NeighborCount, _least + ((nint)worker * _room));
        all = all[..CodeCandidates.Drop(all[..count], Math.Max(threshold, ofAll))];
        all.Sort();
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
