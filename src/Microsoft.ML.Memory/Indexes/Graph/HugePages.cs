// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>Asks the system for large pages: a walk through a graph meets a new page at nearly every step.</summary>
internal static unsafe partial class HugePages
{
    private const int AdviseHugePage = 14; // MADV_HUGEPAGE

    /// <summary>Asks for large pages in a range; where there are none, ordinary ones serve.</summary>
    public static void Ask(byte* start, nuint bytes)
    {
        if (OperatingSystem.IsLinux()) _ = Advise(start, bytes, AdviseHugePage);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint bytes, int advice);
}
