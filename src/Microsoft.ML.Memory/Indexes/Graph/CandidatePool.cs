// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>The nearest slots so far, nearest first, each of which is walked from once.</summary>
/// <remarks>
/// One sorted array is both the queue of slots to walk from and the list of results of the paper's Algorithm 2: a slot
/// that is not among the nearest would never be walked from. A candidate is one number, distance above slot above a
/// flag, so equal distances are ordered by slot and runs are repeatable.
/// </remarks>
internal sealed unsafe class CandidatePool
{
    private const int DistanceShift = 32;
    private const ulong Walked = 1;

    private ulong[] _memory = [];
    private ulong* _candidates;
    private int _capacity;
    private int _next;

    /// <summary>Number of slots held.</summary>
    public int Count { get; private set; }

    /// <summary>Empties the pool and sets how many slots it holds at most.</summary>
    public void Open(int capacity)
    {
        if (_memory.Length < capacity)
        {
            _memory = GC.AllocateUninitializedArray<ulong>(Math.Max(capacity, 2 * _memory.Length), pinned: true);
            _candidates = (ulong*)Unsafe.AsPointer(ref _memory[0]);
        }

        _capacity = capacity;
        Count = 0;
        _next = 0;
    }

    /// <summary>
    /// Changes how many slots are held at most, drops the farthest and lets the rest be walked from again.
    /// </summary>
    public void Reopen(int capacity)
    {
        int kept = Math.Min(Count, capacity);
        ulong[] former = _memory;
        Open(capacity);
        if (former != _memory) former.AsSpan(0, kept).CopyTo(_memory);
        Count = kept;
        for (int place = 0; place < kept; place++) _candidates[place] &= ~Walked;
    }

    /// <summary>Gives a slot, nearest first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int SlotAt(int place) => (int)((uint)_candidates[place] >> 1);

    /// <summary>Gives the distance of a slot, nearest first.</summary>
    public float DistanceAt(int place) => Value((uint)(_candidates[place] >> DistanceShift));

    /// <summary>Gives the nearest slot that has not been walked from; -1 where there is none.</summary>
    public int Take()
    {
        ulong* candidates = _candidates;
        int next = _next;
        while (next < Count && (candidates[next] & Walked) != 0) next++;
        if (next == Count)
        {
            _next = next;
            return -1;
        }

        candidates[next] |= Walked;
        _next = next + 1;
        return SlotAt(next);
    }

    /// <summary>Gives the slot that <see cref="Take"/> would give now if nothing nearer comes; -1 for none.</summary>
    public int Peek()
    {
        for (int place = _next; place < Count; place++)
        {
            if ((_candidates[place] & Walked) == 0) return SlotAt(place);
        }

        return -1;
    }

    /// <summary>Takes a slot in if it is among the nearest; no slot is offered twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Offer(float distance, int slot)
    {
        ulong candidate = ((ulong)Ordered(distance) << DistanceShift) | ((uint)slot << 1);
        if (Count < _capacity || candidate < _candidates[Count - 1]) Insert(candidate);
    }

    private void Insert(ulong candidate)
    {
        ulong* candidates = _candidates;
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (candidates[middle] < candidate) low = middle + 1;
            else high = middle;
        }

        if (Count < _capacity) Count++;
        new ReadOnlySpan<ulong>(candidates + low, Count - low - 1).CopyTo(
            new Span<ulong>(candidates + low + 1, Count - low - 1));
        candidates[low] = candidate;
        if (low < _next) _next = low;
    }

    /// <summary>Maps floats to whole numbers of the same order; NaN comes last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Ordered(float value)
    {
        int bits = BitConverter.SingleToInt32Bits(value);
        return float.IsNaN(value) ? uint.MaxValue : (uint)(bits ^ ((bits >> 31) | int.MinValue));
    }

    private static float Value(uint ordered)
    {
        int bits = (int)ordered;
        return BitConverter.Int32BitsToSingle(bits < 0 ? bits ^ int.MinValue : ~bits);
    }
}
