// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory.Storage;

/// <summary>Has the device keep the names in a folder, so that a renamed file keeps its name.</summary>
/// <remarks>.NET has no call for it: on Unix fsync is called on the open folder; Windows needs none.</remarks>
internal static partial class FolderFlush
{
    private const int ReadOnly = 0;
    private const int NotSupported = 22; // EINVAL: a file system that cannot flush folders

    /// <summary>Flushes the folder of a file; where that fails, names last when the file system sees fit.</summary>
    public static void Try(string path) => _ = Run(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/");

    /// <summary>Flushes a folder; passes over file systems that cannot.</summary>
    /// <exception cref="IOException">It failed.</exception>
    public static void Require(string folder)
    {
        int error = Run(folder);
        if (error is 0 or NotSupported) return;
        throw new IOException(
            $"The folder '{folder}' must be flushed to disk. Got: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    /// <returns>The error of the system; 0 where there was none.</returns>
    private static int Run(string folder)
    {
        if (OperatingSystem.IsWindows()) return 0;
        int descriptor = Open(folder, ReadOnly);
        if (descriptor < 0) return Marshal.GetLastPInvokeError();
        int error = Sync(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        return error;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
