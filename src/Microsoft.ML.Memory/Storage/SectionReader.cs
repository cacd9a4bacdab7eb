// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.Memory.Storage;

/// <summary>
/// Reads the sections of <see cref="SectionWriter"/> in the order they were written, trusting nothing.
/// </summary>
/// <remarks>
/// No length is believed before its bytes have been read: buffers grow with the content. Every error is an
/// <see cref="InvalidDataException"/> that names the section and the offset in the stream.
/// </remarks>
internal sealed class SectionReader
{
    private readonly Stream _stream;
    private string _section = "header";
    private long _offset;
    private long _sectionOffset;
    private long _left;
    private uint _expected;
    private uint _checksum;

    /// <summary>Reads and checks the header.</summary>
    public SectionReader(Stream stream)
    {
        _stream = stream;
        Span<byte> header = stackalloc byte[SectionFormat.HeaderBytes];
        Fill(header);
        if (!header[..8].SequenceEqual(SectionFormat.Magic))
            throw Error("must start with the mark of a memory", "other bytes");
        uint written = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        uint oldest = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[16..]) != SectionFormat.Checksum(0, header[..16]))
            throw Error("must match its checksum", "other bytes");
        if (oldest == 0 || oldest > written)
            throw Error("must be of version 1 or above", $"version {written} for readers from {oldest}");
        if (oldest > SectionFormat.Version)
        {
            throw Error(
                $"must be of version 1 to {SectionFormat.Version}",
                $"version {written}, which is newer. Load it with a newer version of this library");
        }

        Version = oldest;
    }

    /// <summary>The first version that has what is in the file.</summary>
    public uint Version { get; }

    /// <summary>Reads a section of small fields, all of which <paramref name="read"/> has to consume.</summary>
    public T Read<T>(string name, Func<BinaryReader, T> read)
    {
        using var content = new MemoryStream(ReadAll<byte>(name));
        using var reader = new BinaryReader(content, Encoding.UTF8);
        try
        {
            T result = read(reader);
            return content.Position == content.Length
                ? result
                : throw Error("must end after its last field", $"{content.Length - content.Position} more bytes");
        }
        catch (Exception error) when (error is IOException or FormatException or ArgumentException)
        {
            throw new InvalidDataException(Message("must hold valid fields", error.Message.TrimEnd('.')), error);
        }
    }

    /// <summary>Reads a section of one array, however long it is.</summary>
    public T[] ReadAll<T>(string name)
        where T : unmanaged
    {
        long length = Begin(name);
        int size = Unsafe.SizeOf<T>();
        if (length % size != 0) throw Error($"must be a multiple of {size} bytes long", $"{length}");
        return ReadRest<T>(length);
    }

    /// <summary>Reads a section of one array of a known length.</summary>
    public T[] ReadAll<T>(string name, int count)
        where T : unmanaged
    {
        long length = Begin(name);
        int size = Unsafe.SizeOf<T>();
        return length == (long)count * size
            ? ReadRest<T>(length)
            : throw Error($"must hold {count} values of {size} bytes", $"{length} bytes");
    }

    /// <summary>Starts the next section, which must have the given name, and gives the length of its content.</summary>
    public long Begin(string name)
    {
        _section = name;
        _sectionOffset = _offset;
        Span<byte> start = stackalloc byte[sizeof(ushort) + SectionFormat.LongestName + sizeof(long)];
        Fill(start[..sizeof(ushort)]);
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(start);
        if (nameLength > SectionFormat.LongestName)
            throw Error($"must have a name of at most {SectionFormat.LongestName} letters", $"{nameLength}");
        start = start[..(sizeof(ushort) + nameLength + sizeof(long))];
        Fill(start[sizeof(ushort)..]);
        Span<byte> checksum = stackalloc byte[sizeof(uint)];
        Fill(checksum);
        _expected = BinaryPrimitives.ReadUInt32LittleEndian(checksum);
        _checksum = SectionFormat.Checksum(0, start);
        _left = BinaryPrimitives.ReadInt64LittleEndian(start[(sizeof(ushort) + nameLength)..]);
        string found = Encoding.ASCII.GetString(start.Slice(sizeof(ushort), nameLength));
        if (found != name) throw Error("must come next", found.Length == 0 ? "the end" : "another section");
        return _left >= 0 ? _left : throw Error("must have a length of at least 0", $"{_left}");
    }

    /// <summary>Reads the next part of the section's content.</summary>
    public void Read(Span<byte> bytes)
    {
        if (bytes.Length > _left) throw Error($"must hold {bytes.Length} more bytes", $"{_left}");
        while (!bytes.IsEmpty)
        {
            Span<byte> piece = bytes[..Math.Min(bytes.Length, SectionFormat.PieceBytes)];
            Fill(piece);
            _checksum = SectionFormat.Checksum(_checksum, piece);
            _left -= piece.Length;
            bytes = bytes[piece.Length..];
        }
    }

    /// <summary>Checks that the section has been read to its end and that its checksum fits.</summary>
    public void End()
    {
        if (_left != 0) throw Error("must end after its content", $"{_left} more bytes");
        if (_checksum != _expected) throw Error("must match its checksum", "other bytes");
    }

    /// <summary>Checks the end mark.</summary>
    public void EndFile()
    {
        Begin("");
        End();
    }

    /// <summary>Requires numbers, and no NaN or infinity, of the section read last.</summary>
    public float[] RequireFinite(float[] values)
        => Array.TrueForAll(values, float.IsFinite) ? values : throw Error("must be finite", "NaN or infinity");

    /// <summary>Makes the error for content that breaks a rule of the section read last.</summary>
    public InvalidDataException Error(string constraint, string got) => new(Message(constraint, got));

    private T[] ReadRest<T>(long length)
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        if (length > Array.MaxLength) throw Error($"must be at most {Array.MaxLength} bytes long", $"{length}");
        T[] values = new T[(int)Math.Min(length, SectionFormat.PieceBytes) / size];
        for (long read = 0; read < length;)
        {
            if (read / size == values.Length)
                Array.Resize(ref values, (int)Math.Min(length / size, 2L * values.Length));
            Span<byte> piece = MemoryMarshal.AsBytes(values.AsSpan())[(int)read..];
            Read(piece);
            read += piece.Length;
        }

        End();
        return values;
    }

    private string Message(string constraint, string got)
    {
        string section = _section.Length == 0 ? "The end" : $"Section '{_section}'";
        return $"{section} of the memory file, at byte {_sectionOffset}, {constraint}. Got {got}.";
    }

    private void Fill(Span<byte> bytes)
    {
        int read = _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        _offset += read;
        if (read < bytes.Length) throw Error("must be complete", $"the end of the file at byte {_offset}");
    }
}
