// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>The first bytes of a journal.</summary>
/// <remarks>
/// Little-endian: magic (8 bytes), version (u32), seed of the records' checksums (u32), sequence number of the first
/// change (i64), SHA-256 of the model file that the journal continues (32 bytes), CRC-32C of all this (u32).
/// </remarks>
/// <param name="ChecksumSeed">
/// A number that nobody knows beforehand: what a change holds can never look like a record.
/// </param>
/// <param name="FirstSequence">Sequence number of the first change, at least 1.</param>
/// <param name="ModelHash">SHA-256 of the model file.</param>
internal sealed record JournalHeader(uint ChecksumSeed, long FirstSequence, byte[] ModelHash)
{
    public const int Bytes = 60;

    private const uint Version = 1;

    private static ReadOnlySpan<byte> Magic => "MEMJRNAL"u8;

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Bytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), ChecksumSeed);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), FirstSequence);
        ModelHash.CopyTo(bytes.AsSpan(24));
        uint checksum = SectionFormat.Checksum(0, bytes.AsSpan(0, Bytes - sizeof(uint)));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(Bytes - sizeof(uint)), checksum);
        return bytes;
    }

    /// <exception cref="InvalidDataException">The bytes are not the header of a journal.</exception>
    public static JournalHeader Read(IStoredFile file, string path)
    {
        byte[] bytes = new byte[Bytes];
        if (file.Length < Bytes) throw Error(path, $"have a header of {Bytes} bytes", $"{file.Length}");
        file.ReadAll(bytes, 0);
        if (!bytes.AsSpan(0, 8).SequenceEqual(Magic))
            throw Error(path, "start with the mark of a journal", "other bytes");
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(Bytes - sizeof(uint)));
        if (checksum != SectionFormat.Checksum(0, bytes.AsSpan(0, Bytes - sizeof(uint))))
            throw Error(path, "have a header that matches its checksum", "other bytes");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8));
        if (version != Version) throw Error(path, $"be of version {Version}", $"version {version}");
        long first = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(16));
        if (first is < 1 or > Journal.LargestSequence)
            throw Error(path, $"start at a change in [1, {Journal.LargestSequence}]", $"{first}");
        return new JournalHeader(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(12)), first, bytes[24..56]);
    }

    private static InvalidDataException Error(string path, string constraint, string got)
        => new($"Journal '{path}' must {constraint}. Got {got}.");
}
