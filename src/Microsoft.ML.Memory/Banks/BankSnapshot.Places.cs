// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

public sealed partial class BankSnapshot
{
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

    /// <summary>Gives the first position of a view.</summary>
    internal int StartOf(int view) => _starts[view];

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

    /// <summary>Gives the view and the row of a position, removed or not.</summary>
    internal (int View, int Row) PlaceOf(int position)
    {
        int index = Array.BinarySearch(_starts, position);
        if (index < 0) index = ~index - 1;
        return (index, position - _starts[index]);
    }

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

    private (EntrySegment Segment, int Row) Locate(int position)
    {
        (int index, int row) = PlaceOf(Check.Index(position, PositionCount));
        if (_views[index].IsRemoved(row))
            throw new ArgumentOutOfRangeException(
                nameof(position), $"position must be that of an entry. Got {position}, which was removed.");
        return (_views[index].Segment, row);
    }
}
