// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>
/// Carries the panels of a wave of coded queries past all codes, a cache-sized run of rows at a time.
/// </summary>
internal sealed unsafe class CodePass<TTile> where TTile : struct, ICodeTile
{
    private const int RunBytes = 256 << 10;
    private const int MostRowsOfRun = 1536;
    private readonly ScanRequest _scan;
    private readonly CodeWave<TTile> _wave;
    private readonly int _runRows;
    private readonly RowGroups<CodeRows>[] _groups;
    private readonly float*[] _tiles;
    private readonly float _likelyError;
    private int _next;

    public CodePass(NativeScratch scratch, in ScanRequest scan, CodeWave<TTile> wave)
    {
        _scan = scan;
        _wave = wave;
        // Errors add up like a random walk: of a bound that a sum of d could reach, 1 / sqrt(d) is what it mostly
        // reaches.
        _likelyError = 1 + MathF.Min(1, 4 / MathF.Sqrt(scan.Dimension));
        int workers = wave.WorkerCount;
        int share = (scan.End - scan.Start) / (4 * workers);
        int rows = Math.Min(Math.Min(RunBytes / wave.Length, MostRowsOfRun), share);
        _runRows = Math.Max(rows / TTile.Rows, 1) * TTile.Rows;
        _groups = new RowGroups<CodeRows>[workers];
        _tiles = new float*[workers];
        for (int worker = 0; worker < workers; worker++)
        {
            _groups[worker] = new RowGroups<CodeRows>(scratch, scan, TTile.Rows, _runRows);
            _groups[worker].Rows.Shift = TTile.Shift;
            _tiles[worker] = scratch.Take<float>(TTile.Rows * TTile.Queries);
            new Span<float>(_tiles[worker], TTile.Rows * TTile.Queries).Clear();
        }
    }

    /// <summary>Makes ready for the pass of a wave whose queries are in place.</summary>
    public void Rewind()
    {
        _next = _scan.Start;
        double error = _wave.LargestError();
        foreach (ref RowGroups<CodeRows> groups in _groups.AsSpan()) groups.Rows.QueryError = error;
    }

    /// <summary>Bounds runs of rows until none is left; each worker calls it once a pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Work(int worker)
    {
        ref RowGroups<CodeRows> groups = ref _groups[worker];
        while (true)
        {
            int end = Interlocked.Add(ref _next, _runRows);
            int start = end - _runRows;
            if (start >= _scan.End || start < _scan.Start) break;
            groups.Load(_scan, start, Math.Min(end, _scan.End));
            _wave.Share(worker);
            for (int panel = 0; panel * TTile.Queries < _wave.Count; panel++) Bound(worker, ref groups, panel);
        }

        _wave.Close(worker);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Bound(int worker, ref RowGroups<CodeRows> groups, int panel)
    {
        int first = panel * TTile.Queries;
        int queryCount = Math.Min(_wave.Count - first, TTile.Queries);
        ref readonly CodeCandidates candidates = ref _wave.Candidates[worker];
        for (int query = first; query < first + queryCount; query++) candidates.Prefetch(query);
        byte* packed = _wave.Panel(panel);
        float* most = _tiles[worker];
        uint* passed = stackalloc uint[TTile.Rows];
        for (int group = 0; group < groups.Count; group++)
        {
            int row = group * TTile.Rows;
            var terms = new CodeTerms(
                groups.Rows.Terms + row,
                _wave.Lengths + first,
                _wave.Reciprocals + first,
                candidates.Thresholds + first);
            sbyte* codes = (sbyte*)groups.Group(group);
            if (TTile.Bound(codes, packed, _wave.Length, queryCount, terms, most, passed) != 0)
                Take(worker, first, groups.Positions + row, terms, most, passed);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Take(
        int worker, int firstQuery, int* positions, in CodeTerms terms, float* bounds, uint* passed)
    {
        ref readonly CodeCandidates candidates = ref _wave.Candidates[worker];
        for (uint rows = PassedRows.Of(passed, TTile.Rows); rows != 0; rows &= rows - 1)
        {
            int row = BitOperations.TrailingZeroCount(rows);
            if (positions[row] < 0) continue;
            for (uint left = passed[row]; left != 0; left &= left - 1)
            {
                int column = BitOperations.TrailingZeroCount(left);
                if (float.IsPositiveInfinity(terms.Thresholds[column])) continue; // no row is wanted
                float most = bounds[(row * TTile.Queries) + column];
                float likely = most - (_likelyError * terms.Lengths[column] * terms.Rows[row].Slack);
                if (!float.IsFinite(most)) (most, likely) = (float.PositiveInfinity, float.NegativeInfinity);
                int query = firstQuery + column;
                if (candidates.Add(query, new CodeCandidates.Candidate(most, likely, positions[row])))
                    _wave.MakeRoom(worker, query);
            }
        }
    }
}
