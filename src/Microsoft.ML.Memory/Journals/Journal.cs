// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Microsoft.ML.Memory;

/// <summary>An append-only file of the changes since a model file was written.</summary>
/// <remarks>
/// <para>A group of changes is appended as one record and flushed to disk once. After a failed write or flush nobody
/// knows what is on disk, so nothing is appended any more: the journal has to be opened again, which finds out.</para>
/// <para>Belongs to one thread at a time.</para>
/// </remarks>
internal sealed class Journal : IDisposable
{
    public const long LargestSequence = long.MaxValue / 2;

    private const int LargestIdleBuffer = 1 << 20;

    private readonly IFileStore _files;
    private readonly string _name;
    private readonly IStoredFile _file;
    private readonly JournalHeader _header;
    private readonly long _lastRecord;
    private byte[] _buffer = [];
    private Exception? _failure;

    private Journal(IFileStore files, string name, IStoredFile file, JournalHeader header)
    {
        _files = files;
        _name = name;
        _file = file;
        _header = header;
        var scan = new JournalScan(file, header, files.PathOf(name));
        (Length, TornBytes, _lastRecord) = (scan.End, scan.TornBytes, scan.LastRecord);
        (NextSequence, Compactions) = (scan.NextSequence, scan.Compactions);
    }

    /// <summary>Bytes of the journal.</summary>
    public long Length { get; private set; }

    /// <summary>Bytes that a crash left behind the last record; they are cut off before the next is appended.</summary>
    public long TornBytes { get; private set; }

    /// <summary>Sequence number of the change that comes next.</summary>
    public long NextSequence { get; private set; }

    /// <summary>SHA-256 of the model file that the journal continues.</summary>
    public byte[] ModelHash => _header.ModelHash;

    /// <summary>Sequence number of the first change.</summary>
    public long FirstSequence => _header.FirstSequence;

    /// <summary>The compactions that were begun when the journal was opened.</summary>
    public IReadOnlyList<JournalCompaction> Compactions { get; }

    /// <summary>Name of the file that a journal is made in before it takes the place of another.</summary>
    public static string NewName(string name) => name + ".compacting";

    /// <summary>Name of a journal that another has taken the place of, until it is overwritten.</summary>
    public static string OldName(string name) => name + ".old";

