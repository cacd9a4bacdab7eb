// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

public sealed partial class MemoryBank
{
    private const int FirstSegmentRows = 64;

    /// <summary>Share of removed rows beyond which a segment, or a graph of entries, is made anew.</summary>
    internal const double CompactWhenRemoved = 0.2;

    private int LargestSegmentRows => EntrySegment.MostRows(Dimension, _quantizer);

    private void CheckEntries(
        ReadOnlySpan<float> keys,
        ReadOnlySpan<int> labels,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<long> ids,
        EntryOrigin origin)
    {
        int count = labels.Length;
        Check.Length(keys.Length, (long)count * Dimension, "keys", $"[{count}, {Dimension}]");
        if (!weights.IsEmpty) Check.Length(weights.Length, count, "weights", $"[{count}]");
        if (!ids.IsEmpty) Check.Length(ids.Length, count, "ids", $"[{count}]");
        for (int row = 0; row < count; row++)
        {
            if (labels[row] < 0)
                throw new ArgumentException(
                    $"labels must be at least 0. Got {labels[row]} in row {row}.", nameof(labels));
            if (!weights.IsEmpty && !(weights[row] >= 0 && float.IsFinite(weights[row])))
                throw new ArgumentException(
                    $"weights must be finite and at least 0. Got {Check.Shown(weights[row])} in row {row}.",
                    nameof(weights));
        }

        if (!Enum.IsDefined(origin))
            throw new ArgumentException($"origin must be an origin. Got {origin}.", nameof(origin));
        Check.Finite(keys, Dimension, nameof(keys));
    }

    /// <summary>Ids and sequence numbers are never reused, so both counters have an end, as positions have.</summary>
    private void CheckRoom(int count, bool takesIds)
    {
        if (_snapshot.PositionCount > int.MaxValue - count)
        {
            throw new InvalidOperationException(
                $"The bank must have at most {int.MaxValue} entries, with removed ones that still take up room. "
                + $"Got {_snapshot.PositionCount} and {count} more. Compact it, or share the entries out among "
                + "several.");
        }

        if (_nextSequence > long.MaxValue - count || (takesIds && _nextId > long.MaxValue - count))
        {
            throw new InvalidOperationException(
                $"The bank must have ids and sequence numbers left for {count} entries. "
                + $"Got next id {_nextId}, next sequence number {_nextSequence}. Give lower ids.");
        }
    }

    private void CheckIds(ReadOnlySpan<long> ids)
    {
        if (ids.IsEmpty) return;
        HashSet<long>? named = ids.Length > 1 ? new HashSet<long>(ids.Length) : null;
        for (int row = 0; row < ids.Length; row++)
        {
            bool isTaken = ids[row] < _nextId && TryFind(ids[row], out _, out _);
            if (named?.Add(ids[row]) == false || isTaken)
                throw new ArgumentException(
                    $"ids must be free and differ. Got {ids[row]} again in row {row}.", nameof(ids));
            if (ids[row] == long.MaxValue)
                throw new ArgumentException($"ids must be below {long.MaxValue}. Got it in row {row}.", nameof(ids));
        }
    }

    private void Append(
        ReadOnlySpan<float> keys,
        ReadOnlySpan<int> labels,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<long> ids,
        EntryOrigin origin)
    {
        var views = new List<SegmentView>(_views);
        EntrySegment? tail = _tail;
        bool isFork = tail is null && views.Count > 0;
        ReadOnlySpan<byte> codes = _quantizer is null ? [] : _quantizer.Encode(keys);
        int codeBytes = _quantizer?.CodeBytes ?? 0;
        for (int done = 0; done < labels.Length;)
        {
            int filled = tail is null ? 0 : views[^1].Count;
            if (tail is null || filled == tail.Capacity)
            {
                tail = new EntrySegment(Dimension, NextCapacity(labels.Length - done), _self, _quantizer);
                filled = 0;
                views.Add(new SegmentView(tail, 0));
            }

            int taken = Math.Min(tail.Capacity - filled, labels.Length - done);
            Fill(
                tail,
                filled,
                keys.Slice(done * Dimension, taken * Dimension),
                codes.Slice(done * codeBytes, taken * codeBytes),
                labels.Slice(done, taken),
                done,
                weights,
                ids,
                origin);
            views[^1] = views[^1] with { Count = filled + taken };
            done += taken;
            _owned += taken;
        }

        _nextSequence += labels.Length;
        _nextId = Math.Max(_nextId + (ids.IsEmpty ? labels.Length : 0), ids.IsEmpty ? 0 : LargestOf(ids) + 1);
        _tail = tail;
        _views = views;
        if (isFork) MergeSmall();
    }

