// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// Which rows of a segment are removed: as bits that never change, or as marks that one bank may add to.
/// </summary>
/// <remarks>
/// <para>A mark is the version of the bank's content from which on the row is removed. Views of an older version go on
/// seeing the row, so a mark is set in place, at no cost but its own, while searches run.</para>
/// <para>A bank that removes once from a segment that it did not make copies bits, an eighth of a byte a row; one that
/// removes there again takes marks, eight bytes a row, once.</para>
/// </remarks>
internal sealed class RemovedRows
{
    private readonly object _owner;

    private RemovedRows(object owner, ulong[]? bits, long[]? marks)
    {
        _owner = owner;
        Bits = bits;
        Marks = marks;
    }

    /// <summary>One bit a row, 1 for a removed one, pinned; null where there are marks.</summary>
    public ulong[]? Bits { get; }

    /// <summary>The version from which on each row is removed, pinned; null where there are bits.</summary>
    public long[]? Marks { get; }

    /// <summary>Gives the removed rows of a view as bits of its own.</summary>
    public static RemovedRows AsBits(in SegmentView view, object owner)
    {
        ulong[] bits = GC.AllocateArray<ulong>((view.Segment.Capacity + 63) / 64, pinned: true);
        if (view.Removed?.Bits is { } known) known.CopyTo(bits, 0);
        else
        {
            for (int row = 0; row < view.Count; row++)
            {
                if (view.IsRemoved(row)) bits[row >> 6] |= 1UL << (row & 63);
            }
        }

        return new RemovedRows(owner, bits, null);
    }

    /// <summary>Gives the removed rows of a view as marks of its own.</summary>
    public static RemovedRows AsMarks(in SegmentView view, object owner)
    {
        long[] marks = GC.AllocateUninitializedArray<long>(view.Segment.Capacity, pinned: true);
        marks.AsSpan().Fill(long.MaxValue);
        for (int row = 0; view.RemovedCount > 0 && row < view.Count; row++)
        {
            if (view.IsRemoved(row)) marks[row] = long.MinValue;
        }

        return new RemovedRows(owner, null, marks);
    }

    /// <summary>Says whether a bank made this.</summary>
    public bool IsOf(object owner) => ReferenceEquals(_owner, owner);

    /// <summary>Says whether a row is removed for views of a version.</summary>
    public bool Contains(int row, long version) => Marks is null
        ? (Bits![row >> 6] >> (row & 63) & 1) != 0
        : Marks[row] <= version;
}
