// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// One search from beginning to end: waves of queries, each scanned, certified and, in part, scanned again.
/// </summary>
internal sealed unsafe class ScanSearch<TTile> where TTile : struct, IScoreTile
{
    private const double LeastFirstWeight = 1.0 / (1 << 12); // a lower one would blur rows as long as the queries

    private readonly ScanRequest _scan;
    private readonly int _end;
    private readonly ScanTerms _terms;
    private readonly NeighborTable _neighbors;
    private readonly int _waveQueries;
    private readonly ScanWave _wave;
    private readonly ScanPass _pass;
    private readonly ScanAnswer _answer;
    private readonly ParallelOptions _parallel;
    private readonly Action<int> _put;
    private readonly Action<int> _work;
    private readonly Action<int> _finish;
    private int _first;
    private int _next;

    /// <param name="scratch">Where the memory comes from.</param>
    /// <param name="scan">What is asked for.</param>
    /// <param name="firstQuery">The first query to search for.</param>
    /// <param name="queryCount">Number of queries to search for.</param>
    /// <param name="terms">What the scores of first passes are made of.</param>
    /// <param name="neighbors">Receives the neighbours.</param>
    /// <param name="threadCount">Threads at most.</param>
    public ScanSearch(
        NativeScratch scratch,
        in ScanRequest scan,
        int firstQuery,
        int queryCount,
        ScanTerms terms,
        NeighborTable neighbors,
        int threadCount)
    {
        _scan = scan;
        _first = firstQuery;
        _end = firstQuery + queryCount;
        _terms = terms;
        _neighbors = neighbors;
        WavePlan plan = ScanWave.PlanOf(scan, queryCount, TTile.Queries, threadCount);
        _waveQueries = plan.QueryCount;
        _wave = new ScanWave(scratch, scan, plan, TTile.Queries, TTile.IsInterleaved);
        _pass = terms == ScanTerms.ProductsOfPairs
            ? TTile.PassOf(scratch, scan, _wave)
            : new TilePass<TTile>(scratch, scan, _wave);
        _answer = new ScanAnswer(scratch, scan, _wave, _pass, neighbors);
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = plan.WorkerCount };
        _put = Put;
        _work = _pass.Work;
        _finish = Finish;
    }

    /// <summary>Searches; gives the number of queries that were scanned twice.</summary>
    public int Run()
    {
        int uncertified = 0;
        for (; _first < _end; _first += _waveQueries)
        {
            _answer.Reopen();
            Pass(Math.Min(_waveQueries, _end - _first), isExact: false, _terms == ScanTerms.Differences);
            PassOpen(isByDifferences: true);
            PassOpen(isByDifferences: false);
            uncertified += _answer.OpenCount(true) + _answer.OpenCount(false);
        }

        _neighbors.AddRescored(_wave.ComparedCount);
        return uncertified;
    }

    private void PassOpen(bool isByDifferences)
    {
        int count = _answer.OpenCount(isByDifferences);
        if (count > 0) Pass(count, isExact: true, isByDifferences);
    }

    private void Pass(int count, bool isExact, bool isByDifferences)
    {
        _wave.Open(count, isExact, isByDifferences, isExact ? _answer.OpenWeight : 1);
        Each(_put);
        if (!isExact) _wave.Weight = FirstWeight();
        _pass.Rewind();
        Each(_work);
        Each(_finish);
    }

    /// <summary>Gives the weight for a first pass: below 1 where all queries are longer than rows mostly are.</summary>
    private double FirstWeight()
    {
        if (_scan.Metric != Metric.SquaredEuclidean) return 1;
        double least = double.PositiveInfinity;
        for (int place = 0; place < _wave.Count; place++)
        {
            if (_wave.Square(place) < least) least = _wave.Square(place);
        }

        return Math.Max(LeastFirstWeight, ScanBound.WeightOf(_scan.MedianTerm, least));
    }

    private void Each(Action<int> work)
    {
        _next = 0;
        if (_wave.WorkerCount == 1) work(0);
        else Parallel.For(0, _wave.WorkerCount, _parallel, work);
    }

    private void Put(int worker)
    {
        const int Panels = 2; // what a pass makes of two panels it makes when both are there
        int step = Panels * TTile.Queries;
        for (int end; (end = Interlocked.Add(ref _next, step)) - step < _wave.Count;)
        {
            int first = end - step;
            for (int place = first; place < Math.Min(end, _wave.Capacity); place++)
            {
                if (place >= _wave.Count) _wave.Put(place, 0, 0, float.PositiveInfinity, isPacked: false);
                else if (_wave.IsExact) _answer.PutOpen(place);
                else PutFirst(place);
            }

            if (end <= _wave.Capacity) _pass.Open(first / TTile.Queries);
        }
    }

    private void PutFirst(int place)
    {
        int source = _first + place;
        double square = PairDistance.SquaredNorm(_scan.Query(source), _scan.Dimension);
        bool isTrusted = RowTerm.IsTrusted(_scan.Metric, square);
        _wave.Put(place, source, square, isTrusted ? float.NegativeInfinity : float.PositiveInfinity, isTrusted);
    }

    private void Finish(int worker)
    {
        for (int place; (place = Interlocked.Increment(ref _next) - 1) < _wave.Count;)
        {
            if (_wave.IsExact) _answer.Merge(place);
            else _answer.Certify(worker, place);
        }
    }
}