    /// <summary>Makes a journal of a model file where there is none.</summary>
    public static Journal Create(IFileStore files, string name, byte[] modelHash)
    {
        var header = new JournalHeader(BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)), 1, modelHash);
        using (IStoredFile file = files.Create(NewName(name)))
        {
            file.Write(header.ToBytes(), 0);
            file.Flush();
        }

        files.Rename(NewName(name), name);
        files.Flush();
        return Open(files, name);
    }

    /// <summary>Opens a journal and checks all of it; changes nothing.</summary>
    /// <exception cref="InvalidDataException">The file is not a journal, or it is damaged before its end.</exception>
    public static Journal Open(IFileStore files, string name)
    {
        IStoredFile file = files.Open(name);
        try
        {
            return new Journal(files, name, file, JournalHeader.Read(file, files.PathOf(name)));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Has on disk what was found when the journal was opened, and nothing else.</summary>
    /// <remarks>
    /// What a crash left behind the last record is cut off. The last record is written again: after a flush that
    /// failed, it may have been read from memory that the system no longer means to write.
    /// </remarks>
    public void Repair()
    {
        byte[] last = new byte[Length - _lastRecord];
        _file.ReadAll(last, _lastRecord);
        _file.Write(last, _lastRecord);
        if (TornBytes > 0)
        {
            _file.Overwrite(Length);
            _file.Cut(Length);
        }

        _file.Flush();
        TornBytes = 0;
    }

    /// <summary>Reads the groups that follow a change.</summary>
    /// <param name="sequence">The last sequence number to leave out; a group ends there.</param>
    public IEnumerable<JournalGroup> ReadAfter(long sequence)
    {
        for (long offset = JournalHeader.Bytes; offset < Length;)
        {
            JournalRecord record = ReadHeader(offset);
            if (record.FirstSequence <= sequence && record.FirstSequence + record.Count - 1 > sequence)
                throw Error(offset, $"must end with change {sequence}, where a compaction does", "more changes");
            if (record.Kind == JournalRecord.Changes && record.FirstSequence > sequence)
            {
                byte[] content = new byte[record.Length];
                _file.ReadAll(content, offset + JournalRecord.HeaderBytes);
                yield return new JournalGroup(record.FirstSequence, Split(content, record.Count, offset));
            }

            offset += JournalRecord.FrameBytes + record.Length;
        }
    }

    /// <summary>Gives where the group ends that ends with a change.</summary>
    public long EndOf(long sequence)
    {
        long offset = JournalHeader.Bytes;
        while (offset < Length && ReadHeader(offset) is { } record && record.FirstSequence <= sequence)
            offset += JournalRecord.FrameBytes + record.Length;
        return offset;
    }

    /// <summary>Appends a group of changes and waits until it is on disk.</summary>
    /// <exception cref="IOException">It could not be, or an earlier one could not.</exception>
    public void Append(IReadOnlyList<JournalChange> changes)
    {
        int length = JournalRecord.FrameBytes;
        foreach (JournalChange change in changes)
            length = checked(length + JournalRecord.ChangeBytes + change.Content.Length);
        Span<byte> record = Room(length);
        Span<byte> rest = record[JournalRecord.HeaderBytes..];
        foreach (JournalChange change in changes)
        {
            rest[0] = change.Kind;
            BinaryPrimitives.WriteInt32LittleEndian(rest[1..], change.Content.Length);
            change.Content.Span.CopyTo(rest[JournalRecord.ChangeBytes..]);
            rest = rest[(JournalRecord.ChangeBytes + change.Content.Length)..];
        }

        Append(record, JournalRecord.Changes, changes.Count);
    }

    /// <summary>Appends that a model file holds all changes up to one, and waits until that is on disk.</summary>
    /// <exception cref="IOException">It could not be, or an earlier record could not.</exception>
    public void Append(JournalCompaction compaction)
    {
        Span<byte> record = Room(JournalRecord.FrameBytes + JournalRecord.CompactionBytes);
        BinaryPrimitives.WriteInt64LittleEndian(record[JournalRecord.HeaderBytes..], compaction.LastSequence);
        compaction.ModelHash.CopyTo(record[(JournalRecord.HeaderBytes + sizeof(long))..]);
        Append(record, JournalRecord.Compaction, 0);
    }

    /// <summary>
    /// Puts a journal of the changes after a compaction in the place of this one, which keeps the
    /// <see cref="OldName"/> and is to be erased.
    /// </summary>
    /// <remarks>
    /// The new model file must be in its place. Until the last step the old journal serves; between the last two
    /// steps it has its old name only: see <see cref="Restore"/>.
    /// </remarks>
    /// <param name="compaction">What the new model file holds.</param>
    /// <param name="offset">Where its last change ends: see <see cref="EndOf"/>.</param>
    /// <returns>The new journal; this one is disposed.</returns>
    public Journal ContinueAfter(JournalCompaction compaction, long offset)
    {
        string fresh = NewName(_name);
        _files.Erase(fresh);
        using (IStoredFile file = _files.Create(fresh))
        {
            JournalHeader header = _header with
            {
                FirstSequence = compaction.LastSequence + 1,
                ModelHash = compaction.ModelHash,
            };
            file.Write(header.ToBytes(), 0);
            _file.CopyTo(offset, file, JournalHeader.Bytes);
            file.Flush();
        }

        try
        {
            _files.Rename(_name, OldName(_name));
            _files.Rename(fresh, _name);
            _files.Flush();
        }
        catch (Exception error)
        {
            Fail(error); // which of the two has the name is not known
            throw;
        }

        Dispose();
        return Open(_files, _name);
    }

    /// <summary>Requires that records can be appended.</summary>
    /// <exception cref="IOException">A former one could not be.</exception>
    public void RequireUsable()
    {
        if (_failure is not null || TornBytes > 0) throw Failed(_failure);
    }

    /// <summary>Makes every later append fail.</summary>
    public void Fail(Exception failure) => _failure ??= failure;

    /// <summary>Puts a journal back that a crash left with its old name only.</summary>
    public static void Restore(IFileStore files, string name)
    {
        if (files.Exists(name) || !files.Exists(OldName(name))) return;
        files.Rename(OldName(name), name);
        files.Flush();
    }

    public void Dispose() => _file.Dispose();

    private JournalRecord ReadHeader(long offset)
    {
        Span<byte> bytes = stackalloc byte[JournalRecord.HeaderBytes];
        _file.ReadAll(bytes, offset);
        return JournalRecord.TryRead(bytes, _header.ChecksumSeed)
            ?? throw new InvalidDataException(
                $"Journal '{_files.PathOf(_name)}' must stay as it was checked. Got another record at byte {offset}.");
    }

    private JournalChange[] Split(ReadOnlyMemory<byte> content, int count, long offset)
    {
        var changes = new JournalChange[count];
        for (int index = 0; index < count; index++)
        {
            int length = content.Length < JournalRecord.ChangeBytes
                ? -1
                : BinaryPrimitives.ReadInt32LittleEndian(content.Span[1..]);
            if (length < 0 || length > content.Length - JournalRecord.ChangeBytes)
                throw Error(offset, $"must be filled by its {count} changes", "other lengths");
            changes[index] = new JournalChange(content.Span[0], content.Slice(JournalRecord.ChangeBytes, length));
            content = content[(JournalRecord.ChangeBytes + length)..];
        }

        return content.Length == 0
            ? changes
            : throw Error(offset, $"must be filled by its {count} changes", $"{content.Length} more bytes");
    }

    private InvalidDataException Error(long offset, string constraint, string got)
        => new($"The record at byte {offset} of journal '{_files.PathOf(_name)}' {constraint}. Got {got}.");

    private Span<byte> Room(int length)
    {
        if (_buffer.Length < length || _buffer.Length > LargestIdleBuffer) _buffer = new byte[length];
        return _buffer.AsSpan(0, length);
    }

    private void Append(Span<byte> record, uint kind, int count)
    {
        RequireUsable();
        JournalRecord.Seal(record, kind, count, NextSequence, _header.ChecksumSeed);
        try
        {
            _file.Write(record, Length);
            _file.Flush();
        }
        catch (Exception error)
        {
            _failure = error;
            throw Failed(error);
        }

        Length += record.Length;
        NextSequence += count;
    }

    private IOException Failed(Exception? failure)
        => new(
            $"Journal '{_files.PathOf(_name)}' must be opened again, since what is on disk is not known. "
            + $"Got: {failure?.Message ?? "a torn record."}",
            failure);
}
