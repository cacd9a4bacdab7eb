// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
    private readonly int*[] _tiles;
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
        _tiles = new int*[workers];
        for (int worker = 0; worker < workers; worker++)
        {
            _groups[worker] = new RowGroups<CodeRows>(scratch, scan, TTile.Rows, _runRows);
            _groups[worker].Rows.Shift = TTile.Shift;
            _tiles[worker] = scratch.Take<int>(TTile.Rows * TTile.Queries);
            new Span<int>(_tiles[worker], TTile.Rows * TTile.Queries).Clear();
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
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Bound(int worker, ref RowGroups<CodeRows> groups, int panel)
    {
        int first = panel * TTile.Queries;
        int queryCount = Math.Min(_wave.Count - first, TTile.Queries);
        byte* packed = _wave.Panel(panel);
        int* tile = _tiles[worker];
        for (int query = first; query < first + queryCount; query++) _wave.Candidates[worker].Prefetch(query);
        for (int group = 0; group < groups.Count; group++)
        {
            int* starts = groups.Rows.Starts + (group * TTile.Rows);
            TTile.Multiply((sbyte*)groups.Group(group), packed, _wave.Length, starts, queryCount, tile);
            Sift(worker, ref groups, group * TTile.Rows, first, tile);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sift(int worker, ref RowGroups<CodeRows> groups, int firstRow, int firstQuery, int* tile)
    {
        float* thresholds = _wave.Candidates[worker].Thresholds + firstQuery;
        float* lengths = _wave.Lengths + firstQuery;
        float* reciprocals = _wave.Reciprocals + firstQuery;
        int* positions = groups.Positions + firstRow;
        ref CodeRows rows = ref groups.Rows;
        for (int row = 0; row < TTile.Rows; row++, tile += TTile.Queries)
        {
            float scale = rows.Scales[firstRow + row], slack = rows.Slacks[firstRow + row];
            float offset = rows.Offsets[firstRow + row];
            uint passed = 0;
            if (Vector512.IsHardwareAccelerated && TTile.Queries % 32 == 0)
            {
                Vector512<float> scales = Vector512.Create(scale), slacks = Vector512.Create(slack);
                Vector512<float> offsets = Vector512.Create(offset);
                for (int query = 0; query < TTile.Queries; query += 16)
                {
                    Vector512<float> most = Vector512.ConvertToSingle(Vector512.Load(tile + query)) * scales;
                    most = Vector512.MultiplyAddEstimate(Vector512.Load(lengths + query), slacks, most);
                    most = Vector512.MultiplyAddEstimate(Vector512.Load(reciprocals + query), offsets, most);
                    Vector512<float> left = Vector512.LessThanOrEqual(most, Vector512.Load(thresholds + query));
                    passed |= ((uint)left.ExtractMostSignificantBits() ^ 0xFFFF) << query;
                }
            }
            else
            {
                Vector256<float> scales = Vector256.Create(scale), slacks = Vector256.Create(slack);
                Vector256<float> offsets = Vector256.Create(offset);
                for (int query = 0; query < TTile.Queries; query += 8)
                {
                    Vector256<float> most = Vector256.ConvertToSingle(Vector256.Load(tile + query)) * scales;
                    most = Vector256.MultiplyAddEstimate(Vector256.Load(lengths + query), slacks, most);
                    most = Vector256.MultiplyAddEstimate(Vector256.Load(reciprocals + query), offsets, most);
                    Vector256<float> left = Vector256.LessThanOrEqual(most, Vector256.Load(thresholds + query));
                    passed |= (left.ExtractMostSignificantBits() ^ 0xFF) << query;
                }
            }

            if (passed != 0 && positions[row] >= 0)
                Take(worker, firstQuery, positions[row], tile, passed, (scale, slack, offset));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Take(
        int worker,
        int firstQuery,
        int position,
        int* products,
        uint passed,
        (float Scale, float Slack, float Offset) row)
    {
        ref readonly CodeCandidates candidates = ref _wave.Candidates[worker];
        for (; passed != 0; passed &= passed - 1)
        {
            int column = BitOperations.TrailingZeroCount(passed);
            int query = firstQuery + column;
            if (float.IsPositiveInfinity(candidates.Thresholds[query])) continue; // no row is wanted
            float slack = _wave.Lengths[query] * row.Slack;
            float most = (products[column] * row.Scale) + slack + (_wave.Reciprocals[query] * row.Offset);
            float likely = most - (_likelyError * slack);
            if (!float.IsFinite(most)) (most, likely) = (float.PositiveInfinity, float.NegativeInfinity);
            candidates.Add(query, new CodeCandidates.Candidate(most, likely, position));
        }
    }
}
