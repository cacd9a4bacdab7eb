// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>
/// Carries the panels of a wave of coded queries past all codes, a cache-sized run of rows at a time.
/// </summary>
/// <remarks>
/// A few queries stream the codes from memory. What is known of their rows is worked out for a few at a time then,
/// while codes that were asked for ahead are on their way: memory would idle meanwhile otherwise.
/// </remarks>
internal sealed unsafe class CodePass<TTile> where TTile : struct, ICodeTile
{
    private const int RunBytes = 256 << 10;
    private const int MostRowsOfRun = 1536;
    private const int StreamBytes = 1 << 20;
    private const int LoadedBytes = 24 << 10;

    private readonly ScanRequest _scan;
    private readonly CodeWave<TTile> _wave;
    private readonly int _runRows;
    private readonly int _loadedRows;
    private readonly RowGroups<CodeRows>[] _groups;
    private readonly Pair*[] _pairs;
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
        bool isStream = !TTile.IsInterleaved && !scan.FitsCache;
        int rows = isStream ? StreamBytes / wave.Length : Math.Min(RunBytes / wave.Length, MostRowsOfRun);
        _runRows = RoundDown(Math.Min(rows, share));
        _loadedRows = isStream ? Math.Min(_runRows, RoundDown(LoadedBytes / wave.Length)) : _runRows;
        _groups = new RowGroups<CodeRows>[workers];
        _pairs = new Pair*[workers];
        for (int worker = 0; worker < workers; worker++)
        {
            _groups[worker] = new RowGroups<CodeRows>(scratch, scan, TTile.Rows, _loadedRows);
            _groups[worker].Rows.Shift = TTile.Shift;
            _pairs[worker] = scratch.Take<Pair>(TTile.Rows * TTile.Queries);
        }
    }

    /// <summary>Makes ready for the pass of a wave whose queries are in place.</summary>
    public void Rewind()
    {
        _next = _scan.Start;
        (double coarse, double fine) = _wave.LargestErrors();
        foreach (ref RowGroups<CodeRows> groups in _groups.AsSpan())
        {
            groups.Rows.QueryError = coarse;
            groups.Rows.FineError = fine;
        }
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
            end = Math.Min(end, _scan.End);
            _wave.Share(worker);
            for (; start < end; start += _loadedRows)
            {
                groups.Load(_scan, start, Math.Min(start + _loadedRows, end));
                for (int panel = 0; panel * TTile.Queries < _wave.Count; panel++) Bound(worker, ref groups, panel);
            }
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
        uint* passed = stackalloc uint[TTile.Rows];
        for (int group = 0; group < groups.Count; group++)
        {
            int row = group * TTile.Rows;
            var terms = new CodeTerms(
                groups.Rows.Terms.From(row),
                _wave.Lengths + first,
                _wave.Reciprocals + first,
                candidates.Thresholds + first);
            sbyte* codes = (sbyte*)groups.Group(group);
            if (TTile.Bound(codes, packed, _wave.Length, queryCount, terms, passed) != 0)
                Take(worker, first, codes, groups.Positions + row, terms, passed);
        }
    }

    /// <summary>Looks again at what passed, and keeps what passes again.</summary>
    /// <remarks>One loop after the other: what passes is anybody's guess, and products do not wait for it.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Take(int worker, int firstQuery, sbyte* codes, int* positions, in CodeTerms terms, uint* passed)
    {
        Pair* pairs = _pairs[worker];
        int count = 0;
        for (uint rows = PassedRows.Of(passed, TTile.Rows); rows != 0; rows &= rows - 1)
        {
            int row = BitOperations.TrailingZeroCount(rows);
            if (positions[row] < 0) continue;
            for (uint left = passed[row]; left != 0; left &= left - 1)
                pairs[count++] = new Pair(row, BitOperations.TrailingZeroCount(left));
        }

        for (Pair* pair = pairs; pair < pairs + count; pair++)
        {
            sbyte* code = codes + ((nint)pair->Row * _wave.Length);
            pair->Most = _wave.FineBound(firstQuery + pair->Column, code, terms.Rows.From(pair->Row));
        }

        ref readonly CodeCandidates candidates = ref _wave.Candidates[worker];
        for (Pair* pair = pairs; pair < pairs + count; pair++)
        {
            float most = pair->Most, threshold = terms.Thresholds[pair->Column];
            if (most <= threshold || float.IsPositiveInfinity(threshold)) continue; // infinite: no row is wanted
            int query = firstQuery + pair->Column;
            float likely = most - (_likelyError * _wave.FineLength(query) * terms.Rows.FineSlacks[pair->Row]);
            if (!float.IsFinite(most)) (most, likely) = (float.PositiveInfinity, float.NegativeInfinity);
            if (candidates.Add(query, new CodeCandidates.Candidate(most, likely, positions[pair->Row])))
                _wave.MakeRoom(worker, query);
        }
    }

    private static int RoundDown(int rows) => Math.Max(rows / TTile.Rows, 1) * TTile.Rows;

    /// <summary>A row and a query of a tile that passed, and what their score is at most.</summary>
    private struct Pair(int row, int column)
    {
        public readonly int Row = row;
        public readonly int Column = column;
        public float Most;
    }
}
