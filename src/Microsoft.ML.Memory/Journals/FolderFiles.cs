// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Memory;

/// <summary>The files of a folder on disk.</summary>
/// <param name="folder">Path of the folder, which is there.</param>
internal sealed partial class FolderFiles(string folder) : IFileStore
{
    private const int ReadOnly = 0;
    private const int NotSupported = 22; // EINVAL: a file system that cannot flush folders

    public string PathOf(string name) => Path.Combine(folder, name);

    public bool Exists(string name) => File.Exists(PathOf(name));

    public IStoredFile Open(string name) => new DiskFile(Handle(name, FileMode.Open));

    public IStoredFile Create(string name) => new DiskFile(Handle(name, FileMode.CreateNew));

    public Stream OpenRead(string name)
        => new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    public void Rename(string from, string to) => File.Move(PathOf(from), PathOf(to), overwrite: true);

    public void Delete(string name) => File.Delete(PathOf(name));

    /// <remarks>.NET has no call for it: on Unix fsync is called on the open folder; Windows needs none.</remarks>
    public void Flush()
    {
        if (OperatingSystem.IsWindows()) return;
        int descriptor = OpenFolder(folder, ReadOnly);
        int error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (descriptor >= 0)
        {
            if (Sync(descriptor) != 0) error = Marshal.GetLastPInvokeError();
            _ = Close(descriptor);
        }

        if (error is 0 or NotSupported) return;
        throw new IOException(
            $"The folder '{folder}' must be flushed to disk. Got: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    public IDisposable Lock(string name)
        => File.OpenHandle(PathOf(name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    /// <summary>Delete is shared so that an open file can be renamed on Windows, too.</summary>
    private SafeFileHandle Handle(string name, FileMode mode)
        => File.OpenHandle(PathOf(name), mode, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);

    private sealed class DiskFile(SafeFileHandle handle) : IStoredFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Read(Span<byte> bytes, long offset) => RandomAccess.Read(handle, bytes, offset);

        public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

        public void Cut(long length) => RandomAccess.SetLength(handle, length);

        public void Flush() => RandomAccess.FlushToDisk(handle);

        public void Dispose() => handle.Dispose();
    }
}
