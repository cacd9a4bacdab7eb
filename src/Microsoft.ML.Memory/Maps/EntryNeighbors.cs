// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The nearest other entries of every entry of a memory, each searched for as if it were not there.
/// </summary>
/// <remarks>
/// <para>Shape: n rows, one for each entry in the order of <see cref="BankSnapshot.Entries"/>, of at most k neighbours
/// each, nearest first. Exact duplicates under another id are neighbours. Equal distances go to the entry added
/// first.</para>
/// <para>Memory: 16 bytes a neighbour. Thread safety: immutable, so safe.</para>
/// </remarks>
public sealed class EntryNeighbors
{
    private readonly EntryRows _rows;
    private readonly int _stride;
    private readonly int[] _counts;
    private readonly int[] _positions;
    private readonly long[] _ids;
    private readonly float[] _distances;

    private EntryNeighbors(EntryRows rows, int neighborCount)
    {
        _rows = rows;
        NeighborCount = neighborCount;
        _stride = Math.Min(neighborCount, Math.Max(0, rows.Count - 1));
        int cells = rows.Count * _stride;
        _counts = new int[rows.Count];
        _positions = new int[cells];
        _ids = new long[cells];
        _distances = new float[cells];
    }

    private EntryNeighbors(EntryNeighbors all, int neighborCount)
    {
        _rows = all._rows;
        NeighborCount = neighborCount;
        _stride = all._stride;
        _counts = Array.ConvertAll(all._counts, count => Math.Min(count, neighborCount));
        _positions = all._positions;
        _ids = all._ids;
        _distances = all._distances;
    }

    /// <summary>The memory that was searched.</summary>
    public BankSnapshot Memory => _rows.Memory;

    /// <summary>Number of neighbours k that was asked for.</summary>
    public int NeighborCount { get; }

    /// <summary>Number of entries n, which is that of the rows.</summary>
    public int Count => _rows.Count;

    /// <summary>Id of the entry of each row, [n].</summary>
    public ReadOnlySpan<long> Ids => _rows.Ids;

    internal EntryRows Rows => _rows;

    /// <summary>Finds the neighbours of every entry.</summary>
    /// <remarks>
    /// Cost: one search for k + 1 neighbours of all n entries. Compared with all, O(n²·d): docs/methods/entry-maps.md
    /// has seconds. A memory with a graph is searched along it, O(n·log n·d) or so, and one of codes through these,
    /// O(n²·m) look-ups; either may miss a neighbour here and there.
    /// </remarks>
    /// <param name="memory">The memory; it may be empty.</param>
    /// <param name="neighborCount">Number of neighbours k, at least 1; a smaller memory gives all others.</param>
    /// <param name="options">
    /// Null means <see cref="SearchOptions.Default"/>. A filter keeps entries from being neighbours, not from having
    /// some.
    /// </param>
    /// <param name="progress">Is told the share that is done, from 0 to 1; null tells nobody.</param>
    /// <param name="cancellationToken">Stops the search, within a block of some hundred entries.</param>
    /// <exception cref="ArgumentException">k is below 1, or so large that n·k is beyond the largest array.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static EntryNeighbors Of(
        BankSnapshot memory,
        int neighborCount = 15,
        SearchOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(memory);
        Check.AtLeast(neighborCount, 1, "EntryNeighbors' neighborCount");
        RequireRoom(memory.Count, neighborCount);

        var neighbors = new EntryNeighbors(new EntryRows(memory), neighborCount);
        int row = 0;
        LeaveOneOut.Each(
            memory,
            neighborCount,
            options,
            (_, positions, distances) => neighbors.Fill(row++, positions, distances),
            progress,
            cancellationToken);
        return neighbors;
    }

    /// <summary>Gives the nearest of the neighbours of every entry, without a search.</summary>
    /// <remarks>
    /// They are those of a search for so many, bit for bit, where all entries are compared; a graph or codes may find
    /// others. Cost: O(n) time and 4 bytes an entry; the rest is shared.
    /// </remarks>
    /// <param name="neighborCount">Number of neighbours, at least 1 and at most <see cref="NeighborCount"/>.</param>
    /// <exception cref="ArgumentException">The number is out of its range.</exception>
    public EntryNeighbors First(int neighborCount)
    {
        if (neighborCount < 1 || neighborCount > NeighborCount)
        {
            throw new ArgumentException(
                $"First's neighborCount must be in [1, {NeighborCount}]. Got {neighborCount}.", nameof(neighborCount));
        }

        return new EntryNeighbors(this, neighborCount);
    }

    /// <summary>Gives the number of neighbours of an entry, in [0, k].</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public int CountOf(int row) => _counts[Check.Index(row, Count)];

    /// <summary>Gives the ids of the neighbours of an entry, nearest first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<long> IdsOf(int row) => _ids.AsSpan(Start(row), _counts[row]);

    /// <summary>Gives the positions of the neighbours of an entry in the memory, nearest first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<int> PositionsOf(int row) => _positions.AsSpan(Start(row), _counts[row]);

    /// <summary>Gives the distances to the neighbours of an entry, in the unit of the metric, ascending.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<float> DistancesOf(int row) => _distances.AsSpan(Start(row), _counts[row]);

    /// <summary>Visits every entry with its nearest neighbours, no more than a number.</summary>
    internal void Each(int neighborCount, LeaveOneOut.Visit visit, CancellationToken cancellationToken)
    {
        for (int row = 0; row < Count; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(neighborCount, _counts[row]);
            visit(Memory.EntryAt(Rows.Positions[row]), PositionsOf(row)[..count], DistancesOf(row)[..count]);
        }
    }

    private static void RequireRoom(int count, int neighborCount)
    {
        if (count == 0 || Math.Min(neighborCount, count - 1) <= Array.MaxLength / count) return;
        throw new ArgumentException(
            $"EntryNeighbors' neighborCount must be at most {Array.MaxLength / count} for {count} entries. "
            + $"Got {neighborCount}.",
            nameof(neighborCount));
    }

    private int Start(int row) => Check.Index(row, Count) * _stride;

    private void Fill(int row, ReadOnlySpan<int> positions, ReadOnlySpan<float> distances)
    {
        int start = row * _stride;
        _counts[row] = positions.Length;
        positions.CopyTo(_positions.AsSpan(start));
        distances.CopyTo(_distances.AsSpan(start));
        for (int rank = 0; rank < positions.Length; rank++) _ids[start + rank] = Memory.IdAt(positions[rank]);
    }
}
