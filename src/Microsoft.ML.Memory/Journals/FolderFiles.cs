// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Memory;

/// <summary>The files of a folder on disk.</summary>
/// <param name="folder">Path of the folder, which is there.</param>
internal sealed class FolderFiles(string folder) : IFileStore
{
    public string PathOf(string name) => Path.Combine(folder, name);

    public bool Exists(string name) => File.Exists(PathOf(name));

    public IStoredFile Open(string name) => new DiskFile(Handle(name, FileMode.Open));

    public IStoredFile Create(string name) => new DiskFile(Handle(name, FileMode.CreateNew));

    public Stream OpenRead(string name)
        => new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    public void Rename(string from, string to) => File.Move(PathOf(from), PathOf(to), overwrite: true);

    public void Delete(string name) => File.Delete(PathOf(name));

    public void Flush() => FolderFlush.Require(folder);

    public IDisposable Lock(string name)
        => File.OpenHandle(PathOf(name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

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
