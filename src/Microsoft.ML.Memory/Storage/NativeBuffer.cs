// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory.Storage;

/// <summary>
/// Memory for what is known of entries outside the managed heap, 64-byte aligned, overwritten with zeros before it is
/// given back.
/// </summary>
/// <remarks>
/// The overwriting is what forgetting means in memory: once no snapshot holds a segment, its vectors are gone.
/// Whoever uses <see cref="Pointer"/> or <see cref="Slice"/> keeps the buffer alive with <see cref="GC.KeepAlive"/>.
/// </remarks>
internal sealed unsafe class NativeBuffer<T> where T : unmanaged
{
    private readonly long _bytes;
    private long _usedBytes;

    public NativeBuffer(long length)
    {
        _bytes = checked(Math.Max(1, length) * sizeof(T));
        Pointer = (T*)LargePages.Allocate(checked((nuint)_bytes));
        GC.AddMemoryPressure(_bytes);
    }

    ~NativeBuffer()
    {
        // A constructor that ran out of memory leaves nothing to free.
        if (Pointer == null) return;
        NativeMemory.Clear(Pointer, (nuint)_usedBytes);
        NativeMemory.AlignedFree(Pointer);
        GC.RemoveMemoryPressure(_bytes);
    }

    public T* Pointer { get; }

    /// <summary>Gives a part to read.</summary>
    public ReadOnlySpan<T> Slice(long start, int length) => new(Pointer + start, length);

    /// <summary>Gives a part to write, which is remembered for the overwriting.</summary>
    public Span<T> Write(long start, int length)
    {
        WillWrite(start + length);
        return new Span<T>(Pointer + start, length);
    }

    /// <summary>Remembers that everything before <paramref name="end"/> may have been written.</summary>
    public void WillWrite(long end) => _usedBytes = Math.Max(_usedBytes, end * sizeof(T));
}
