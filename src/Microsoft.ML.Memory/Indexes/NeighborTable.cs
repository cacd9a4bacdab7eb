// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// What a search returns: for each query its neighbours, nearest first, and nothing where there are none.
/// </summary>
/// <remarks>
/// <para>Shape: n queries with at most k neighbours each; a query may have fewer, down to none. There is no
/// padding.</para>
/// <para>A table is reused from search to search without allocating, and is not safe for concurrent searches.</para>
/// </remarks>
public sealed class NeighborTable
{
    private const int LargestKept = 1 << 20; // neighbours: 16 MiB

    private int[] _counts = [];
    private int[] _starts = [0]; // one more than there are queries
    private long[] _ids = [];
    private int[] _positions = [];
    private float[] _distances = [];
    private long _rescoredCount;

    /// <summary>Number of queries of the last search.</summary>
    public int QueryCount { get; private set; }

    /// <summary>
    /// Largest number of neighbours a query can have here: the k of the last search, or the most that a query has after
    /// a search within a distance.
    /// </summary>
    public int Capacity { get; private set; }

    /// <summary>
    /// Number of rows that the last search compared in double precision, all queries together; it tells how well the
    /// faster pass before chose, and may differ from run to run where there are several threads.
    /// </summary>
    public long RescoredCount => _rescoredCount;

    /// <summary>Whether a search has made the table larger than one that waits for the next search should be.</summary>
    internal bool IsLarge => Math.Max(_ids.Length, _counts.Length) > LargestKept;

    /// <summary>Gives the number of neighbours of one query, in [0, <see cref="Capacity"/>].</summary>
    public int CountOf(int query) => _counts[Check.Index(query, QueryCount)];

    /// <summary>Gives the ids of the neighbours of one query, nearest first.</summary>
    public ReadOnlySpan<long> IdsOf(int query) => _ids.AsSpan(Start(query), _counts[query]);

    /// <summary>Gives the distances of the neighbours of one query, in the unit of the metric, ascending.</summary>
    public ReadOnlySpan<float> DistancesOf(int query) => _distances.AsSpan(Start(query), _counts[query]);

    /// <summary>
    /// Gives the place of each neighbour in the snapshot that was searched, counted from 0 in the order of adding.
    /// A place means nothing to another snapshot; an id does. Indexes that give no snapshots number places as they
    /// like.
    /// </summary>
    public ReadOnlySpan<int> PositionsOf(int query) => _positions.AsSpan(Start(query), _counts[query]);

    /// <summary>
    /// Empties the table and makes room for <paramref name="queryCount"/> queries with up to <paramref
    /// name="capacity"/> neighbours.
    /// </summary>
    /// <exception cref="ArgumentException">They would be more neighbours than an array holds.</exception>
    internal void Reset(int queryCount, int capacity)
    {
        if ((long)queryCount * capacity > Array.MaxLength)
        {
            throw new ArgumentException(
                $"k must be at most {Array.MaxLength / queryCount} for {queryCount} queries. Got {capacity}. "
                + "Search for fewer queries at a time.",
                "k");
        }

        Reserve(queryCount, queryCount * capacity);
        for (int query = 0; query <= queryCount; query++) _starts[query] = query * capacity;
        Capacity = capacity;
    }

    /// <summary>
    /// Empties the table and makes room for as many neighbours as each query has within a distance.
    /// </summary>
    /// <exception cref="InvalidOperationException">They are more neighbours than an array holds.</exception>
    internal void Reset(ReadOnlySpan<int> counts)
    {
        long cells = 0;
        int most = 0;
        foreach (int count in counts)
        {
            cells += count;
            most = Math.Max(most, count);
        }

        if (cells > Array.MaxLength)
        {
            throw new InvalidOperationException(
                $"RangeSearch must find at most {Array.MaxLength} neighbours in all. Got {cells}. "
                + "Ask for fewer queries at a time, or for a smaller distance.");
        }

        Reserve(counts.Length, (int)cells);
        for (int query = 0; query < counts.Length; query++) _starts[query + 1] = _starts[query] + counts[query];
        Capacity = most;
    }

    /// <summary>Gives the cells of one query to write into; concurrent writers take different queries.</summary>
    internal Row Write(int query)
    {
        int start = Start(query);
        int length = _starts[query + 1] - start;
        return new Row(
            ref _counts[query],
            _ids.AsSpan(start, length),
            _positions.AsSpan(start, length),
            _distances.AsSpan(start, length));
    }

    /// <summary>Counts rows that were compared in double precision; concurrent callers may.</summary>
    internal void AddRescored(long count) => Interlocked.Add(ref _rescoredCount, count);

    private int Start(int query) => _starts[Check.Index(query, QueryCount)];

    private void Reserve(int queryCount, int cells)
    {
        if (_counts.Length < queryCount)
        {
            _counts = new int[queryCount];
            _starts = new int[queryCount + 1];
        }

        if (_ids.Length < cells)
        {
            _ids = new long[cells];
            _positions = new int[cells];
            _distances = new float[cells];
        }

        QueryCount = queryCount;
        _rescoredCount = 0;
        Array.Clear(_counts, 0, queryCount);
    }

    /// <summary>The writable cells of one query; whoever fills them sets <see cref="Count"/> last.</summary>
    internal ref struct Row(ref int count, Span<long> ids, Span<int> positions, Span<float> distances)
    {
        public ref int Count = ref count;
        public readonly Span<long> Ids = ids;
        public readonly Span<int> Positions = positions;
        public readonly Span<float> Distances = distances;
    }
}
