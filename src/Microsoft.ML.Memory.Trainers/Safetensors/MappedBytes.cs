// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>A file mapped into memory: its pages are loaded as they are read, and shared between processes.</summary>
internal sealed class MappedBytes : ITensorBytes
{
    private readonly FileStream _file;
    private readonly MemoryMappedFile? _map;
    private readonly MemoryMappedViewAccessor? _view;

    public MappedBytes(string path)
    {
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            Length = _file.Length;
            if (Length == 0) return;
            _map = MemoryMappedFile.CreateFromFile(
                _file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            _view = _map.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public long Length { get; }

    public void Read(long offset, Span<byte> destination)
    {
        if (_view is null || destination.IsEmpty) return;
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - destination.Length);

        Copy(_view, offset, destination);
    }

    public void Dispose()
    {
        _view?.Dispose();
        _map?.Dispose();
        _file.Dispose();
    }

    // The buffer's own way of reading a span goes byte by byte. Its pointer keeps the pages mapped for as long as it is
    // held, whoever disposes of the file meanwhile.
    private static unsafe void Copy(MemoryMappedViewAccessor view, long offset, Span<byte> destination)
    {
        SafeBuffer pages = view.SafeMemoryMappedViewHandle;
        byte* start = null;
        pages.AcquirePointer(ref start);
        try
        {
            // The view may start before its first byte, at the page it lies in.
            new ReadOnlySpan<byte>(start + view.PointerOffset + offset, destination.Length).CopyTo(destination);
        }
        finally
        {
            pages.ReleasePointer();
        }
    }
}
