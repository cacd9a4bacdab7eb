// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The entries of a bank at one moment; they stay as they are whatever the bank does afterwards.</summary>
/// <remarks>
/// <para>Entries are ordered by sequence number. A position counts entries in that order, removed ones that still take
/// up room included, so positions of live entries may have gaps.</para>
/// <para>Memory: shared with the bank and its other snapshots. Thread safety: immutable, so safe.</para>
/// </remarks>
public sealed partial class BankSnapshot
{
    private readonly SegmentView[] _views;
    private readonly int[] _starts;
    private readonly ScanBlock[] _blocks;

    internal BankSnapshot(
        int dimension,
        Metric metric,
        SegmentView[] views,
        long nextId,
        long nextSequence,
        BankGraph? graph = null,
        BankQuantizer? quantizer = null,
        int? refusedCount = null)
    {
        Graph = graph;
        RefusedCount = refusedCount;
        Quantizer = quantizer;
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

    /// <summary>How searches go: Exact, Graph or Quantized.</summary>
    public SearchStrategy Strategy => Quantizer is not null
        ? SearchStrategy.Quantized
        : Graph is null ? SearchStrategy.Exact : SearchStrategy.Graph;

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

    /// <summary>What the keys are coded by; null where they are not. A coded snapshot has no graph.</summary>
    internal BankQuantizer? Quantizer { get; }

    /// <summary>
    /// Number of entries, at least 2, when a graph of them was refused because it found too few neighbours; null where
    /// none was.
    /// </summary>
    internal int? RefusedCount { get; }

    /// <summary>Whether a graph was refused for about as many entries: another would hardly do better.</summary>
    internal bool RefusesGraph => RefusedCount is { } count && Count > count / 2 && Count < 2L * count;

    internal long NextId { get; }

    internal long NextSequence { get; }

    internal ReadOnlySpan<SegmentView> Views => _views;

    /// <summary>Positions lie in [0, this).</summary>
    internal int PositionCount { get; }

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

    /// <summary>
    /// Copies the key of the entry at a position as it was given or, where only codes are kept, what its code stands
    /// for: by cosine, about of length 1.
    /// </summary>
    /// <param name="position">A position of this snapshot.</param>
    /// <param name="key">Receives [d].</param>
    /// <exception cref="ArgumentException">
    /// No entry has this position, or <paramref name="key"/> is not d long.
    /// </exception>
    public void CopyKey(int position, Span<float> key)
    {
        Check.Length(key.Length, Dimension, nameof(key), "[d]");
        (EntrySegment segment, int row) = Locate(position);
        segment.CopyKey(row, key);
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

    /// <summary>Copies the key of an entry; false, and nothing copied, where the id is not stored.</summary>
    internal bool TryCopyKey(long id, Span<float> key)
    {
        if (!TryFind(id, out int position)) return false;
        CopyKey(position, key);
        return true;
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

    private static Entry EntryOf(EntrySegment segment, int row, int position)
        => new(
            segment.Ids[row], segment.Sequences[row], segment.Labels[row],
            segment.Weights[row], segment.Origins[row], position);

    /// <summary>Gives this snapshot with something that its searches go along; the entries are shared.</summary>
    internal BankSnapshot With(BankGraph? graph) =>
        new(
            Dimension, Metric, _views, NextId, NextSequence, graph, Quantizer, graph is null ? RefusedCount : null);

    /// <summary>Gives this snapshot without a graph, and with the knowledge that one finds too little.</summary>
    internal BankSnapshot WithoutGraph() =>
        new(Dimension, Metric, _views, NextId, NextSequence, graph: null, Quantizer, refusedCount: Count);

    /// <summary>Gives this snapshot with the same entries stored in another way.</summary>
    internal BankSnapshot With(SegmentView[] views, BankQuantizer quantizer) =>
        new(Dimension, Metric, views, NextId, NextSequence, graph: null, quantizer);

    /// <summary>Gives a snapshot of no entries, for a bank that stores them as this one does.</summary>
    /// <param name="nextId">The id from which on such a bank numbers entries that are given none.</param>
    internal BankSnapshot Emptied(long nextId = 0) =>
        new(Dimension, Metric, [], nextId, 0, graph: null, Quantizer);

    /// <summary>
    /// Copies the entries, without a graph, under the sequence numbers and counters of a snapshot of as many.
    /// </summary>
    internal BankSnapshot NumberedAs(BankSnapshot other)
    {
        using IEnumerator<Entry> numbers = other.Entries.GetEnumerator();
        return new BankSnapshot(
            Dimension, Metric, Array.ConvertAll(_views, Copy), other.NextId, other.NextSequence, graph: null, Quantizer,
            other.RefusedCount);

        SegmentView Copy(SegmentView view)
        {
            var segment = new EntrySegment(Dimension, view.LiveCount, owner: null, Quantizer);
            int rows = 0;
            for (int row = 0; row < view.Count; row++)
            {
                if (view.IsRemoved(row)) continue;
                numbers.MoveNext();
                segment.CopyRow(rows, view.Segment, row);
                segment.Sequences[rows++] = numbers.Current.Sequence;
            }

            return new SegmentView(segment, rows);
        }
    }
}
