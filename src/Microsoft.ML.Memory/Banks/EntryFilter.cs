// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>A snapshot's blocks in which entries that a search may not find count as removed.</summary>
/// <remarks>Made for one search. The bitmaps live as long as this object.</remarks>
internal sealed unsafe class EntryFilter
{
    private readonly ScanBlock[] _blocks;
    private readonly ulong[][] _removed;

    /// <summary>Asks about every live entry once.</summary>
    public EntryFilter(ReadOnlySpan<SegmentView> views, ReadOnlySpan<ScanBlock> blocks, Func<long, bool> isWanted)
    {
        _blocks = blocks.ToArray();
        _removed = new ulong[views.Length][];
        for (int index = 0; index < views.Length; index++)
        {
            SegmentView view = views[index];
            ulong[] removed = NewBits(view.Count);
            for (int row = 0; row < view.Count; row++)
            {
                if (view.IsRemoved(row) || !isWanted(view.Segment.Ids[row])) removed[row >> 6] |= 1UL << (row & 63);
            }

            Set(index, removed);
        }
    }

    /// <summary>Lets listed entries alone be found.</summary>
    /// <param name="blocks">The blocks of a snapshot.</param>
    /// <param name="members">Positions of live entries, ascending.</param>
    public EntryFilter(ReadOnlySpan<ScanBlock> blocks, ReadOnlySpan<int> members)
    {
        _blocks = blocks.ToArray();
        _removed = new ulong[blocks.Length][];
        int next = 0;
        for (int index = 0; index < blocks.Length; index++)
        {
            ulong[] removed = NewBits(blocks[index].Count);
            removed.AsSpan().Fill(ulong.MaxValue);
            int position = blocks[index].Position;
            for (; next < members.Length && members[next] - position < blocks[index].Count; next++)
            {
                int row = members[next] - position;
                removed[row >> 6] &= ~(1UL << (row & 63));
            }

            Set(index, removed);
        }
    }

    /// <summary>The blocks to scan.</summary>
    public ScanBlock[] Blocks => _blocks;

    private static ulong[] NewBits(int count) => GC.AllocateArray<ulong>((count + 63) / 64, pinned: true);

    private void Set(int index, ulong[] removed)
    {
        _removed[index] = removed;
        _blocks[index] = _blocks[index] with
        {
            Removed = (ulong*)Marshal.UnsafeAddrOfPinnedArrayElement(removed, 0),
            RemovedAt = null,
        };
    }
}
