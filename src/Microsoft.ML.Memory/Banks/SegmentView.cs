// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// The first <see cref="Count"/> rows of a segment, some of them removed; what it shows never changes, so snapshots
/// share it.
/// </summary>
/// <param name="Segment">Where the rows are.</param>
/// <param name="Count">Rows that exist for this view, at least 1, removed ones included.</param>
/// <param name="Removed">Which are removed; null when none is.</param>
/// <param name="RemovedCount">Number of removed rows.</param>
/// <param name="Version">The version of the marks that this view sees.</param>
internal readonly record struct SegmentView(
    EntrySegment Segment, int Count, RemovedRows? Removed = null, int RemovedCount = 0, long Version = 0)
{
    public int LiveCount => Count - RemovedCount;

    public bool IsRemoved(int row) => Removed is not null && Removed.Contains(row, Version);

    /// <summary>Finds a row that is not removed.</summary>
    public bool TryFind(long id, out int row) => Segment.TryFind(id, Count, out row) && !IsRemoved(row);

    /// <summary>Finds a row, removed or not, by its sequence number; negative where there is none.</summary>
    public int RowOfSequence(long sequence)
    {
        ReadOnlySpan<long> sequences = Segment.Sequences.AsSpan(0, Count);
        long guess = sequence - sequences[0]; // right where nothing was compacted
        if ((ulong)guess < (ulong)Count && sequences[(int)guess] == sequence) return (int)guess;
        return sequences.BinarySearch(sequence);
    }

    /// <summary>Says whether a bank may have marks here: it made the segment, or has removed from it before.</summary>
    public bool CanMark(object bank) => Segment.IsOf(bank) || Removed?.IsOf(bank) == true;

    /// <summary>Gives the view with marks of the bank's own, which may be added to.</summary>
    public SegmentView WithMarks(object bank) =>
        Removed?.Marks is not null && Removed.IsOf(bank)
            ? this
            : this with { Removed = RemovedRows.AsMarks(this, bank) };

    /// <summary>Removes rows from a view with marks, for itself and for views of later versions.</summary>
    /// <param name="rows">Rows that are not removed.</param>
    /// <param name="version">A version of the bank's that no view has.</param>
    public SegmentView Mark(List<int> rows, long version)
    {
        foreach (int row in rows) Removed!.Marks![row] = version;
        return this with { RemovedCount = RemovedCount + rows.Count, Version = version };
    }

    /// <summary>Gives the view with rows removed by bits of its own, whatever happens to it.</summary>
    public SegmentView WithBits(List<int> rows, object owner)
    {
        RemovedRows removed = RemovedRows.AsBits(this, owner);
        foreach (int row in rows) removed.Bits![row >> 6] |= 1UL << (row & 63);
        return this with { Removed = removed, RemovedCount = RemovedCount + rows.Count };
    }
}
