// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory.Tests.Indexes.Clustered;

/// <summary>An index file whose content is changed and whose checksums then fit again.</summary>
internal sealed class ForgedIndex
{
    private const int ChecksumAt = IndexFormat.SlotBytes - sizeof(uint);

    public ForgedIndex(byte[] file, IndexHeader header)
    {
        File = [.. file];
        Header = header;
    }

    public byte[] File { get; }

    public IndexHeader Header { get; }

    public static ForgedIndex Read(string path)
    {
        using IndexFile file = IndexFile.Open(path, null);
        IndexHeader header = IndexHeader.Read(file);
        byte[] bytes = new byte[file.Length];
        file.Read(bytes, 0, "all");
        return new ForgedIndex(bytes, header);
    }

    /// <summary>Writes a value into the base.</summary>
    public ForgedIndex With<T>(long offset, T value)
        where T : unmanaged
    {
        var forged = new ForgedIndex(File, Header);
        MemoryMarshal.Write(forged.File.AsSpan((int)offset), value);
        uint all = 0;
        for (int page = 0; page < Header.PageCount; page++)
        {
            Span<byte> bytes = forged.File.AsSpan(
                IndexFormat.BodyStart + (page * IndexFormat.PageBytes), IndexFormat.PageBytes);
            Span<byte> checksum = forged.File.AsSpan((int)Header.ChecksumsAt + (page * sizeof(uint)), sizeof(uint));
            BinaryPrimitives.WriteUInt32LittleEndian(checksum, SectionFormat.Checksum(0, bytes));
            all = SectionFormat.Checksum(all, checksum);
        }

        return forged.WithHeader(Header with { ChecksumsChecksum = all });
    }

    /// <summary>Writes another header.</summary>
    public ForgedIndex WithHeader(IndexHeader header)
    {
        var forged = new ForgedIndex(File, header);
        header.ToSlot().CopyTo(forged.File.AsSpan((int)header.SlotAt));
        return forged;
    }

    /// <summary>Writes a number into the valid header slot.</summary>
    public ForgedIndex WithHeaderField(int offset, int value)
    {
        var forged = new ForgedIndex(File, Header);
        Span<byte> slot = forged.File.AsSpan((int)Header.SlotAt, IndexFormat.SlotBytes);
        BinaryPrimitives.WriteInt32LittleEndian(slot[offset..], value);
        BinaryPrimitives.WriteUInt32LittleEndian(
            slot[ChecksumAt..], SectionFormat.Checksum(0, slot[..ChecksumAt]));
        return forged;
    }
}
