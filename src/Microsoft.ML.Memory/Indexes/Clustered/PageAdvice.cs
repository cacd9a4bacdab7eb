// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>Tells the system which mapped pages are about to be read, so that it fetches them side by side.</summary>
internal static unsafe partial class PageAdvice
{
    private const int WillNeed = 3;

    /// <summary>Asks for pages; systems other than Linux are not asked and fetch them one by one.</summary>
    public static void Want(byte* start, long length)
    {
        if (!OperatingSystem.IsLinux()) return;
        long before = (nint)start % Environment.SystemPageSize;
        _ = Advise(start - before, (nuint)(length + before), WillNeed); // advice that is not taken costs time only
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(byte* start, nuint length, int advice);
}
