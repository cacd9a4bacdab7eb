// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>The changes since the base was written, each one record that counts whole or not.</summary>
/// <remarks>
/// A record: checksum (u32), kind (u32), number of the change from 0 on (i64), count n (i32), n ids (i64), for an
/// addition n vectors (f32 [n, d]). The checksum goes on from the record before, so that what is left of another log
/// never fits. A record that does not fit ends the log; before the end that a header gives, it is an error.
/// </remarks>
internal sealed class ChangeLog
{
    private const uint Addition = 1;
    private const uint Removal = 2;
    private const int StartBytes = 20;
    private const int PieceBytes = 1 << 20;

    private readonly IndexFile _file;
    private readonly int _dimension;
    private uint _checksum;
    private long _changes;

    public ChangeLog(IndexFile file, IndexHeader header)
    {
        _file = file;
        _dimension = header.Dimension;
        _checksum = header.ChecksumsChecksum;
        End = header.LogStart;
    }

    /// <summary>Values of a record at most: their bytes are one span.</summary>
    public const int LargestValueCount = int.MaxValue / sizeof(float);

    /// <summary>Ids of a record at most: their bytes, and what a record starts with, are one array.</summary>
    public static int LargestIdCount => (Array.MaxLength - StartBytes) / sizeof(long);

    /// <summary>Where the next record goes.</summary>
    public long End { get; private set; }

    /// <summary>Appends an addition.</summary>
    /// <exception cref="IOException">The record could not be written; the log is as it was.</exception>
    public void Add(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors) => Append(Addition, ids, vectors);

    /// <summary>Appends a removal.</summary>
    /// <exception cref="IOException">The record could not be written; the log is as it was.</exception>
    public void Remove(ReadOnlySpan<long> ids) => Append(Removal, ids, default);

    /// <summary>Reads all records there are.</summary>
    /// <param name="committed">Up to here records must be valid.</param>
    /// <param name="add">Takes an addition.</param>
    /// <param name="remove">Takes a removal.</param>
    public void Replay(long committed, Action<long[], float[]> add, Action<long[]> remove)
    {
        while (TryRead(out uint kind, out long[] ids, out float[] vectors, out long end, out uint checksum))
        {
            try
            {
                if (kind == Addition) add(ids, vectors);
                else remove(ids);
            }
            catch (Exception error) when (error is ArgumentException or KeyNotFoundException)
            {
                throw IndexFormat.Error("log", End, "must hold valid changes", error.Message.TrimEnd('.'));
            }

            _checksum = checksum;
            _changes++;
            End = end;
        }

        if (End < committed) throw IndexFormat.Error("log", End, "must match its checksum", "other bytes");
    }

    /// <summary>Writes all from a place on again, as it is.</summary>
    public void WriteAgain(long from)
    {
        byte[] piece = new byte[Math.Min(PieceBytes, End - from)];
        for (; from < End; from += piece.Length)
        {
            Span<byte> bytes = piece.AsSpan(0, (int)Math.Min(piece.Length, End - from));
            _file.Read(bytes, from, "log");
            _file.Write(bytes, from);
        }
    }

    /// <summary>Takes the last record back, after it could not be made to last.</summary>
    public void TakeBack(long end, uint checksum)
    {
        End = end;
        _checksum = checksum;
        _changes--;
        _file.Cut(end);
    }

    public uint Checksum => _checksum;

    private void Append(uint kind, ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors)
    {
        Span<byte> start = stackalloc byte[StartBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(start[4..], kind);
        BinaryPrimitives.WriteInt64LittleEndian(start[8..], _changes);
        BinaryPrimitives.WriteInt32LittleEndian(start[16..], ids.Length);
        ReadOnlySpan<byte> idBytes = MemoryMarshal.AsBytes(ids), vectorBytes = MemoryMarshal.AsBytes(vectors);
        long length = (long)StartBytes + idBytes.Length + vectorBytes.Length;
        uint checksum = SectionFormat.Checksum(_checksum, start[4..]);
        checksum = SectionFormat.Checksum(checksum, idBytes);
        checksum = SectionFormat.Checksum(checksum, vectorBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(start, checksum);
        try
        {
            byte[] front = [.. start, .. idBytes];
            _file.Write(front, End);
            long at = End + front.Length;
            for (ReadOnlySpan<byte> left = vectorBytes; !left.IsEmpty;)
            {
                ReadOnlySpan<byte> piece = left[..Math.Min(PieceBytes, left.Length)];
                _file.Write(piece, at);
                at += piece.Length;
                left = left[piece.Length..];
            }
        }
        catch (IOException error)
        {
            _file.Cut(End);
            throw new IOException(
                $"The index file must have room for {length} more bytes. Got: {error.Message.TrimEnd('.')}. "
                + "Nothing was changed.",
                error);
        }

        End += length;
        _checksum = checksum;
        _changes++;
    }

    private bool TryRead(out uint kind, out long[] ids, out float[] vectors, out long end, out uint checksum)
    {
        ids = [];
        vectors = [];
        kind = 0;
        end = End;
        checksum = 0;
        long left = _file.Length - End - StartBytes;
        if (left < 0) return false;
        Span<byte> start = stackalloc byte[StartBytes];
        _file.Read(start, End, "log");
        kind = BinaryPrimitives.ReadUInt32LittleEndian(start[4..]);
        long change = BinaryPrimitives.ReadInt64LittleEndian(start[8..]);
        int count = BinaryPrimitives.ReadInt32LittleEndian(start[16..]);
        long width = kind == Addition ? _dimension : 0;
        if (kind is not (Addition or Removal) || change != _changes) return false;
        if (count < 1 || count > LargestIdCount) return false;
        if (count * (sizeof(long) + (width * sizeof(float))) > left || count * width > LargestValueCount) return false;

        ids = new long[count];
        vectors = new float[count * width];
        Span<byte> idBytes = MemoryMarshal.AsBytes(ids.AsSpan()), vectorBytes = MemoryMarshal.AsBytes(vectors.AsSpan());
        _file.Read(idBytes, End + StartBytes, "log");
        _file.Read(vectorBytes, End + StartBytes + idBytes.Length, "log");
        checksum = SectionFormat.Checksum(_checksum, start[4..]);
        checksum = SectionFormat.Checksum(checksum, idBytes);
        checksum = SectionFormat.Checksum(checksum, vectorBytes);
        end = End + StartBytes + idBytes.Length + vectorBytes.Length;
        return checksum == BinaryPrimitives.ReadUInt32LittleEndian(start);
    }
}
