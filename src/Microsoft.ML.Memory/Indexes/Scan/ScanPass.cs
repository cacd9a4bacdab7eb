// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>Carries the panels of a wave of queries past all rows, a cache-sized run of rows at a time.</summary>
/// <remarks>
/// Workers take the next run, score it tile by tile and sift each tile at once: no score outlives its tile but
/// those above the query's threshold. A full buffer of candidates is pruned to the best by float score or, in an exact
/// pass, re-scored in double into the query's heap.
/// </remarks>
internal abstract unsafe class ScanPass
{
    private const int MostRowsOfRun = 1536;

    protected readonly ScanRequest Scan;
    protected readonly ScanWave Wave;
    private readonly int _runRows;
    private readonly RowGroups<ValueRows>[] _groups;
    private int _next;

    /// <param name="scratch">Where the memory comes from.</param>
    /// <param name="scan">What is asked for.</param>
    /// <param name="wave">The queries, and what is found for them.</param>
    /// <param name="groupRows">Number of rows R of a group.</param>
    /// <param name="together">Groups that are scored together; a run has a multiple of them.</param>
    /// <param name="runBytes">Bytes of a run of rows at most.</param>
    protected ScanPass(
        NativeScratch scratch, in ScanRequest scan, ScanWave wave, int groupRows, int together, int runBytes)
    {
        Scan = scan;
        Wave = wave;
        int workers = wave.WorkerCount;
        int share = (scan.End - scan.Start) / (4 * workers);
        int rows = Math.Min(Math.Min(runBytes / (sizeof(float) * scan.Dimension), MostRowsOfRun), share);
        int unit = together * groupRows;
        _runRows = Math.Max(rows / unit, 1) * unit;
        _groups = new RowGroups<ValueRows>[workers];
        for (int worker = 0; worker < workers; worker++)
            _groups[worker] = new RowGroups<ValueRows>(scratch, scan, groupRows, _runRows);
    }

    /// <summary>Largest term of a trusted row; complete once a pass has ended.</summary>
    public float LargestTerm
    {
        get
        {
            float largest = 0;
            foreach (ref RowGroups<ValueRows> groups in _groups.AsSpan())
                largest = Math.Max(largest, groups.Rows.LargestTerm);
            return largest;
        }
    }

    /// <summary>Number of groups of a run at most.</summary>
    protected int GroupsOfRun => _groups[0].Capacity;

    /// <summary>Bytes of a run of rows at most.</summary>
    protected int BytesOfRun => _runRows * Scan.Dimension * sizeof(float);

    /// <summary>Gives the bound of a query's scores; complete once a pass has ended.</summary>
    /// <param name="place">The query's place in the pass.</param>
    /// <param name="square">|q|^2.</param>
    public virtual ScanBound BoundOf(int place, double square) => Wave.IsByDifferences
        ? ScanBound.OfDifferences(Scan.Dimension)
        : new(Scan.Metric, Scan.Dimension, square, RowTerm.NormOf(Scan.Metric, LargestTerm), Wave.Weight);

    /// <summary>Makes ready for the queries of a panel and of the next one, which are all in place.</summary>
    /// <param name="panel">The first panel, an even number.</param>
    public virtual void Open(int panel)
    {
    }

    /// <summary>Makes ready for the pass of a wave whose queries are in place.</summary>
    public void Rewind()
    {
        _next = Scan.Start;
        foreach (ref RowGroups<ValueRows> groups in _groups.AsSpan())
        {
            if (Wave.IsByDifferences) groups.Rows.ScoreByDifferences();
            else groups.Rows.ScoreByProducts(Wave.Weight);
        }
    }

    /// <summary>Scores runs of rows until none is left; each worker calls it once a pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Work(int worker)
    {
        ref RowGroups<ValueRows> groups = ref _groups[worker];
        while (true)
        {
            int end = Interlocked.Add(ref _next, _runRows);
            int start = end - _runRows;
            if (start >= Scan.End || start < Scan.Start) break;
            groups.Load(Scan, start, Math.Min(end, Scan.End));
            Wave.Share(worker);
            Score(worker, ref groups);
        }

        if (Wave.IsExact)
        {
            for (int query = 0; query < Wave.Count; query++) Wave.MakeRoom(worker, query);
        }
    }

    /// <summary>Scores a run of rows for all queries, and takes the rows that pass.</summary>
    protected abstract void Score(int worker, ref RowGroups<ValueRows> groups);

    /// <summary>Takes the rows of a tile that have passed.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="firstQuery">The place of the panel's first query.</param>
    /// <param name="positions">[R], the positions of the rows; -1 where there is none.</param>
    /// <param name="scores">[R, W].</param>
    /// <param name="rowCount">R.</param>
    /// <param name="queryCount">W.</param>
    /// <param name="passed">[R], one bit a query.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    protected void Take(
        int worker, int firstQuery, int* positions, float* scores, int rowCount, int queryCount, uint* passed)
    {
        for (uint rows = PassedRows.Of(passed, rowCount); rows != 0; rows &= rows - 1)
        {
            int row = BitOperations.TrailingZeroCount(rows);
            if (positions[row] >= 0)
                Take(worker, firstQuery, positions[row], scores + (row * queryCount), passed[row]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Take(int worker, int firstQuery, int position, float* scores, uint passed)
    {
        ref readonly Candidates candidates = ref Wave.Candidates[worker];
        for (; passed != 0; passed &= passed - 1)
        {
            int column = BitOperations.TrailingZeroCount(passed);
            int query = firstQuery + column;
            if (float.IsPositiveInfinity(candidates.Thresholds[query]))
                continue; // not asked, or full of untrusted rows
            if (candidates.Add(query, scores[column], position)) Wave.MakeRoom(worker, query);
        }
    }
}
