// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A run of stored rows as the exact scan sees them: row-major [Count, d], compact.</summary>
/// <remarks>
/// <see cref="Rows"/> and <see cref="Terms"/> are null for rows of which only codes are kept.
/// <see cref="Terms"/> holds one number a row, made from the row and the metric when the row was stored.
/// <see cref="Removed"/> has one bit a row, 1 for a removed one, or is null when none is.
/// Positions of a snapshot's rows count on from block to block, removed rows included.
/// </remarks>
internal readonly unsafe struct ScanBlock(float* rows, float* terms, long* ids, ulong* removed, int count, int position)
{
    public readonly float* Rows = rows;
    public readonly float* Terms = terms;
    public readonly long* Ids = ids;
    public ulong* Removed { get; init; } = removed;

    /// <summary>One number a row, at or below <see cref="Version"/> for a removed one, or null when none is.</summary>
    public long* RemovedAt { get; init; }

    public long Version { get; init; }

    /// <summary>The rows' 8-bit codes; not there for a scan that reads the rows themselves.</summary>
    public CodeBlock Codes { get; init; }

    /// <summary>The rows' codes of a product quantizer, [groups, m, 64]; null where there are none.</summary>
    public byte* Quantized { get; init; }

    public readonly int Count = count;
    public readonly int Position = position;

    /// <summary>Gives the index of the block that holds a position; empty blocks hold none.</summary>
    public static int Locate(ReadOnlySpan<ScanBlock> blocks, int position)
    {
        int low = 0;
        for (int high = blocks.Length - 1; low < high;)
        {
            int middle = (low + high + 1) >>> 1;
            if (blocks[middle].Position <= position) low = middle;
            else high = middle - 1;
        }

        return low;
    }
}
