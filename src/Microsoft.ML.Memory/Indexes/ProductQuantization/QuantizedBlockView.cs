// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>What a snapshot sees of a block.</summary>
/// <param name="Block">The rows.</param>
/// <param name="Count">The first that many are the snapshot's.</param>
/// <param name="Removed">One bit a row, 1 for a removed one, pinned; null where none is.</param>
internal readonly record struct QuantizedBlockView(QuantizedBlock Block, int Count, ulong[]? Removed)
{
    public bool IsRemoved(int row) => Removed is not null && (Removed[row >> 6] >> (row & 63) & 1) != 0;

    /// <summary>Gives the view with some more rows removed.</summary>
    public QuantizedBlockView Without(List<int> rows)
    {
        ulong[] removed = GC.AllocateArray<ulong>(QuantizedColumn.WordsOf(Block.Capacity), pinned: true);
        Removed?.CopyTo(removed, 0);
        foreach (int row in rows) removed[row >> 6] |= 1UL << (row & 63);
        return this with { Removed = removed };
    }

    /// <summary>Describes the view to a search; the arrays are pinned, so pointers hold while the view lives.</summary>
    public unsafe ScanBlock ToScan() => new(
        Block.Vectors,
        terms: null,
        (long*)Marshal.UnsafeAddrOfPinnedArrayElement(Block.Ids, 0),
        Removed is null ? null : (ulong*)Marshal.UnsafeAddrOfPinnedArrayElement(Removed, 0),
        Count,
        Block.Start)
    {
        Quantized = Block.Codes.Pointer,
    };
}
