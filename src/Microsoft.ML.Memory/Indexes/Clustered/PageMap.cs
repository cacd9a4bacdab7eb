// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>The base of a file in memory; every page is checked when it is first read.</summary>
/// <remarks>
/// Thread safety: any number of readers, each between <see cref="TryHold"/> and <see cref="Release"/>; the memory is
/// unmapped after <see cref="Dispose"/> when the last reader has left.
/// </remarks>
internal sealed unsafe class PageMap : IDisposable
{
    private readonly MemoryMappedFile _mapped;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly uint[] _checksums;
    private readonly bool[] _isChecked;

    public PageMap(IndexFile file, IndexHeader header)
    {
        _checksums = new uint[header.PageCount];
        _isChecked = new bool[header.PageCount];
        Span<byte> checksums = MemoryMarshal.AsBytes(_checksums.AsSpan());
        file.Read(checksums, header.ChecksumsAt, "checksums");
        if (SectionFormat.Checksum(0, checksums) != header.ChecksumsChecksum)
            throw IndexFormat.Error("checksums", header.ChecksumsAt, "must match its checksum", "other bytes");
        _mapped = MemoryMappedFile.CreateFromFile(
            file.Handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _mapped.CreateViewAccessor(0, header.LogStart, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    /// <summary>Gives the address of a part of the base after its pages have been checked.</summary>
    /// <exception cref="InvalidDataException">A page does not match its checksum.</exception>
    public byte* At(long offset, long length, string section)
    {
        long first = (offset - IndexFormat.BodyStart) / IndexFormat.PageBytes;
        long last = (offset + length - 1 - IndexFormat.BodyStart) / IndexFormat.PageBytes;
        for (long page = first; page <= last; page++)
        {
            if (!_isChecked[page]) CheckPage(page, section);
        }

        return _start + offset;
    }

    /// <summary>Has a part of the base fetched that is read soon, whole pages, since whole pages are checked.</summary>
    public void Want(long offset, long length)
    {
        long first = offset / IndexFormat.PageBytes * IndexFormat.PageBytes;
        PageAdvice.Want(_start + first, IndexFormat.Align(offset + length, IndexFormat.PageBytes) - first);
    }

    /// <summary>Keeps the memory mapped; false where it no longer is.</summary>
    public bool TryHold()
    {
        bool held = false;
        try
        {
            _view.SafeMemoryMappedViewHandle.DangerousAddRef(ref held);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }

        return held;
    }

    public void Release() => _view.SafeMemoryMappedViewHandle.DangerousRelease();

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _mapped.Dispose();
    }

    private void CheckPage(long page, string section)
    {
        long offset = IndexFormat.BodyStart + (page * IndexFormat.PageBytes);
        uint checksum = SectionFormat.Checksum(0, new ReadOnlySpan<byte>(_start + offset, IndexFormat.PageBytes));
        if (checksum != _checksums[page])
            throw IndexFormat.Error(section, offset, "must match its checksum", "other bytes");
        _isChecked[page] = true;
    }
}
