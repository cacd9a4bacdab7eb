// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory.Storage;

/// <summary>The layout that <see cref="SectionWriter"/> and <see cref="SectionReader"/> share.</summary>
/// <remarks>
/// <para>Little-endian: magic (8 bytes), version written (u32), oldest version that can read it (u32), checksum of
/// these 16 bytes (u32); then sections, each: length of its name (u16), name (ASCII), length of its content (i64),
/// checksum of name, length and content (u32), content; at the end a section without name and content.</para>
/// <para>Version 2 has lookups in groups; everything else is written as of version 1.</para>
/// <para>Checksums are CRC-32C. The stream is written and read front to back and need not seek.</para>
/// </remarks>
internal static class SectionFormat
{
    public const uint Version = 2;
    public const uint FirstVersion = 1;
    public const int HeaderBytes = 20;
    public const int LongestName = 64;

    /// <summary>Largest content that one call reads or writes; longer ones are moved piece by piece.</summary>
    public const int PieceBytes = 1 << 20;

    public static ReadOnlySpan<byte> Magic => "MEMORYML"u8;

    /// <summary>Goes on with a CRC-32C; start with 0.</summary>
    public static uint Checksum(uint checksum, ReadOnlySpan<byte> bytes)
    {
        uint crc = ~checksum;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        if (BitConverter.IsLittleEndian)
        {
            foreach (ulong word in words) crc = BitOperations.Crc32C(crc, word);
            bytes = bytes[(words.Length * sizeof(ulong))..];
        }

        foreach (byte value in bytes) crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
