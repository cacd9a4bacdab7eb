// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>Reads a journal from its first record to its last, trusting nothing and changing nothing.</summary>
/// <remarks>
/// A group of changes is one record, and the next is written only when the last is on disk. So a broken record with
/// nothing behind it is one that a crash has cut short, before anybody was told of its changes; a broken record with
/// another behind it has been damaged since.
/// </remarks>
internal sealed class JournalScan
{
    private const int PieceBytes = 1 << 16;

    private readonly IStoredFile _file;
    private readonly string _path;
    private readonly uint _seed;
    private readonly byte[] _piece = new byte[PieceBytes];

    /// <exception cref="InvalidDataException">A record is damaged and another follows, or a value is impossible.
    /// </exception>
    public JournalScan(IStoredFile file, JournalHeader header, string path)
    {
        _file = file;
        _path = path;
        _seed = header.ChecksumSeed;
        NextSequence = header.FirstSequence;
        End = JournalHeader.Bytes;
        long length = file.Length;
        while (End < length && TryReadHeader(End, length) is { } record && IsWhole(record))
        {
            Note(record);
            LastRecord = End;
            End += JournalRecord.FrameBytes + record.Length;
        }

        TornBytes = length - End;
        if (FindRecord(End + 1, length) is not { } later) return;
        throw new InvalidDataException(
            $"Journal '{path}' must be whole up to its last record. Got a damaged record at byte {End} and another "
            + $"record at byte {later}. Nothing was changed; restore the file from a copy.");
    }

    /// <summary>Where the last whole record ends.</summary>
    public long End { get; private set; }

    /// <summary>Where the last whole record starts; <see cref="End"/> where there is none.</summary>
    public long LastRecord { get; private set; } = JournalHeader.Bytes;

    /// <summary>Bytes behind the last whole record: what a crash has left of another.</summary>
    public long TornBytes { get; }

    /// <summary>Sequence number of the change that comes next.</summary>
    public long NextSequence { get; private set; }

    /// <summary>The compactions that were begun.</summary>
    public List<JournalCompaction> Compactions { get; } = [];

    private JournalRecord? TryReadHeader(long offset, long length)
    {
        if (length - offset < JournalRecord.FrameBytes) return null;
        Span<byte> bytes = stackalloc byte[JournalRecord.HeaderBytes];
        _file.ReadAll(bytes, offset);
        return JournalRecord.TryRead(bytes, _seed) is { } record
            && record.Length <= length - offset - JournalRecord.FrameBytes
            ? record
            : null;
    }

    private bool IsWhole(JournalRecord record)
    {
        uint checksum = record.Checksum;
        long offset = End + JournalRecord.HeaderBytes;
        for (int left = record.Length; left > 0;)
        {
            Span<byte> bytes = _piece.AsSpan(0, Math.Min(left, PieceBytes));
            _file.ReadAll(bytes, offset);
            checksum = SectionFormat.Checksum(checksum, bytes);
            offset += bytes.Length;
            left -= bytes.Length;
        }

        Span<byte> expected = stackalloc byte[sizeof(uint)];
        _file.ReadAll(expected, offset);
        return checksum == BinaryPrimitives.ReadUInt32LittleEndian(expected);
    }

    private void Note(JournalRecord record)
    {
        if (record.FirstSequence != NextSequence)
            throw Error($"must go on with change {NextSequence}", $"{record.FirstSequence}");
        switch (record.Kind)
        {
            case JournalRecord.Changes:
                long most = Math.Min(record.Length / JournalRecord.ChangeBytes, Journal.LargestSequence - NextSequence);
                if (record.Count < 1 || record.Count > most)
                    throw Error($"must hold 1 to {most} changes", $"{record.Count}");
                NextSequence += record.Count;
                break;
            case JournalRecord.Compaction:
                if (record.Length != JournalRecord.CompactionBytes || record.Count != 0)
                    throw Error("must be a compaction without changes", $"{record.Count} in {record.Length} bytes");
                Compactions.Add(ReadCompaction());
                break;
            default:
                throw Error("must be of a known kind", $"{record.Kind}");
        }
    }

    private JournalCompaction ReadCompaction()
    {
        byte[] content = new byte[JournalRecord.CompactionBytes];
        _file.ReadAll(content, End + JournalRecord.HeaderBytes);
        long last = BinaryPrimitives.ReadInt64LittleEndian(content);
        return last >= 0 && last < NextSequence
            ? new JournalCompaction(last, content[sizeof(long)..])
            : throw Error($"must be a compaction of changes below {NextSequence}", $"{last}");
    }

    private InvalidDataException Error(string constraint, string got)
        => new($"The record at byte {End} of journal '{_path}' {constraint}. Got {got}.");

    /// <summary>Gives the offset of a record's header that is not older than what comes next; null where none is.
    /// </summary>
    private long? FindRecord(long offset, long length)
    {
        for (; length - offset >= JournalRecord.HeaderBytes; offset += PieceBytes - JournalRecord.HeaderBytes + 1)
        {
            Span<byte> piece = _piece.AsSpan(0, (int)Math.Min(PieceBytes, length - offset));
            _file.ReadAll(piece, offset);
            for (int start = 0; start <= piece.Length - JournalRecord.HeaderBytes; start++)
            {
                int step = piece[start..].IndexOf(JournalRecord.Marker);
                if (step < 0 || (start += step) > piece.Length - JournalRecord.HeaderBytes) break;
                if (JournalRecord.TryRead(piece[start..], _seed) is { } found && found.FirstSequence >= NextSequence)
                    return offset + start;
            }
        }

        return null;
    }
}
