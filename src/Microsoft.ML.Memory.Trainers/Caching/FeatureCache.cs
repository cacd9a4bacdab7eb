// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using Microsoft.ML.Memory.Storage;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Keeps on disk what a readout method taps of the trunk, which then runs once for each example.</summary>
/// <remarks>
/// <para>One file: a section "taps" that says what it holds, then a row of fixed length for each example. A row has a
/// CRC-32C, a mark that it was written, and its taps one after the other. Rows are written with ordinary calls, so
/// that a full disk is an error and not a crash, and read through a mapping, so that the system's cache bounds memory.
/// </para>
/// <para>Reading is safe for several threads; writing is for one.</para>
/// </remarks>
internal sealed class FeatureCache : IDisposable
{
    private const string Section = "taps";
    private const int PageBytes = 4096;
    private const uint WrittenMark = 1;
    private readonly FeatureCacheLayout _layout;
    private readonly FileStream _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly long _start;
    private readonly byte[] _row;

    private FeatureCache(FileStream file, FeatureCacheLayout layout, long start)
    {
        _file = file;
        _layout = layout;
        _start = start;
        _row = new byte[layout.RowStride];
        _map = MemoryMappedFile.CreateFromFile(
            file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
    }

    /// <summary>Bytes of the file.</summary>
    public long Length => _start + (_layout.RowCount * _layout.RowStride);

    /// <summary>Makes an empty cache in place of what lies there.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="layout">What it will hold.</param>
    /// <param name="keep">Whether the file stays when the cache is disposed of.</param>
    /// <exception cref="IOException">The disk has no room for it.</exception>
    public static FeatureCache Create(string path, FeatureCacheLayout layout, bool keep = false)
    {
        byte[] header = Header(layout);
        long start = FeatureCacheLayout.Aligned(header.Length, PageBytes);
        long length = start + (layout.RowCount * layout.RowStride);
        FileStream? file = null;
        try
        {
            file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
                Options = keep ? FileOptions.None : FileOptions.DeleteOnClose,
                PreallocationSize = length,
            });
            file.SetLength(length);
            RandomAccess.Write(file.SafeFileHandle, header, 0);
            return new FeatureCache(file, layout, start);
        }
        catch (IOException error) when (error.GetType() == typeof(IOException))
        {
            file?.Dispose();
            throw Full(path, length, error);
        }
    }

    /// <summary>Opens a file that was kept.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="layout">What it must hold.</param>
    /// <exception cref="InvalidDataException">The file is damaged, incomplete, or holds something else.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static FeatureCache Open(string path, FeatureCacheLayout layout)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            var reader = new SectionReader(file);
            reader.Read(Section, fields =>
            {
                layout.Require(reader, fields);
                return true;
            });
            reader.EndFile();
            long start = FeatureCacheLayout.Aligned(file.Position, PageBytes);
            long length = start + (layout.RowCount * layout.RowStride);
            if (file.Length != length) throw reader.Error($"must be of {length} bytes", $"{file.Length}");
            var cache = new FeatureCache(file, layout, start);
            cache.RequireComplete(path);
            return cache;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes the taps of examples that follow each other.</summary>
    /// <param name="firstRow">Number of the first example.</param>
    /// <param name="taps">Tensors of [B, ..], of the layout's shapes.</param>
    /// <exception cref="ArgumentException">A shape, a row or a number does not fit.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Write(long firstRow, Tensor[] taps)
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        Check(firstRow, taps);
        Tensor[] host = [.. taps.Select(OnHost)];
        for (long row = 0; row < taps[0].size(0); row++)
        {
            int end = FeatureCacheLayout.RowHeaderBytes;
            foreach (Tensor tap in host)
            {
                using var inner = NewDisposeScope();
                Span<byte> bytes = tap.select(0, row).bytes;
                bytes.CopyTo(_row.AsSpan(end));
                end += bytes.Length;
            }

            uint checksum = SectionFormat.Checksum(
                Seed(firstRow + row), _row.AsSpan(FeatureCacheLayout.RowHeaderBytes..end));
            BinaryPrimitives.WriteUInt32LittleEndian(_row, checksum);
            BinaryPrimitives.WriteUInt32LittleEndian(_row.AsSpan(sizeof(uint)), WrittenMark);
            Store(firstRow + row, _row.AsSpan(0, end));
        }
    }

    /// <summary>Reads the taps of examples, in any order.</summary>
    /// <param name="rows">Numbers of the examples, at least one.</param>
    /// <param name="device">Where the tensors go; null leaves them on the host.</param>
    /// <returns>Tensors of [B, ..] in single precision that belong to the caller's dispose scope.</returns>
    /// <exception cref="InvalidOperationException">An example was not written.</exception>
    /// <exception cref="InvalidDataException">An example on disk is damaged.</exception>
    public Tensor[] Read(ReadOnlySpan<long> rows, Device? device = null)
    {
        using var scope = NewDisposeScope();
        ScalarType type = _layout.Precision == FeatureCachePrecision.Half ? float16 : float32;
        long count = rows.Length;
        Tensor[] taps = [.. _layout.Shapes.Select(shape => empty([count, .. shape], type))];
        for (int i = 0; i < rows.Length; i++) ReadRow(rows[i], i, taps);
        return [.. taps.Select(t => t.to(float32, device ?? CPU).MoveToOuterDisposeScope())];
    }

    /// <summary>Frees the file; deletes it unless it was to be kept.</summary>
    public void Dispose()
    {
        _view.Dispose();
        _map.Dispose();
        _file.Dispose();
    }

    private static byte[] Header(FeatureCacheLayout layout)
    {
        using var stream = new MemoryStream();
        var writer = new SectionWriter(stream);
        writer.Write(Section, layout.Write);
        writer.End();
        return stream.ToArray();
    }

    private static uint Seed(long row)
    {
        // A row that lies in another's place must not pass for it.
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, row);
        return SectionFormat.Checksum(0, number);
    }

    private static IOException Full(string path, long length, IOException inner) => new(
        $"The feature cache must have room for {length} bytes at '{path}'. Got a disk without. "
        + "Choose another folder, half precision, or no cache.",
        inner);

    private Tensor OnHost(Tensor tap)
    {
        Tensor host = tap.detach().to(CPU);
        if (_layout.Precision == FeatureCachePrecision.Single) return host.to_type(float32).contiguous();
        host = host.to_type(float16).contiguous();
        return host.isfinite().all().item<bool>() ? host : throw new ArgumentException(
            "Numbers of a feature cache of half precision must be finite and at most 65504 in magnitude. Got others. "
            + "Choose single precision.");
    }

    private void Check(long firstRow, Tensor[] taps)
    {
        if (taps.Length != _layout.Shapes.Count)
            throw new ArgumentException($"taps must be {_layout.Shapes.Count}. Got {taps.Length}.", nameof(taps));
        long count = taps[0].size(0);
        if (firstRow < 0 || count > _layout.RowCount - firstRow)
        {
            throw new ArgumentException(
                $"Rows must be in [0, {_layout.RowCount}). Got {count} from {firstRow} on.", nameof(firstRow));
        }

        for (int i = 0; i < taps.Length; i++)
        {
            long[] expected = [count, .. _layout.Shapes[i]], found = taps[i].shape;
            if (found.AsSpan().SequenceEqual(expected)) continue;
            throw new ArgumentException(
                $"Tap {i} must be [{string.Join(", ", expected)}]. Got [{string.Join(", ", found)}].", nameof(taps));
        }
    }

    private void Store(long row, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, bytes, Offset(row));
        }
        catch (IOException error)
        {
            throw Full(_file.Name, Length, error);
        }
    }

    private void ReadRow(long row, long place, Tensor[] taps)
    {
        if (row < 0 || row >= _layout.RowCount)
            throw new ArgumentException($"Rows must be in [0, {_layout.RowCount}). Got {row}.");
        long offset = Offset(row);
        Span<byte> header = stackalloc byte[FeatureCacheLayout.RowHeaderBytes];
        Load(offset, header);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[sizeof(uint)..]) != WrittenMark)
            throw new InvalidOperationException($"Row {row} of the feature cache must be written before it is read.");

        offset += header.Length;
        uint checksum = Seed(row);
        foreach (Tensor tap in taps)
        {
            using var scope = NewDisposeScope();
            Span<byte> bytes = tap.select(0, place).bytes;
            Load(offset, bytes);
            checksum = SectionFormat.Checksum(checksum, bytes);
            offset += bytes.Length;
        }

        if (checksum == BinaryPrimitives.ReadUInt32LittleEndian(header)) return;
        throw new InvalidDataException(
            $"Row {row} of the feature cache '{_file.Name}' must match its checksum. Got other bytes. Make it anew.");
    }

    private void RequireComplete(string path)
    {
        Span<byte> mark = stackalloc byte[sizeof(uint)];
        for (long row = 0; row < _layout.RowCount; row++)
        {
            Load(Offset(row) + sizeof(uint), mark);
            if (BinaryPrimitives.ReadUInt32LittleEndian(mark) == WrittenMark) continue;
            Dispose();
            throw new InvalidDataException(
                $"The feature cache '{path}' must have all rows. Got one without row {row}. Make it anew.");
        }
    }

    private long Offset(long row) => _start + (row * _layout.RowStride);

    // The view may start before its first byte, at the page it lies in.
    private void Load(long offset, Span<byte> bytes) =>
        _view.SafeMemoryMappedViewHandle.ReadSpan((ulong)(_view.PointerOffset + offset), bytes);
}
