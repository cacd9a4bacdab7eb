// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory.Storage;

/// <summary>Large native memory on large pages, where the system has them to give.</summary>
/// <remarks>
/// Rows are read here and there, and each small page costs a look-up of its own. Linux gives large pages to whoever
/// asks; elsewhere, or where it has none left, nothing changes but speed.
/// </remarks>
internal static unsafe partial class LargePages
{
    private const nuint LineBytes = 64;
    private const nuint PageBytes = 2 << 20;
    private const int WantLargePages = 14; // MADV_HUGEPAGE

    /// <summary>Gives memory on a cache line's boundary, or on a large page's where it is large; not cleared.</summary>
    /// <exception cref="OutOfMemoryException">There is not as much.</exception>
    public static void* Allocate(nuint bytes)
    {
        if (bytes < 2 * PageBytes) return NativeMemory.AlignedAlloc(bytes, LineBytes);
        void* memory = NativeMemory.AlignedAlloc(bytes, PageBytes);
        Ask(memory, bytes);
        return memory;
    }

    /// <summary>Asks for large pages in a range that begins on a large page's boundary.</summary>
    public static void Ask(void* start, nuint bytes)
    {
        if (OperatingSystem.IsLinux()) _ = Advise(start, bytes, WantLargePages); // a wish: refused is as good as none
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint length, int advice);
}
