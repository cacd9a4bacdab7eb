// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>Has the device keep the names in a folder, so that a renamed file keeps its name.</summary>
internal static partial class FolderFlush
{
    private const int ReadOnly = 0;

    /// <summary>Flushes the folder of a file; where a file system cannot, names last when it sees fit.</summary>
    public static void Try(string path)
    {
        if (OperatingSystem.IsWindows()) return; // folders cannot be flushed there
        int folder = Open(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", ReadOnly);
        if (folder < 0) return;
        _ = Sync(folder);
        _ = Close(folder);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
