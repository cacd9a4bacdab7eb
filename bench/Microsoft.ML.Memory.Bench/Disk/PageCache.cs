// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Asks the system to drop a file from its page cache.</summary>
internal static partial class PageCache
{
    private const int DontNeed = 4;

    /// <summary>Drops what no process has mapped; false where the system cannot.</summary>
    public static bool TryDrop(string path)
    {
        if (!OperatingSystem.IsLinux()) return false;
        int file = OpenFile(path, 0);
        if (file < 0) return false;
        _ = Sync(file);
        int error = Advise(file, 0, 0, DontNeed);
        _ = CloseFile(file);
        return error == 0;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(int file, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseFile(int file);
}
