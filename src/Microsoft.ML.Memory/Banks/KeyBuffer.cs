// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>
/// Memory for key vectors outside the managed heap, 64-byte aligned, overwritten with zeros before it is given back.
/// </summary>
/// <remarks>
/// The overwriting is what forgetting means in memory: once no snapshot holds a segment, its vectors are gone.
/// Whoever uses <see cref="Pointer"/> or <see cref="Slice"/> keeps the buffer alive with <see cref="GC.KeepAlive"/>.
/// </remarks>
internal sealed unsafe class KeyBuffer
{
    private const nuint Alignment = 64;

    private readonly long _bytes;
    private long _usedBytes;

    public KeyBuffer(long length)
    {
        _bytes = checked(Math.Max(1, length) * sizeof(float));
        Pointer = (float*)NativeMemory.AlignedAlloc(checked((nuint)_bytes), Alignment);
        GC.AddMemoryPressure(_bytes);
    }

    ~KeyBuffer()
    {
        // A constructor that ran out of memory leaves nothing to free.
        if (Pointer == null) return;
        NativeMemory.Clear(Pointer, (nuint)_usedBytes);
        NativeMemory.AlignedFree(Pointer);
        GC.RemoveMemoryPressure(_bytes);
    }

    public float* Pointer { get; }

    /// <summary>Gives a part to read.</summary>
    public ReadOnlySpan<float> Slice(long start, int length) => new(Pointer + start, length);

    /// <summary>
    /// Gives a part to write, which is remembered for the overwriting; parts are written front to back.
    /// </summary>
    public Span<float> Write(long start, int length)
    {
        _usedBytes = Math.Max(_usedBytes, (start + length) * sizeof(float));
        return new Span<float>(Pointer + start, length);
    }
}
