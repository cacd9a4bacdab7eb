// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>One search through codes for all rows within a distance: waves of queries, each passed over them once.
/// </summary>
internal sealed unsafe class CodeRangeSearch<TTile> where TTile : struct, ICodeTile
{
    private readonly int _first;
    private readonly int _end;
    private readonly WavePlan _plan;
    private readonly CodeWave<TTile> _wave;
    private readonly CodePass<TTile> _pass;

    /// <param name="scratch">Where the memory comes from.</param>
    /// <param name="scan">What is asked for; its k is the number of candidates that a query may collect.</param>
    /// <param name="firstQuery">The first query to search for.</param>
    /// <param name="queryCount">Number of queries to search for.</param>
    /// <param name="largestDistance">Rows at this distance and nearer ones are found.</param>
    /// <param name="threadCount">Threads at most.</param>
    public CodeRangeSearch(
        NativeScratch scratch,
        in ScanRequest scan,
        int firstQuery,
        int queryCount,
        float largestDistance,
        int threadCount)
    {
        _first = firstQuery;
        _end = firstQuery + queryCount;
        _plan = CodeWave<TTile>.PlanOf(scan, queryCount, threadCount);
        Hits = RangeHits.Of(_plan.WorkerCount, largestDistance);
        _wave = new CodeWave<TTile>(scratch, scan, _plan, Hits);
        _pass = new CodePass<TTile>(scratch, scan, _wave);
    }

    /// <summary>What each worker has found, in no order.</summary>
    public RangeHits[] Hits { get; }

    /// <summary>Searches; gives the queries that have no code and are left without an answer.</summary>
    public List<int> Run()
    {
        var open = new List<int>();
        for (int first = _first; first < _end; first += _plan.QueryCount)
        {
            _wave.Open(first, Math.Min(_plan.QueryCount, _end - first));
            for (int place = 0; place < _wave.Capacity; place++) _wave.Put(0, place);
            _pass.Rewind();
            if (_plan.WorkerCount == 1) _pass.Work(0);
            else Parallel.For(0, _plan.WorkerCount, _pass.Work);
            for (int place = 0; place < _wave.Count; place++)
            {
                if (!_wave.Query(place).IsCoded) open.Add(first + place);
            }
        }

        return open;
    }
}
