// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The rows that a scan reads: all rows of some blocks, or those of them that are listed.</summary>
/// <param name="blocks">A snapshot's rows in the order of their positions.</param>
/// <param name="members">Positions of live rows of the blocks, ascending; empty means all live rows.</param>
internal readonly ref struct ScanSource(ReadOnlySpan<ScanBlock> blocks, ReadOnlySpan<int> members = default)
{
    public readonly ReadOnlySpan<ScanBlock> Blocks = blocks;
    public readonly ReadOnlySpan<int> Members = members;

    /// <summary>Number of rows that are looked at, removed ones included.</summary>
    public int RowCount => !Members.IsEmpty ? Members.Length
        : Blocks.IsEmpty ? 0
        : Blocks[^1].Position + Blocks[^1].Count - Blocks[0].Position;

    public static implicit operator ScanSource(ReadOnlySpan<ScanBlock> blocks) => new(blocks);

    public static implicit operator ScanSource(ScanBlock[] blocks) => new(blocks);
}
