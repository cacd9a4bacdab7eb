// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Searches a memory with each of its own entries, as if that entry were not there.</summary>
/// <remarks>
/// One blocked search for k + 1 neighbours: the entry itself is taken out by its id, whatever its distance; where it
/// is not among them, the last one is dropped. Exact duplicates under another id stay. Cost O(n²·d).
/// </remarks>
internal sealed class LeaveOneOut
{
    private const int BlockRows = 1024;
    private const int BlockValues = 16 << 20;

    private readonly BankSnapshot _memory;
    private readonly NeighborTable _found = new();
    private readonly int[] _positions;
    private readonly float[] _distances;
    private readonly int _neighborCount;

    private LeaveOneOut(BankSnapshot memory, int neighborCount)
    {
        _memory = memory;
        _neighborCount = Math.Min(neighborCount, Math.Max(0, memory.Count - 1));
        _positions = new int[_neighborCount];
        _distances = new float[_neighborCount];
    }

    /// <summary>Takes the neighbours of one entry, nearest first.</summary>
    public delegate void Visit(Entry entry, ReadOnlySpan<int> positions, ReadOnlySpan<float> distances);

    /// <summary>Visits every entry in the order of adding, one after the other.</summary>
    public static void Each(BankSnapshot memory, int neighborCount, SearchOptions? options, Visit visit)
    {
        if (memory.Count == 0) return;
        new LeaveOneOut(memory, neighborCount).Run(options, visit);
    }

    private void Run(SearchOptions? options, Visit visit)
    {
        int rows = Math.Clamp(BlockValues / _memory.Dimension, 1, Math.Min(BlockRows, _memory.Count));
        float[] keys = new float[rows * _memory.Dimension];
        var entries = new Entry[rows];
        int count = 0;
        foreach (Entry entry in _memory.Entries)
        {
            _memory.CopyKey(entry.Position, keys.AsSpan(count * _memory.Dimension, _memory.Dimension));
            entries[count++] = entry;
            if (count < rows) continue;
            Flush(keys, entries, options, visit);
            count = 0;
        }

        Flush(keys.AsSpan(0, count * _memory.Dimension), entries.AsSpan(0, count), options, visit);
    }

    private void Flush(ReadOnlySpan<float> keys, ReadOnlySpan<Entry> entries, SearchOptions? options, Visit visit)
    {
        if (entries.IsEmpty) return;
        _memory.Search(keys, _neighborCount + 1, _found, options);
        for (int row = 0; row < entries.Length; row++)
        {
            int count = Without(entries[row], row);
            visit(entries[row], _positions.AsSpan(0, count), _distances.AsSpan(0, count));
        }
    }

    private int Without(Entry entry, int row)
    {
        ReadOnlySpan<long> ids = _found.IdsOf(row);
        ReadOnlySpan<int> positions = _found.PositionsOf(row);
        ReadOnlySpan<float> distances = _found.DistancesOf(row);
        int count = 0;
        for (int rank = 0; rank < ids.Length && count < _neighborCount; rank++)
        {
            if (ids[rank] == entry.Id) continue;
            _positions[count] = positions[rank];
            _distances[count++] = distances[rank];
        }

        return count;
    }
}
