// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>Working memory of one search, outside the collected heap; all of it goes when the search ends.</summary>
internal sealed unsafe class NativeScratch : IDisposable
{
    private readonly List<nint> _held = new(32); // what a scan takes, without growing

    /// <summary>Gives room for <paramref name="count"/> values on a cache line's boundary, not cleared.</summary>
    public T* Take<T>(long count) where T : unmanaged
    {
        nuint bytes = checked((nuint)Math.Max(count, 1) * (nuint)sizeof(T));
        void* memory = LargePages.Allocate(bytes);
        _held.Add((nint)memory);
        return (T*)memory;
    }

    public void Dispose()
    {
        foreach (nint memory in _held) NativeMemory.AlignedFree((void*)memory);
        _held.Clear();
    }
}
