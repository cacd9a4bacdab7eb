// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The entries of a bank at one moment; they stay as they are whatever the bank does afterwards.</summary>
/// <remarks>
/// <para>Entries are ordered by sequence number. A position counts entries in that order, removed ones that still take
/// up room included, so positions of live entries may have gaps.</para>
/// <para>Memory: shared with the bank and its other snapshots. Thread safety: immutable, so safe.</para>
/// </remarks>
public sealed class BankSnapshot
{
    private const int LeastCodedDimension = 64;
    private const long LeastCodedValues = 1 << 20;

    private readonly SegmentView[] _views;
    private readonly int[] _starts;
    private readonly ScanBlock[] _blocks;
    private ScanBlock[]? _codedBlocks;

    internal BankSnapshot(
        int dimension,
        Metric metric,
        SegmentView[] views,
        long nextId,
        long nextSequence,
        BankGraph? graph = null)
    {
        Graph = graph;
        Dimension = dimension;
        Metric = metric;
        NextId = nextId;
        NextSequence = nextSequence;
        _views = views;
        _starts = new int[views.Length];
        _blocks = new ScanBlock[views.Length];
        int position = 0;
        for (int index = 0; index < views.Length; index++)
        {
            SegmentView view = views[index];
            _starts[index] = position;
            _blocks[index] = view.Segment.Block(view, position);
            position = checked(position + view.Count);
            Count += view.LiveCount;
        }

        PositionCount = position;
    }

    /// <summary>Length d of every key.</summary>
    public int Dimension { get; }

    /// <summary>How far apart two keys are.</summary>
    public Metric Metric { get; }

    /// <summary>Number of entries.</summary>
    public int Count { get; }

    /// <summary>How searches go: Exact or Graph.</summary>
    public SearchStrategy Strategy => Graph is null ? SearchStrategy.Exact : SearchStrategy.Graph;

    /// <summary>All entries, in the order in which they were added.</summary>
    public IEnumerable<Entry> Entries
    {
        get
        {
            for (int index = 0; index < _views.Length; index++)
            {
                SegmentView view = _views[index];
                for (int row = 0; row < view.Count; row++)
                {
                    if (!view.IsRemoved(row)) yield return EntryOf(view.Segment, row, _starts[index] + row);
                }
            }
        }
    }

    /// <summary>What searches go along; null where they compare with all entries.</summary>
    internal BankGraph? Graph { get; }

    internal long NextId { get; }

    internal long NextSequence { get; }

    internal ReadOnlySpan<SegmentView> Views => _views;

    /// <summary>Positions lie in [0, this).</summary>
    internal int PositionCount { get; }

    /// <summary>Finds the k nearest entries of each of n queries.</summary>
    /// <param name="queries">[n, d], row-major. A query with a NaN or infinite value gets no neighbours.</param>
    /// <param name="k">Neighbours per query, at least 1; a smaller bank returns all it has.</param>
    /// <param name="neighbors">Receives the neighbours; its former content is replaced, its memory reused.</param>
    /// <param name="options">Null means <see cref="SearchOptions.Default"/>.</param>
    /// <exception cref="ArgumentException">
    /// The length of <paramref name="queries"/> is not a multiple of d, or k is below 1.
    /// </exception>
    public void Search(ReadOnlySpan<float> queries, int k, NeighborTable neighbors, SearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(neighbors);
        Check.AtLeast(k, 1, "Search's k");
        if (queries.Length % Dimension != 0)
            throw new ArgumentException(
                $"queries must be [n, {Dimension}]. Got {queries.Length} values.", nameof(queries));

        // No query can have more neighbours than there are entries: a huge k costs nothing.
        int capacity = Math.Max(1, Math.Min(k, Count));
        options ??= SearchOptions.Default;
        if (Graph is null || Math.Max(options.CandidateCount ?? 1, capacity) >= Count)
            Scan(0, queries, capacity, neighbors, options);
        else
            Graph.Search(this, queries, capacity, neighbors, options);
    }

    /// <summary>Compares queries with all entries of the views from one of them on.</summary>
    internal void Scan(
        int firstView, ReadOnlySpan<float> queries, int capacity, NeighborTable neighbors, SearchOptions options)
    {
        int threads = options.ThreadCount ?? Environment.ProcessorCount;
        bool readsCodes = firstView == 0 && ReadsCodes(options.Precision, capacity); // codes of all, or of none
        ReadOnlySpan<SegmentView> views = _views.AsSpan(firstView);
        ReadOnlySpan<ScanBlock> blocks = (readsCodes ? CodedBlocks(threads) : _blocks).AsSpan(firstView);
        EntryFilter? filter = options.Filter is null ? null : new EntryFilter(views, blocks, options.Filter);
        ReadOnlySpan<ScanBlock> scanned = filter is null ? blocks : filter.Blocks;
        if (readsCodes) CodeScan.Search(scanned, Metric, Dimension, queries, capacity, neighbors, threads);
        else ExactScan.Search(scanned, Metric, Dimension, queries, capacity, neighbors, threads);
        GC.KeepAlive(filter);
        GC.KeepAlive(this);
    }

    /// <summary>Gives the entry at a position.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No entry has this position.</exception>
    public Entry EntryAt(int position)
    {
        (EntrySegment segment, int row) = Locate(position);
        return EntryOf(segment, row, position);
    }

    /// <summary>Gives the class index of the entry at a position.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No entry has this position.</exception>
    public int LabelAt(int position)
    {
        (EntrySegment segment, int row) = Locate(position);
        return segment.Labels[row];
    }

