// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>Carries the panels of a wave of queries past all rows, a cache-sized run of rows at a time.</summary>
/// <remarks>
/// <para>Workers take the next run, score it tile by tile and sift each tile at once: no score outlives its tile but
/// those above the query's threshold. A full buffer of candidates is pruned to the best by float score or, in an exact
/// pass, re-scored in double into the query's heap.</para>
/// <para>A run (480 KB) stays in the second-level cache while all panels pass over it, a group of rows in the
/// first. The processor fetches both ahead by itself; asking for them was measured and is slower.</para>
/// </remarks>
internal sealed unsafe class ScanPass<TTile> where TTile : struct, IScoreTile
{
    private const int RunBytes = 480 << 10;
    private const int MostRowsOfRun = 1536;

    private readonly ScanRequest _scan;
    private readonly ScanWave _wave;
    private readonly int _runRows;
    private readonly RowGroups<ValueRows>[] _groups;
    private readonly float*[] _tiles;
    private int _next;

    public ScanPass(NativeScratch scratch, in ScanRequest scan, ScanWave wave)
    {
        _scan = scan;
        _wave = wave;
        int workers = wave.WorkerCount;
        int share = (scan.End - scan.Start) / (4 * workers);
        int rows = Math.Min(Math.Min(RunBytes / (sizeof(float) * scan.Dimension), MostRowsOfRun), share);
        _runRows = Math.Max(rows / TTile.Rows, 1) * TTile.Rows;
        _groups = new RowGroups<ValueRows>[workers];
        _tiles = new float*[workers];
        for (int worker = 0; worker < workers; worker++)
        {
            _groups[worker] = new RowGroups<ValueRows>(scratch, scan, TTile.Rows, _runRows);
            _tiles[worker] = scratch.Take<float>(TTile.Rows * TTile.Queries);
            new Span<float>(_tiles[worker], TTile.Rows * TTile.Queries).Clear();
        }
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

    /// <summary>Makes ready for the pass of a wave whose queries are in place.</summary>
    public void Rewind()
    {
        _next = _scan.Start;
        foreach (ref RowGroups<ValueRows> groups in _groups.AsSpan())
        {
            if (_wave.IsByDifferences) groups.Rows.ScoreByDifferences();
            else groups.Rows.ScoreByProducts(_wave.Weight);
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
            if (start >= _scan.End || start < _scan.Start) break;
            groups.Load(_scan, start, Math.Min(end, _scan.End));
            _wave.Share(worker);
            for (int panel = 0; panel * TTile.Queries < _wave.Count; panel++)
            {
                if (_wave.IsByDifferences) Score<SquareOfDifference>(worker, ref groups, panel);
                else Score<Product>(worker, ref groups, panel);
            }
        }

        if (_wave.IsExact)
        {
            for (int query = 0; query < _wave.Count; query++) _wave.MakeRoom(worker, query);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Score<TTerm>(int worker, ref RowGroups<ValueRows> groups, int panel)
        where TTerm : struct, IFloatTerm
    {
        int first = panel * TTile.Queries;
        int queryCount = Math.Min(_wave.Count - first, TTile.Queries);
        float* packed = _wave.Panels.Panel(panel);
        float* tile = _tiles[worker];
        float* thresholds = _wave.Candidates[worker].Thresholds + first;
        uint* passed = stackalloc uint[TTile.Rows];
        for (int group = 0; group < groups.Count; group++)
        {
            int row = group * TTile.Rows;
            var terms = new TileTerms(groups.Rows.Scales + row, groups.Rows.Offsets + row, thresholds);
            float* values = (float*)groups.Group(group);
            if (TTile.Score<TTerm>(values, packed, _scan.Dimension, queryCount, terms, tile, passed) != 0)
                Take(worker, first, groups.Positions + row, tile, passed);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Take(int worker, int firstQuery, int* positions, float* scores, uint* passed)
    {
        for (uint rows = PassedRows.Of(passed, TTile.Rows); rows != 0; rows &= rows - 1)
        {
            int row = BitOperations.TrailingZeroCount(rows);
            if (positions[row] >= 0)
                Take(worker, firstQuery, positions[row], scores + (row * TTile.Queries), passed[row]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Take(int worker, int firstQuery, int position, float* scores, uint passed)
    {
        ref readonly Candidates candidates = ref _wave.Candidates[worker];
        for (; passed != 0; passed &= passed - 1)
        {
            int column = BitOperations.TrailingZeroCount(passed);
            int query = firstQuery + column;
            if (float.IsPositiveInfinity(candidates.Thresholds[query]))
                continue; // not asked, or full of untrusted rows
            if (candidates.Add(query, scores[column], position)) _wave.MakeRoom(worker, query);
        }
    }
}
