// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// A labelled memory: entries with a key vector, a class and an id, to which is added and from which is removed.
/// </summary>
/// <remarks>
/// <para>Entries live in segments that snapshots and forks share; only the writer's own tail grows. Readers work on
/// <see cref="Snapshot"/>, which never waits for a writer. Writers take turns.</para>
/// <para>A removed entry is in no later snapshot and no saved file. Its vector is overwritten when its segment has been
/// compacted, which happens by itself once a fifth of a segment is removed, and the last snapshot of it, or
/// graph made from one, is gone.</para>
/// <para>Every change happens as a whole or, on an error, not at all.</para>
/// </remarks>
public sealed partial class MemoryBank
{
    /// <summary>Largest number of values a key may have.</summary>
    internal const int LargestDimension = 1 << 20;

    private readonly Lock _gate = new();
    private readonly object _self = new(); // what segments and marks of this bank's making are known by
    private List<SegmentView> _views;
    private EntrySegment? _tail;
    private long _version;
    private long _owned;
    private long _nextId;
    private long _nextSequence;
    private readonly BankGraph? _graph;
    private readonly BankQuantizer? _quantizer;
    private readonly int? _refusedCount;
    private volatile BankSnapshot _snapshot;

    /// <summary>Makes an empty bank.</summary>
    /// <param name="dimension">Length d of every key, in [1, 2^20].</param>
    /// <param name="metric">How far apart two keys are.</param>
    /// <exception cref="ArgumentException">The dimension is out of range or the metric is not one.</exception>
    public MemoryBank(int dimension, Metric metric = Metric.Cosine)
    {
        Dimension = Check.Dimension(dimension);
        Metric = Check.Metric(metric);
        _views = [];
        _snapshot = new BankSnapshot(dimension, metric, [], 0, 0);
    }

    /// <summary>Makes a bank that goes on from a snapshot, sharing its entries, and its codebooks where it has some.
    /// </summary>
    public MemoryBank(BankSnapshot start)
    {
        ArgumentNullException.ThrowIfNull(start);

        Dimension = start.Dimension;
        Metric = start.Metric;
        _views = [.. start.Views];
        _nextId = start.NextId;
        _nextSequence = start.NextSequence;
        _graph = start.Graph;
        _quantizer = start.Quantizer;
        _refusedCount = start.RefusedCount;
        _snapshot = start;
    }

    /// <summary>Length d of every key.</summary>
    public int Dimension { get; }

    /// <summary>How far apart two keys are.</summary>
    public Metric Metric { get; }

    /// <summary>Number of entries now.</summary>
    public int Count => _snapshot.Count;

    /// <summary>Gives the entries as they are now; costs nothing.</summary>
    public BankSnapshot Snapshot() => _snapshot;

    /// <summary>Adds n entries.</summary>
    /// <param name="keys">
    /// [n, d], row-major, finite; stored as given, or as codes where the bank goes on from a snapshot that is.
    /// </param>
    /// <param name="labels">[n] class indices, at least 0.</param>
    /// <param name="weights">[n] finite and at least 0; empty means 1 for all.</param>
    /// <param name="ids">
    /// [n] ids, none of them stored yet, no two equal, none <see cref="long.MaxValue"/>; empty takes the next free
    /// ones.
    /// </param>
    /// <param name="origin">Where the entries come from.</param>
    /// <exception cref="ArgumentException">
    /// A length does not fit, a value is out of its range (the message names the row), or an id is taken.
    /// </exception>
    /// <exception cref="InvalidOperationException">No positions, ids or sequence numbers are left.</exception>
    public void AddRange(
        ReadOnlySpan<float> keys,
        ReadOnlySpan<int> labels,
        ReadOnlySpan<float> weights = default,
        ReadOnlySpan<long> ids = default,
        EntryOrigin origin = EntryOrigin.Source)
    {
        CheckEntries(keys, labels, weights, ids, origin);
        lock (_gate)
        {
            CheckIds(ids);
            if (labels.Length == 0) return;
            CheckRoom(labels.Length, ids.IsEmpty);
            Append(keys, labels, weights, ids, origin);
            Publish();
        }
    }

    /// <summary>Adds one entry and gives its id.</summary>
    /// <param name="key">[d], finite.</param>
    /// <param name="label">Class index, at least 0.</param>
    /// <param name="weight">Finite and at least 0.</param>
    /// <param name="origin">Where the entry comes from.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    /// <exception cref="InvalidOperationException">No positions, ids or sequence numbers are left.</exception>
    public long Add(ReadOnlySpan<float> key, int label, float weight = 1, EntryOrigin origin = EntryOrigin.Source)
    {
        Check.Length(key.Length, Dimension, nameof(key), "[d]");
        CheckEntries(key, [label], [weight], default, origin);
        lock (_gate)
        {
            CheckRoom(1, takesIds: true);
            long id = _nextId;
            Append(key, [label], [weight], default, origin);
            Publish();
            return id;
        }
    }

    /// <summary>Removes the entries with the given ids.</summary>
    /// <exception cref="KeyNotFoundException">An id is not stored; nothing is removed.</exception>
    /// <exception cref="ArgumentException">An id is named twice; nothing is removed.</exception>
    /// <remarks>
    /// Cost O(1) an entry on average where the bank made the segment or has removed from it before; O(n) once
    /// otherwise.
    /// </remarks>
    public void Remove(params ReadOnlySpan<long> ids)
    {
        lock (_gate)
        {
            var rows = new List<int>?[_views.Count];
            HashSet<long>? named = ids.Length > 1 ? new HashSet<long>(ids.Length) : null;
            foreach (long id in ids)
            {
                if (!TryFind(id, out int index, out int row))
                    throw new KeyNotFoundException($"ids must be stored. Got {id}, which is not. Nothing was removed.");
                if (named?.Add(id) == false)
                    throw new ArgumentException($"ids must differ. Got {id} twice. Nothing was removed.", nameof(ids));
                (rows[index] ??= []).Add(row);
            }

            RemoveAll(rows);
        }
    }

    /// <summary>Removes every entry that fits a condition and tells how many did.</summary>
    /// <param name="condition">Is asked about every entry while writers wait; it must not change the bank.</param>
    /// <exception cref="InvalidOperationException">The condition changed the bank.</exception>
    public int RemoveWhere(Func<Entry, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        lock (_gate)
        {
            BankSnapshot asked = _snapshot;
            var rows = new List<int>?[_views.Count];
            int count = 0;
            foreach (Entry entry in asked.Entries.Where(condition))
            {
                (int index, int row) = asked.PlaceOf(entry.Position);
                (rows[index] ??= []).Add(row);
                count++;
            }

            if (asked != _snapshot)
                throw new InvalidOperationException(
                    "RemoveWhere's condition must not change the bank. Got a change. Nothing was removed by it.");
            RemoveAll(rows);
            return count;
        }
    }

    /// <summary>
    /// Copies all entries together and lets go of the rest, so that what was removed can be overwritten.
    /// </summary>
    /// <remarks>Cost O(n·d). Old snapshots keep their segments for as long as they live.</remarks>
    public void Compact()
    {
        lock (_gate)
        {
            int later = _snapshot.FirstViewFrom(_graph?.EndSequence ?? 0); // a graph ends where a segment ends
            List<SegmentView> before = _views.GetRange(0, later);
            List<SegmentView> after = _views.GetRange(later, _views.Count - later);
            _views = [.. Merge(before, LiveCount(before)), .. Merge(after, LiveCount(after))];
            _tail = null;
            Publish();
        }
    }
}