    /// <summary>Gives the weight of the entry at a position.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No entry has this position.</exception>
    public float WeightAt(int position)
    {
        (EntrySegment segment, int row) = Locate(position);
        return segment.Weights[row];
    }

    /// <summary>Copies the key of the entry at a position, as it was given.</summary>
    /// <param name="position">A position of this snapshot.</param>
    /// <param name="key">Receives [d].</param>
    /// <exception cref="ArgumentException">
    /// No entry has this position, or <paramref name="key"/> is not d long.
    /// </exception>
    public void CopyKey(int position, Span<float> key)
    {
        Check.Length(key.Length, Dimension, nameof(key), "[d]");
        (EntrySegment segment, int row) = Locate(position);
        segment.KeyOf(row).CopyTo(key);
        GC.KeepAlive(segment);
    }

    /// <summary>Finds the position of an entry; false where the id is not stored.</summary>
    /// <remarks>
    /// Cost O(log n). Where ids were given and do not ascend, the first call costs O(n), once for all snapshots that
    /// share the entries.
    /// </remarks>
    public bool TryFind(long id, out int position)
    {
        for (int index = _views.Length - 1; index >= 0; index--)
        {
            if (!_views[index].TryFind(id, out int row)) continue;
            position = _starts[index] + row;
            return true;
        }

        position = 0;
        return false;
    }

    /// <summary>Adds the number of entries of each class to <paramref name="counts"/>.</summary>
    /// <param name="counts">[c]; every label must be below c.</param>
    /// <exception cref="ArgumentException">A label is c or above.</exception>
    public void CountClasses(Span<double> counts)
    {
        foreach (SegmentView view in _views)
        {
            for (int row = 0; row < view.Count; row++)
            {
                if (view.IsRemoved(row)) continue;
                int label = view.Segment.Labels[row];
                if (label >= counts.Length)
                    throw new ArgumentException(
                        $"counts must have room for class {label}. Got {counts.Length} classes.", nameof(counts));
                counts[label]++;
            }
        }
    }

    private bool ReadsCodes(ScanPrecision precision, int k)
    {
        if (Dimension > CodeScan.LargestDimension) return false;
        return precision switch
        {
            ScanPrecision.Single => false,
            ScanPrecision.SignedByte => true,
            _ => Dimension >= LeastCodedDimension && (long)Count * Dimension >= LeastCodedValues && k <= Count / 64,
        };
    }

    private ScanBlock[] CodedBlocks(int threads)
    {
        if (_codedBlocks is { } made) return made;
        var blocks = new ScanBlock[_blocks.Length];
        for (int index = 0; index < blocks.Length; index++)
        {
            SegmentView view = _views[index];
            blocks[index] = _blocks[index] with { Codes = view.Segment.CodesOf(view.Count, threads) };
        }

        return _codedBlocks = blocks;
    }

    private static Entry EntryOf(EntrySegment segment, int row, int position)
        => new(
            segment.Ids[row], segment.Sequences[row], segment.Labels[row],
            segment.Weights[row], segment.Origins[row], position);

    /// <summary>Finds the position of an entry by its sequence number; false where it is not stored.</summary>
    internal bool TryFindSequence(long sequence, out int position)
    {
        int index = IndexOfSequence(sequence);
        position = 0;
        if (index < 0) return false;
        SegmentView view = _views[index];
        int row = view.RowOfSequence(sequence);
        if (row < 0 || view.IsRemoved(row)) return false;
        position = _starts[index] + row;
        return true;
    }

    /// <summary>Gives the first view whose sequence numbers all are at or above a number.</summary>
    internal int FirstViewFrom(long sequence) => IndexOfSequence(sequence - 1) + 1;

    /// <summary>Gives the number of entries below a sequence number at which a segment ends.</summary>
    internal int CountBelow(long sequence) => CountBefore(FirstViewFrom(sequence));

    /// <summary>Gives the number of entries of the views before one of them.</summary>
    internal int CountBefore(int view)
    {
        int count = 0;
        foreach (SegmentView each in _views.AsSpan(0, view)) count += each.LiveCount;
        return count;
    }

    /// <summary>Gives the id at a position, removed or not.</summary>
    internal long IdAt(int position)
    {
        (int index, int row) = PlaceOf(position);
        return _views[index].Segment.Ids[row];
    }

    /// <summary>Gives the address of the key at a position, which stays for as long as this snapshot.</summary>
    internal unsafe nint KeyAddressAt(int position)
    {
        (int index, int row) = PlaceOf(position);
        return (nint)(_views[index].Segment.Keys.Pointer + ((nint)row * Dimension));
    }

    /// <summary>Gives this snapshot with something that its searches go along; the entries are shared.</summary>
    internal BankSnapshot With(BankGraph? graph) => new(Dimension, Metric, _views, NextId, NextSequence, graph);

    /// <summary>Gives the view whose sequence numbers reach up to a number; -1 where all are above.</summary>
    private int IndexOfSequence(long sequence)
    {
        int low = 0;
        int high = _views.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_views[middle].Segment.Sequences[0] <= sequence) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    /// <summary>Gives the view and the row of a position, removed or not.</summary>
    internal (int View, int Row) PlaceOf(int position)
    {
        int index = Array.BinarySearch(_starts, position);
        if (index < 0) index = ~index - 1;
        return (index, position - _starts[index]);
    }

    private (EntrySegment Segment, int Row) Locate(int position)
    {
        (int index, int row) = PlaceOf(Check.Index(position, PositionCount));
        if (_views[index].IsRemoved(row))
            throw new ArgumentOutOfRangeException(
                nameof(position), $"position must be that of an entry. Got {position}, which was removed.");
        return (_views[index].Segment, row);
    }
}