    private void Fill(
        EntrySegment segment,
        int filled,
        ReadOnlySpan<float> keys,
        ReadOnlySpan<byte> codes,
        ReadOnlySpan<int> labels,
        int done,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<long> ids,
        EntryOrigin origin)
    {
        if (segment.HasKeys) keys.CopyTo(segment.WriteKeys(filled, labels.Length));
        int codeBytes = codes.Length / labels.Length;
        labels.CopyTo(segment.Labels.AsSpan(filled));
        for (int index = 0; index < labels.Length; index++)
        {
            int row = filled + index;
            if (segment.HasKeys)
                segment.Terms[row] = RowTerm.Of(Metric, keys.Slice(index * Dimension, Dimension));
            segment.Quantized?.Set(row, codes.Slice(index * codeBytes, codeBytes));
            segment.SetId(row, ids.IsEmpty ? _nextId + done + index : ids[done + index]);
            segment.Sequences[row] = _nextSequence + done + index;
            segment.Weights[row] = weights.IsEmpty ? 1 : weights[done + index];
            segment.Origins[row] = origin;
        }

        GC.KeepAlive(segment);
    }

    private static long LargestOf(ReadOnlySpan<long> ids)
    {
        long largest = long.MinValue;
        foreach (long id in ids) largest = Math.Max(largest, id);
        return largest;
    }

    /// <summary>Room for what is to come: as much again as this bank has added, so that segments stay few.</summary>
    private int NextCapacity(int wanted)
        => (int)Math.Min(LargestSegmentRows, Math.Max(wanted, Math.Max(FirstSegmentRows, _owned)));

    /// <summary>
    /// Merges the segments at the end that are no larger than twice what follows them: a chain of forks that add a few
    /// rows each keeps a number of segments that grows with the logarithm of the rows added.
    /// </summary>
    private void MergeSmall()
    {
        int from = _views.Count - 1;
        int rows = _views[from].Count;
        int first = _graph is null ? 0 : _snapshot.FirstViewFrom(_graph.EndSequence); // it ends where a segment ends
        while (from > first
            && _views[from - 1].Count <= 2L * rows
            && rows + _views[from - 1].Count <= LargestSegmentRows)
            rows += _views[--from].Count;

        if (_views.Count - from < 2) return;

        List<SegmentView> small = _views.GetRange(from, _views.Count - from);
        _views.RemoveRange(from, small.Count);
        _views.AddRange(Merge(small, LiveCount(small)));
        _tail = null;
    }

    private static int LiveCount(List<SegmentView> views) => views.Sum(view => view.LiveCount);

    /// <summary>
    /// Copies the live rows of views, in order, into new segments with at least the given room in all.
    /// </summary>
    private List<SegmentView> Merge(List<SegmentView> views, int room)
    {
        var merged = new List<SegmentView>();
        EntrySegment? target = null;
        foreach (SegmentView view in views)
        {
            for (int row = 0; row < view.Count; row++)
            {
                if (view.IsRemoved(row)) continue;
                if (target is null || merged[^1].Count == target.Capacity)
                {
                    int left = room - merged.Sum(each => each.Count);
                    target = new EntrySegment(Dimension, Math.Clamp(left, 1, LargestSegmentRows), _self, _quantizer);
                    merged.Add(new SegmentView(target, 0));
                }

                int place = merged[^1].Count;
                target.CopyRow(place, view.Segment, row);
                merged[^1] = merged[^1] with { Count = merged[^1].Count + 1 };
            }
        }

        return merged;
    }

    /// <summary>Removes rows, given by view; whatever can fail happens before the first of them is marked.</summary>
    private void RemoveAll(List<int>?[] rows)
    {
        if (Array.TrueForAll(rows, each => each is null)) return;
        var views = new List<SegmentView>(_views.Count);
        var marked = new List<(int Index, List<int> Rows)>();
        for (int index = 0; index < rows.Length; index++)
        {
            SegmentView view = _views[index];
            if (rows[index] is not { } removed) views.Add(view);
            else if (view.RemovedCount + removed.Count > view.Count * CompactWhenRemoved)
                views.AddRange(Merge([view.WithBits(removed, _self)], view.LiveCount - removed.Count));
            else if (view.CanMark(_self))
            {
                marked.Add((views.Count, removed));
                views.Add(view.WithMarks(_self));
            }
            else views.Add(view.WithBits(removed, _self));
        }

        _version++;
        foreach ((int index, List<int> removed) in marked) views[index] = views[index].Mark(removed, _version);
        if (views.Count == 0 || !ReferenceEquals(views[^1].Segment, _tail)) _tail = null;
        _views = views;
        Publish();
    }

    private bool TryFind(long id, out int index, out int row)
    {
        for (index = _views.Count - 1; index >= 0; index--)
        {
            if (_views[index].TryFind(id, out row)) return true;
        }

        row = 0;
        return false;
    }

    private void Publish()
        => _snapshot = new BankSnapshot(
            Dimension,
            Metric,
            [.. CollectionsMarshal.AsSpan(_views)],
            _nextId,
            _nextSequence,
            _graph,
            _quantizer,
            _refusedCount);
}
