// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>One search for all rows within a distance: waves of queries, each passed over the rows once.</summary>
internal sealed unsafe class RangeSearch<TTile> where TTile : struct, IScoreTile
{
    private readonly ScanRequest _scan;
    private readonly int _end;
    private readonly double _largestNorm;
    private readonly bool _isByDifferences;
    private readonly WavePlan _plan;
    private readonly RangeHits[] _hits;
    private readonly ScanWave _wave;
    private readonly TilePass<TTile> _pass;
    private int _first;

    /// <param name="scratch">Where the memory comes from.</param>
    /// <param name="scan">What is asked for; its k is the number of candidates that a query may collect.</param>
    /// <param name="firstQuery">The first query to search for.</param>
    /// <param name="queryCount">Number of queries to search for.</param>
    /// <param name="largestDistance">Rows at this distance and nearer ones are found.</param>
    /// <param name="largestNorm">No trusted row has a larger norm; matters under squared L2.</param>
    /// <param name="threadCount">Threads at most.</param>
    public RangeSearch(
        NativeScratch scratch,
        in ScanRequest scan,
        int firstQuery,
        int queryCount,
        float largestDistance,
        double largestNorm,
        int threadCount)
    {
        _scan = scan;
        _first = firstQuery;
        _end = firstQuery + queryCount;
        _largestNorm = largestNorm;
        _isByDifferences = RowSpread.IsHiddenFromProducts(scan, largestDistance);
        _plan = ScanWave.PlanOf(scan, queryCount, TTile.Queries, threadCount);
        _hits = RangeHits.Of(_plan.WorkerCount, largestDistance);
        _wave = new ScanWave(scratch, scan, _plan, TTile.Queries, TTile.IsInterleaved, _hits);
        _pass = new TilePass<TTile>(scratch, scan, _wave);
    }

    /// <summary>Searches; gives what each worker has found, in no order.</summary>
    public RangeHits[] Run()
    {
        for (; _first < _end; _first += _plan.QueryCount)
        {
            _wave.Open(Math.Min(_plan.QueryCount, _end - _first), isExact: true, _isByDifferences, weight: 1);
            for (int place = 0; place < RoundUp(_wave.Count); place++) Put(place);
            _pass.Rewind();
            if (_plan.WorkerCount == 1) _pass.Work(0);
            else Parallel.For(0, _plan.WorkerCount, _pass.Work);
        }

        return _hits;
    }

    private static int RoundUp(int count) => (count + TTile.Queries - 1) / TTile.Queries * TTile.Queries;

    private void Put(int place)
    {
        if (place >= _wave.Count)
        {
            _wave.Put(place, 0, 0, float.PositiveInfinity, isPacked: false);
            return;
        }

        int source = _first + place;
        double square = PairDistance.SquaredNorm(_scan.Query(source), _scan.Dimension);
        bool isTrusted = RowTerm.IsTrusted(_scan.Metric, square);
        double reach = _hits[0].Reach;
        // NaN lets every row in: all are compared in double with a query that float cannot be trusted with.
        float threshold = !double.IsFinite(square) ? float.PositiveInfinity
            : !isTrusted ? float.NaN
            : BoundOf(square).Cutoff(reach);
        _wave.Put(place, source, square, threshold, isTrusted);
    }

    private ScanBound BoundOf(double square) => _isByDifferences
        ? ScanBound.OfDifferences(_scan.Dimension)
        : new(_scan.Metric, _scan.Dimension, square, _largestNorm, _wave.Weight);
}
