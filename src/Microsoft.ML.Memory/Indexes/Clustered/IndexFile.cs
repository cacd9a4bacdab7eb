// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Memory;

/// <summary>A file that nobody else has open, read and written at offsets.</summary>
internal sealed class IndexFile : IDisposable
{
    /// <summary>Ends the other name of a file that is being replaced.</summary>
    public const string AsideSuffix = ".replaced";

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
    {
        var file = new IndexFile(path, Handled(path, FileMode.Open, FileOptions.None), gate);
        try
        {
            // Between opening and locking another index may have put a new file in place of this one.
            if (!file.HasName(path)) throw new IOException(InUse(path) + "one that was just replaced.");
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Gives a path that neither another working directory nor replacing a link leads astray.</summary>
    public static string FullPath(string path)
    {
        string full = Path.GetFullPath(path);
        return File.Exists(full) ? File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full : full;
    }

    /// <summary>Says whether a path still names this file, by what both say of themselves.</summary>
    public bool HasName(string path)
    {
        var named = new FileInfo(path);
        return named.Length == Length
            && named.LastWriteTimeUtc == File.GetLastWriteTimeUtc(Handle)
            && named.CreationTimeUtc == File.GetCreationTimeUtc(Handle);
    }

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

    /// <summary>Gives the file another name.</summary>
    /// <param name="path">The name.</param>
    /// <param name="replaces">Whether a file that has it goes; otherwise there must be none.</param>
    /// <param name="sparesOpen">
    /// Whether a file that has it is first given the name with <see cref="AsideSuffix"/>, as it must be on Windows,
    /// where an open file can be renamed but not replaced.
    /// </param>
    public void MoveTo(string path, bool replaces, bool sparesOpen)
    {
        _gate?.Invoke(Handle, default, -1);
        if (replaces && sparesOpen && File.Exists(path))
        {
            File.Move(path, path + AsideSuffix, overwrite: true);
            _gate?.Invoke(Handle, default, -1);
        }

        File.Move(_path, path, replaces);
        FolderFlush.Try(path);
    }

    /// <summary>Puts a file back that a kill left with its other name only.</summary>
    public static void Restore(string path)
    {
        if (!File.Exists(path) && File.Exists(path + AsideSuffix)) File.Move(path + AsideSuffix, path);
    }

    /// <summary>Deletes a replaced file; where it cannot be, the next opening does.</summary>
    public static void DeleteAside(string path)
    {
        try
        {
            File.Delete(path + AsideSuffix);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Somebody, such as a scanner, still reads it.
        }
    }

    private static string InUse(string path)
        => $"Index file '{path}' must not be open elsewhere, since one index at a time may change it. Got: ";

    public void Dispose() => Handle.Dispose();

    private static SafeFileHandle Handled(string path, FileMode mode, FileOptions options)
    {
        try
        {
            FileShare share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None; // Delete: renaming
            return File.OpenHandle(path, mode, FileAccess.ReadWrite, share, options);
        }
        catch (IOException error) when (error.GetType() == typeof(IOException))
        {
            throw new IOException(InUse(path) + error.Message, error);
        }
    }
}
