// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.Memory.Storage;

/// <summary>Writes named sections with checksums to a stream: see <see cref="SectionFormat"/>.</summary>
internal sealed class SectionWriter
{
    private readonly Stream _stream;

    /// <summary>Writes the header.</summary>
    /// <param name="stream">Where everything goes.</param>
    /// <param name="version">The first version that has what will be written.</param>
    public SectionWriter(Stream stream, uint version = SectionFormat.FirstVersion)
    {
        _stream = stream;
        Span<byte> header = stackalloc byte[SectionFormat.HeaderBytes];
        SectionFormat.Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], version);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], version);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], SectionFormat.Checksum(0, header[..16]));
        stream.Write(header);
    }

    /// <summary>Gives one of the pieces that a section's content consists of.</summary>
    public delegate ReadOnlySpan<byte> Piece(int index);

    /// <summary>Writes a section of small fields.</summary>
    public void Write(string name, Action<BinaryWriter> write)
    {
        using var content = new MemoryStream();
        using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true)) write(writer);
        Write(name, content.Length, 1, _ => content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    /// <summary>Writes a section of one array.</summary>
    /// <exception cref="InvalidOperationException">It has more bytes than can be read again.</exception>
    public void Write<T>(string name, T[] values)
        where T : unmanaged
        => Write(
            name,
            BytesOf(name, values.Length, Unsafe.SizeOf<T>()),
            1,
            _ => MemoryMarshal.AsBytes(values.AsSpan()));

    /// <summary>Gives the bytes of an array as a section, which is read into an array of bytes.</summary>
    /// <exception cref="InvalidOperationException">There are too many.</exception>
    internal static long BytesOf(string name, int count, int size)
    {
        long bytes = (long)count * size;
        return bytes <= Array.MaxLength
            ? bytes
            : throw new InvalidOperationException(
                $"Section '{name}' of a memory file must be at most {Array.MaxLength} bytes long. Got {bytes}. "
                + "Share what it holds out among several files.");
    }

    /// <summary>Writes a section of several pieces, which follow each other without a gap.</summary>
    /// <param name="name">Name of the section, ASCII.</param>
    /// <param name="length">Bytes of all pieces together.</param>
    /// <param name="pieceCount">Number of pieces.</param>
    /// <param name="piece">Gives each piece, twice: for the checksum, which comes first, and for the content.</param>
    public void Write(string name, long length, int pieceCount, Piece piece)
    {
        uint checksum = WriteStart(name, length);
        for (int index = 0; index < pieceCount; index++) checksum = SectionFormat.Checksum(checksum, piece(index));
        WriteChecksum(checksum);
        for (int index = 0; index < pieceCount; index++) _stream.Write(piece(index));
    }

    /// <summary>Writes the end mark.</summary>
    public void End() => WriteChecksum(WriteStart("", 0));

    private uint WriteStart(string name, long length)
    {
        Span<byte> start = stackalloc byte[sizeof(ushort) + SectionFormat.LongestName + sizeof(long)];
        BinaryPrimitives.WriteUInt16LittleEndian(start, (ushort)name.Length);
        int named = sizeof(ushort) + Encoding.ASCII.GetBytes(name, start[sizeof(ushort)..]);
        BinaryPrimitives.WriteInt64LittleEndian(start[named..], length);
        start = start[..(named + sizeof(long))];
        _stream.Write(start);
        return SectionFormat.Checksum(0, start);
    }

    private void WriteChecksum(uint checksum)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, checksum);
        _stream.Write(bytes);
    }
}
