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
    private const int BlockNeighbors = 1 << 20;

    private readonly BankSnapshot _memory;
    private readonly NeighborTable _found = new();
    private readonly int[] _positions;
    private readonly float[] _distances;
    private readonly int _neighborCount;
    private readonly SearchOptions? _options;
    private readonly Visit _visit;
    private int _visitedCount;

    private LeaveOneOut(BankSnapshot memory, int neighborCount, SearchOptions? options, Visit visit)
    {
        _memory = memory;
        _options = options;
        _visit = visit;
        _neighborCount = Math.Min(neighborCount, Math.Max(0, memory.Count - 1));
        _positions = new int[_neighborCount];
        _distances = new float[_neighborCount];
    }

    /// <summary>Takes the neighbours of one entry, nearest first.</summary>
    public delegate void Visit(Entry entry, ReadOnlySpan<int> positions, ReadOnlySpan<float> distances);

    /// <summary>Visits every entry in the order of adding, one after the other.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="neighborCount">Number of neighbours k, at least 1.</param>
    /// <param name="options">How to search.</param>
    /// <param name="visit">Who takes the neighbours.</param>
    /// <param name="progress">Is told the share of the entries visited, block by block.</param>
    /// <param name="cancellationToken">Is looked at before each block.</param>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static void Each(
        BankSnapshot memory,
        int neighborCount,
        SearchOptions? options,
        Visit visit,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (memory.Count == 0) return;
        new LeaveOneOut(memory, neighborCount, options, visit).Run(progress, cancellationToken);
    }

    private void Run(IProgress<double>? progress, CancellationToken cancellationToken)
    {
        int most = Math.Min(BlockValues / _memory.Dimension, BlockNeighbors / (_neighborCount + 1));
        int rows = Math.Clamp(most, 1, Math.Min(BlockRows, _memory.Count));
        float[] keys = new float[rows * _memory.Dimension];
        var entries = new Entry[rows];
        int count = 0;
        foreach (Entry entry in _memory.Entries)
        {
            _memory.CopyKey(entry.Position, keys.AsSpan(count * _memory.Dimension, _memory.Dimension));
            entries[count++] = entry;
            if (count < rows && _visitedCount + count < _memory.Count) continue;
            cancellationToken.ThrowIfCancellationRequested();
            Flush(keys.AsSpan(0, count * _memory.Dimension), entries.AsSpan(0, count));
            progress?.Report((double)_visitedCount / _memory.Count);
            count = 0;
        }
    }

    private void Flush(ReadOnlySpan<float> keys, ReadOnlySpan<Entry> entries)
    {
        _memory.Search(keys, _neighborCount + 1, _found, _options);
        for (int row = 0; row < entries.Length; row++)
        {
            int count = Without(entries[row], row);
            _visit(entries[row], _positions.AsSpan(0, count), _distances.AsSpan(0, count));
        }

        _visitedCount += entries.Length;
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
