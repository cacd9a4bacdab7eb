// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>What a text is recognised by in a feature cache: its tokens, and how many are no padding.</summary>
/// <param name="TokenCount">Number of tokens, at least 1; the mask hides what is behind them.</param>
/// <param name="Checksum">CRC-32C of the tokens.</param>
internal readonly record struct TextKey(int TokenCount, uint Checksum)
{
    /// <summary>The key of an example that is no text.</summary>
    public static TextKey None => new(1, 0);

    /// <summary>What the checksum of a row starts from, so that no row passes for another.</summary>
    public uint Seed(long row)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long) + sizeof(int) + sizeof(uint)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, row);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[sizeof(long)..], TokenCount);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[(sizeof(long) + sizeof(int))..], Checksum);
        return SectionFormat.Checksum(0, bytes);
    }
}
