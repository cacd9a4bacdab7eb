// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Measures how far neighbours in a map are neighbours in the memory.</summary>
internal sealed class MapTrust
{
    private const int BlockRows = 8;

    private readonly EntryMap _map;
    private readonly float[] _nearest;
    private readonly int[] _rows;
    private readonly int[] _ranks;
    private readonly NeighborTable _order = new();

    private MapTrust(EntryMap map, int neighborCount)
    {
        _map = map;
        _nearest = new float[neighborCount];
        _rows = new int[neighborCount];
        _ranks = new int[map.Memory.PositionCount];
    }

    /// <summary>Measures from sampled rows, evenly spread over the order of the entries.</summary>
    public static double Measure(EntryMap map, int neighborCount, int sampleCount, CancellationToken cancellationToken)
    {
        long penalty = 0;
        var trust = new MapTrust(map, neighborCount);
        for (int first = 0; first < sampleCount; first += BlockRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int last = Math.Min(sampleCount, first + BlockRows);
            int[] rows = [.. Enumerable.Range(first, last - first).Select(
                index => (int)((long)index * map.Count / sampleCount))];
            penalty += trust.PenaltyOf(rows);
        }

        double worst = (double)sampleCount * neighborCount * ((2.0 * map.Count) - (3.0 * neighborCount) - 1) / 2;
        return 1 - (penalty / worst);
    }

    /// <summary>Sums by how many places each neighbour in the map is too far away in the memory.</summary>
    private long PenaltyOf(int[] rows)
    {
        BankSnapshot memory = _map.Memory;
        float[] keys = new float[rows.Length * memory.Dimension];
        for (int index = 0; index < rows.Length; index++)
        {
            memory.CopyKey(
                _map.Rows.Positions[rows[index]], keys.AsSpan(index * memory.Dimension, memory.Dimension));
        }

        memory.Search(keys, memory.Count, _order); // as many neighbours as entries: all are compared
        long penalty = 0;
        for (int index = 0; index < rows.Length; index++)
        {
            int own = _map.Rows.Positions[rows[index]];
            int rank = 0;
            foreach (int position in _order.PositionsOf(index))
            {
                if (position != own) _ranks[position] = ++rank;
            }

            FindNearest(rows[index]);
            foreach (int row in _rows)
                penalty += Math.Max(0, _ranks[_map.Rows.Positions[row]] - _rows.Length);
        }

        return penalty;
    }

    /// <summary>Finds the nearest others in the map; ties go to the entry added first.</summary>
    private void FindNearest(int own)
    {
        ReadOnlySpan<float> x = _map.X, y = _map.Y;
        _nearest.AsSpan().Fill(float.PositiveInfinity);
        for (int row = 0; row < x.Length; row++)
        {
            float dx = x[row] - x[own], dy = y[row] - y[own];
            float distance = Math.Min(float.MaxValue, (dx * dx) + (dy * dy));
            if (row == own || distance >= _nearest[^1]) continue;
            int place = _nearest.Length - 1;
            for (; place > 0 && _nearest[place - 1] > distance; place--)
                (_nearest[place], _rows[place]) = (_nearest[place - 1], _rows[place - 1]);
            (_nearest[place], _rows[place]) = (distance, row);
        }
    }
}
