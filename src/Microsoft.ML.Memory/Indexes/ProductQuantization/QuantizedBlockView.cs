// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What a snapshot sees of a block.</summary>
/// <param name="Block">The rows.</param>
/// <param name="Count">The first that many are the snapshot's.</param>
/// <param name="Removed">One bit a row, 1 for a removed one; null where none is.</param>
internal readonly record struct QuantizedBlockView(QuantizedBlock Block, int Count, ulong[]? Removed)
{
    public bool IsRemoved(int row) => Removed is not null && (Removed[row >> 6] >> (row & 63) & 1) != 0;

    /// <summary>Gives the view with one more row removed.</summary>
    public QuantizedBlockView Without(int row)
    {
        ulong[] removed = Removed is null ? new ulong[QuantizedBlock.WordsOf(Block.Capacity)] : [.. Removed];
        removed[row >> 6] |= 1UL << (row & 63);
        return this with { Removed = removed };
    }
}
