// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>A pass that scores each group of rows for each panel by one call of a kernel.</summary>
/// <remarks>
/// A run (480 KB) stays in the second-level cache while all panels pass over it, a group of rows in the
/// first. The processor fetches both ahead by itself; asking for them was measured and is slower.
/// </remarks>
internal unsafe class TilePass<TTile> : ScanPass where TTile : struct, IScoreTile
{
    private const int RunBytes = 480 << 10;

    private readonly float*[] _tiles;

    public TilePass(NativeScratch scratch, in ScanRequest scan, ScanWave wave)
        : this(scratch, scan, wave, 1, RunBytes)
    {
    }

    protected TilePass(NativeScratch scratch, in ScanRequest scan, ScanWave wave, int together, int runBytes)
        : base(scratch, scan, wave, TTile.Rows, together, runBytes)
    {
        _tiles = new float*[wave.WorkerCount];
        for (int worker = 0; worker < _tiles.Length; worker++)
        {
            _tiles[worker] = scratch.Take<float>(TTile.Rows * TTile.Queries);
            new Span<float>(_tiles[worker], TTile.Rows * TTile.Queries).Clear();
        }
    }

    /// <summary>Number of panels of the wave.</summary>
    protected int PanelCount => (Wave.Count + TTile.Queries - 1) / TTile.Queries;

    protected override void Score(int worker, ref RowGroups<ValueRows> groups) =>
        Score(worker, ref groups, 0, groups.Count);

    /// <summary>Scores the groups from one to before another for all panels, and takes the rows that pass.</summary>
    protected void Score(int worker, ref RowGroups<ValueRows> groups, int start, int end)
    {
        for (int panel = 0; panel < PanelCount && start < end; panel++)
        {
            if (Wave.IsByDifferences) Score<SquareOfDifference>(worker, ref groups, panel, start, end);
            else Score<Product>(worker, ref groups, panel, start, end);
        }
    }

    /// <summary>Scores the groups from one to before another for a panel, and takes the rows that pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected void Score<TTerm>(int worker, ref RowGroups<ValueRows> groups, int panel, int start, int end)
        where TTerm : struct, IFloatTerm
    {
        int first = panel * TTile.Queries;
        int queryCount = Math.Min(Wave.Count - first, TTile.Queries);
        float* packed = Wave.Panels.Panel(panel);
        float* tile = _tiles[worker];
        float* thresholds = Wave.Candidates[worker].Thresholds + first;
        int d = Scan.Dimension;
        uint* passed = stackalloc uint[TTile.Rows];
        for (int group = start; group < end; group++)
        {
            int row = group * TTile.Rows;
            var terms = new TileTerms(groups.Rows.Scales + row, groups.Rows.Offsets + row, thresholds);
            float* values = (float*)groups.Group(group);
            if (TTile.Score<TTerm>(values, packed, d, queryCount, terms, tile, passed) != 0)
                Take(worker, first, groups.Positions + row, tile, TTile.Rows, TTile.Queries, passed);
        }
    }
}
