// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>Writes the base of a file front to back and keeps a checksum of each of its pages.</summary>
internal sealed class PageWriter(IndexFile file)
{
    private const int BufferPages = 16;

    private readonly byte[] _buffer = new byte[BufferPages * IndexFormat.PageBytes];
    private readonly List<uint> _checksums = [];
    private long _written = IndexFormat.BodyStart;
    private int _filled;

    public long Position => _written + _filled;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int taken = Math.Min(bytes.Length, _buffer.Length - _filled);
            bytes[..taken].CopyTo(_buffer.AsSpan(_filled));
            bytes = bytes[taken..];
            _filled += taken;
            if (_filled == _buffer.Length) Write();
        }
    }

    public void Append<T>(ReadOnlySpan<T> values)
        where T : unmanaged
        => Append(MemoryMarshal.AsBytes(values));

    /// <summary>Fills up with zeros to a boundary.</summary>
    public void Align(int alignment)
    {
        while (Position % alignment != 0) Append((ReadOnlySpan<byte>)[0]);
    }

    /// <summary>Ends the base with the checksums of its pages.</summary>
    /// <returns>The checksum of these checksums.</returns>
    public uint End()
    {
        Align(IndexFormat.PageBytes);
        Write();
        ReadOnlySpan<byte> checksums = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_checksums));
        if (!checksums.IsEmpty) file.Write(checksums, _written);
        return SectionFormat.Checksum(0, checksums);
    }

    private void Write()
    {
        for (int start = 0; start < _filled; start += IndexFormat.PageBytes)
            _checksums.Add(SectionFormat.Checksum(0, _buffer.AsSpan(start, IndexFormat.PageBytes)));
        if (_filled > 0) file.Write(_buffer.AsSpan(0, _filled), _written);
        _written += _filled;
        _filled = 0;
    }
}
