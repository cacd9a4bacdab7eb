// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using Microsoft.ML.Memory.Storage;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Keeps on disk what a readout method taps of the trunk, which then runs once for each example.</summary>
/// <remarks>
/// <para>One file: a section "taps" that says what it holds, then a row of fixed length for each example. A row has a
/// CRC-32C, its number of tokens (1 where it is no text, 0 where it was not written), and its taps one after the other.
/// Rows are written with ordinary calls, so that a full disk is an error and not a crash, and read through a mapping,
/// so that the system's cache bounds memory.</para>
/// <para>Of a text only what belongs to its tokens is kept; the checksum covers the tokens, so that what was computed
/// of one text is never taken for that of another. Of what is no text a row is checked where it is read for the
/// first time. The file is as long as if all texts were the longest one, with holes.</para>
/// <para>Reading is safe for several threads; writing is for one.</para>
/// </remarks>
internal sealed unsafe partial class FeatureCache : IDisposable
{
    private const string Section = "taps";
    private const int PageBytes = 4096;
    private const int ReadOnlyDisk = 30; // EROFS
    private readonly FeatureCacheLayout _layout;
    private readonly FileStream _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _mapped; // the first byte of the file
    private readonly long _start;
    private readonly byte[] _row;
    private readonly bool[] _isChecked; // by row: whether its bytes matched their checksum once

    private FeatureCache(FileStream file, FeatureCacheLayout layout, long start)
    {
        _file = file;
        _layout = layout;
        _start = start;
        _row = new byte[layout.RowStride];
        _isChecked = new bool[Math.Min(layout.RowCount, Array.MaxLength)];
        _map = MemoryMappedFile.CreateFromFile(
            file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _mapped);
        _mapped += _view.PointerOffset; // the view may start before its first byte, at the page it lies in
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
                PreallocationSize = layout.LongestText == 0 ? length : 0, // holes are to stay holes
            });
            file.SetLength(length);
            RandomAccess.Write(file.SafeFileHandle, header, 0);
            return new FeatureCache(file, layout, start);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw NotWritten(path, length, error);
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
    /// <param name="taps">Tensors of [B, ..], of the layout's shapes, but for texts as long as the batch.</param>
    /// <param name="texts">Keys of the examples; empty where they are no texts.</param>
    /// <exception cref="ArgumentException">A shape, a row or a number does not fit.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Write(long firstRow, Tensor[] taps, ReadOnlySpan<TextKey> texts = default)
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        Check(firstRow, taps, texts);
        Tensor[] host = [.. taps.Select(OnHost)];
        for (int row = 0; row < taps[0].size(0); row++)
        {
            TextKey text = texts.IsEmpty ? TextKey.None : texts[row];
            int end = FeatureCacheLayout.RowHeaderBytes;
            foreach (Tensor tap in host)
            {
                using var inner = NewDisposeScope();
                Span<byte> bytes = _layout.Own(tap.select(0, row), text).bytes;
                bytes.CopyTo(_row.AsSpan(end));
                end += bytes.Length;
            }

            uint checksum = SectionFormat.Checksum(
                text.Seed(firstRow + row), _row.AsSpan(FeatureCacheLayout.RowHeaderBytes..end));
            BinaryPrimitives.WriteUInt32LittleEndian(_row, checksum);
            BinaryPrimitives.WriteInt32LittleEndian(_row.AsSpan(sizeof(uint)), text.TokenCount);
            if (firstRow + row < _isChecked.Length) _isChecked[firstRow + row] = false;
            Store(firstRow + row, _row.AsSpan(0, end));
        }
    }

    /// <summary>Frees the file; deletes it unless it was to be kept.</summary>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
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

    private static int Longest(ReadOnlySpan<TextKey> texts)
    {
        int longest = 0;
        foreach (TextKey text in texts) longest = Math.Max(longest, text.TokenCount);
        return longest;
    }

    // Of what can go wrong only a lack of room has no exception of its own, but for a disk that nobody may write to.
    private static IOException NotWritten(string path, long length, Exception inner) => new(
        inner.GetType() == typeof(IOException) && inner.HResult != ReadOnlyDisk
            ? $"The feature cache must have room for {length} bytes at '{path}'. Got a disk without. "
                + "Make room there, or set CacheFeatures to false."
            : $"The feature cache must be a file that can be written. Got '{path}': {inner.Message.TrimEnd('.')}. "
                + "Set CachePath to another place, or CacheFeatures to false.",
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

    private void RequireKeys(int count, ReadOnlySpan<TextKey> texts)
    {
        int wanted = _layout.LongestText > 0 ? count : 0;
        if (texts.Length != wanted)
            throw new ArgumentException($"texts must be {wanted}. Got {texts.Length}.", nameof(texts));
        foreach (TextKey text in texts)
        {
            if (text.TokenCount >= 1 && text.TokenCount <= _layout.LongestText) continue;
            throw new ArgumentException(
                $"A text must have 1 to {_layout.LongestText} tokens. Got {text.TokenCount}.", nameof(texts));
        }
    }

    private void Check(long firstRow, Tensor[] taps, ReadOnlySpan<TextKey> texts)
    {
        if (taps.Length != _layout.Shapes.Count)
            throw new ArgumentException($"taps must be {_layout.Shapes.Count}. Got {taps.Length}.", nameof(taps));
        long count = taps[0].size(0);
        if (firstRow < 0 || count > _layout.RowCount - firstRow)
        {
            throw new ArgumentException(
                $"Rows must be in [0, {_layout.RowCount}). Got {count} from {firstRow} on.", nameof(firstRow));
        }

        RequireKeys((int)count, texts);
        long longest = Longest(texts);
        for (int i = 0; i < taps.Length; i++)
        {
            long[] expected = [count, .. _layout.Shapes[i]], found = taps[i].shape;
            if (longest > 0 && expected.Length == 3) expected[1] = longest;
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
            throw NotWritten(_file.Name, Length, error);
        }
    }

    private void RequireComplete(string path)
    {
        for (long row = 0; row < _layout.RowCount; row++)
        {
            int tokens = BinaryPrimitives.ReadInt32LittleEndian(Stored(Offset(row) + sizeof(uint), sizeof(int)));
            if (tokens >= 1 && tokens <= Math.Max(_layout.LongestText, 1)) continue;
            Dispose();
            throw new InvalidDataException(
                $"The feature cache '{path}' must have all rows. Got one without row {row}. Make it anew.");
        }
    }

    private long Offset(long row) => _start + (row * _layout.RowStride);
}
