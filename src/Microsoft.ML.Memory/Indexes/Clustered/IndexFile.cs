// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Memory;

/// <summary>A file that nobody else has open, read and written at offsets.</summary>
internal sealed class IndexFile : IDisposable
{
    private readonly WriteGate? _gate;
    private readonly string _path;

    private IndexFile(string path, SafeFileHandle handle, WriteGate? gate)
    {
        _path = path;
        _gate = gate;
        Handle = handle;
    }

    public SafeFileHandle Handle { get; }

    public long Length => RandomAccess.GetLength(Handle);

    /// <summary>Makes an empty file in place of one that may be there.</summary>
    public static IndexFile Create(string path, WriteGate? gate, FileOptions options = FileOptions.None)
        => new(path, Handled(path, FileMode.Create, options), gate);

    /// <summary>Opens a file that is there.</summary>
    public static IndexFile Open(string path, WriteGate? gate)
        => new(path, Handled(path, FileMode.Open, FileOptions.None), gate);

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        _gate?.Invoke(Handle, bytes, offset);
        RandomAccess.Write(Handle, bytes, offset);
    }

    /// <summary>Reads bytes that must be there.</summary>
    /// <exception cref="InvalidDataException">The file ends before.</exception>
    public void Read(Span<byte> bytes, long offset, string section)
    {
        while (!bytes.IsEmpty)
        {
            int read = RandomAccess.Read(Handle, bytes, offset);
            if (read == 0)
                throw IndexFormat.Error(section, offset, "must be complete", $"the end of the file at byte {offset}");
            bytes = bytes[read..];
            offset += read;
        }
    }

    /// <summary>Waits until the device has what was written.</summary>
    public void Flush()
    {
        _gate?.Invoke(Handle, default, -1);
        RandomAccess.FlushToDisk(Handle);
    }

    /// <summary>Cuts the file.</summary>
    public void Cut(long length) => RandomAccess.SetLength(Handle, length);

    /// <summary>Gives the file another name, in place of a file that may have it.</summary>
    public void MoveTo(string path)
    {
        _gate?.Invoke(Handle, default, -1);
        File.Move(_path, path, overwrite: true);
    }

    public void Dispose() => Handle.Dispose();

    private static SafeFileHandle Handled(string path, FileMode mode, FileOptions options)
    {
        try
        {
            return File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.None, options);
        }
        catch (IOException error) when (error.GetType() == typeof(IOException))
        {
            throw new IOException(
                $"Index file '{path}' must not be open elsewhere, since one index at a time may change it. Got: "
                + error.Message,
                error);
        }
    }
}
