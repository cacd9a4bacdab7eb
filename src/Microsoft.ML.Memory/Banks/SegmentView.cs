// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// The first <see cref="Count"/> rows of a segment, some of them removed; immutable, so shared by snapshots.
/// </summary>
/// <param name="Segment">Where the rows are.</param>
/// <param name="Count">Rows that exist for this view, at least 1, removed ones included.</param>
/// <param name="Removed">
/// One bit a row of the segment's capacity, 1 for a removed one, pinned; null when none is.
/// </param>
/// <param name="RemovedCount">Number of bits set.</param>
internal readonly record struct SegmentView(EntrySegment Segment, int Count, ulong[]? Removed, int RemovedCount)
{
    public int LiveCount => Count - RemovedCount;

    public bool IsRemoved(int row) => Removed is not null && (Removed[row >> 6] >> (row & 63) & 1) != 0;

    /// <summary>Gives the view with rows removed.</summary>
    public SegmentView Remove(List<int> rows)
    {
        ulong[] removed = GC.AllocateArray<ulong>((Segment.Capacity + 63) / 64, pinned: true);
        Removed?.CopyTo(removed, 0);
        foreach (int row in rows) removed[row >> 6] |= 1UL << (row & 63);
        return this with { Removed = removed, RemovedCount = RemovedCount + rows.Count };
    }
}
