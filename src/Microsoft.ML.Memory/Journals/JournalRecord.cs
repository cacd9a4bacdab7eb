// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>The first bytes of a record, which say what follows.</summary>
/// <remarks>
/// Little-endian: marker (u32), kind (u32), bytes of the content (i32), number of changes (i32), sequence number of the
/// next change when it was written (i64), CRC-32C of these 24 bytes (u32); then the content and its CRC-32C (u32),
/// which goes on from that of the header. The content of changes: for each its kind (u8), its length (i32) and its
/// bytes; that of a compaction: the last sequence number that the new model file holds (i64) and its SHA-256 (32
/// bytes).
/// </remarks>
internal readonly record struct JournalRecord(uint Kind, int Length, int Count, long FirstSequence, uint Checksum)
{
    public const int HeaderBytes = 28;
    public const int FrameBytes = HeaderBytes + sizeof(uint);
    public const int CompactionBytes = sizeof(long) + 32;
    public const int ChangeBytes = 1 + sizeof(int);
    public const uint Changes = 1;
    public const uint Compaction = 2;

    public static ReadOnlySpan<byte> Marker => [0xC7, 0x4A, 0x52, 0x8E];

    /// <summary>Reads a header; null where the bytes are not one.</summary>
    public static JournalRecord? TryRead(ReadOnlySpan<byte> bytes, uint seed)
    {
        if (!bytes[..4].SequenceEqual(Marker)) return null;
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]);
        if (checksum != SectionFormat.Checksum(seed, bytes[..24])) return null;
        var record = new JournalRecord(
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            checksum);
        return record.Length < 0 || record.Count < 0 ? null : record;
    }

    /// <summary>Fills in header and checksums around a content that is there already.</summary>
    /// <param name="record">Room for the header, the content, room for its checksum.</param>
    /// <param name="kind">What the content is.</param>
    /// <param name="count">Number of changes.</param>
    /// <param name="firstSequence">Sequence number of the next change.</param>
    /// <param name="seed">Of the journal.</param>
    public static void Seal(Span<byte> record, uint kind, int count, long firstSequence, uint seed)
    {
        Marker.CopyTo(record);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], kind);
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], record.Length - FrameBytes);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], count);
        BinaryPrimitives.WriteInt64LittleEndian(record[16..], firstSequence);
        uint checksum = SectionFormat.Checksum(seed, record[..24]);
        BinaryPrimitives.WriteUInt32LittleEndian(record[24..], checksum);
        checksum = SectionFormat.Checksum(checksum, record[HeaderBytes..^sizeof(uint)]);
        BinaryPrimitives.WriteUInt32LittleEndian(record[^sizeof(uint)..], checksum);
    }
}
