// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>A snapshot's blocks in which entries that a search may not find count as removed.</summary>
/// <remarks>
/// Made for one search: it asks about every live entry once. The bitmaps live as long as this object.
/// </remarks>
internal sealed unsafe class EntryFilter
{
    private readonly ScanBlock[] _blocks;
    private readonly ulong[][] _removed;

    public EntryFilter(ReadOnlySpan<SegmentView> views, ReadOnlySpan<ScanBlock> blocks, Func<long, bool> isWanted)
    {
        _blocks = blocks.ToArray();
        _removed = new ulong[views.Length][];
        for (int index = 0; index < views.Length; index++)
        {
            SegmentView view = views[index];
            ulong[] removed = GC.AllocateArray<ulong>((view.Count + 63) / 64, pinned: true);
            for (int row = 0; row < view.Count; row++)
            {
                if (view.IsRemoved(row) || !isWanted(view.Segment.Ids[row])) removed[row >> 6] |= 1UL << (row & 63);
            }

            _removed[index] = removed;
            _blocks[index] = blocks[index] with
            {
                Removed = (ulong*)Marshal.UnsafeAddrOfPinnedArrayElement(removed, 0),
                RemovedAt = null,
            };
        }
    }

    /// <summary>The blocks to scan.</summary>
    public ReadOnlySpan<ScanBlock> Blocks => _blocks;
}
