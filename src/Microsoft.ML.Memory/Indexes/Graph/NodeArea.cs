// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>
/// Records of one size for a growing number of slots, outside the collected heap; none of them ever moves.
/// </summary>
/// <remarks>
/// <para>Chunk 0 has 2^shift records, chunk i &gt; 0 as many as all before it. A chunk starts as zeros, whose pages the
/// system hands out when they are first touched.</para>
/// <para>One thread grows; others read records that were there before.</para>
/// </remarks>
internal sealed unsafe class NodeArea
{
    private const int ChunkLimit = 32;
    private const nuint LineBytes = 64;
    private const nuint LargePageBytes = 2 << 20;

    private readonly int _shift;
    private readonly List<(nint Memory, nuint Bytes)> _held = [];

    // Where slot 0 would be, were the chunk as long as that: one addition less in every access.
    private readonly byte** _origins;

    public NodeArea(int stride, int shift)
    {
        Stride = stride;
        _shift = shift;
        _origins = (byte**)NativeMemory.AllocZeroed(ChunkLimit, (nuint)sizeof(byte*));
    }

    /// <summary>Gives all memory back; nothing may be used after it. Its owner's finalizer calls it.</summary>
    public void Free()
    {
        foreach ((nint memory, nuint bytes) in _held)
        {
            NativeMemory.Free((void*)memory);
            GC.RemoveMemoryPressure((long)bytes);
        }

        NativeMemory.Free(_origins);
    }

    /// <summary>Bytes of a record.</summary>
    public int Stride { get; }

    /// <summary>Number of records there is room for.</summary>
    public int Capacity => _held.Count == 0 ? 0 : 1 << (_shift + _held.Count - 1);

    /// <summary>Gives the record of a slot below <see cref="Capacity"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* At(int slot) =>
        _origins[32 - BitOperations.LeadingZeroCount((uint)slot >> _shift)] + ((nint)slot * Stride);

    /// <summary>Gives the records of some slots and asks for them ahead of their use.</summary>
    public void Find(int* slots, int count, byte** records)
    {
        // Read once: for all the compiler knows, what the loop writes might be these.
        byte** origins = _origins;
        int shift = _shift;
        nint stride = Stride;
        for (int i = 0; i < count; i++)
        {
            int slot = slots[i];
            byte* record = origins[32 - BitOperations.LeadingZeroCount((uint)slot >> shift)] + (slot * stride);
            records[i] = record;
            if (!Sse.IsSupported) continue;
            for (byte* line = record, end = record + stride; line < end; line += LineBytes) Sse.Prefetch0(line);
        }
    }

    /// <summary>Makes room for a number of slots.</summary>
    public void Reserve(int slots)
    {
        while (Capacity < slots) AddChunk();
    }

    private void AddChunk()
    {
        int first = Capacity;
        long records = first == 0 ? 1L << _shift : first;
        nuint content = checked((nuint)records * (nuint)Stride);
        nuint alignment = content >= LargePageBytes ? LargePageBytes : LineBytes;
        nuint bytes = checked(content + alignment);
        byte* memory = (byte*)NativeMemory.AllocZeroed(bytes);
        _held.Add(((nint)memory, bytes));
        GC.AddMemoryPressure((long)bytes);
        byte* start = (byte*)(((nuint)memory + alignment - 1) & ~(alignment - 1));
        if (alignment == LargePageBytes) LargePages.Ask(start, content);
        Volatile.Write(ref *(nint*)(_origins + _held.Count - 1), (nint)(start - ((nint)first * Stride)));
    }
}
