// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Memory;

/// <summary>The nearest slots so far, nearest first, each of which is walked from once.</summary>
/// <remarks>
/// One sorted array is both the queue of slots to walk from and the list of results of the paper's Algorithm 2: a slot
/// that is not among the nearest would never be walked from. A candidate is one number, distance above slot above a
/// flag, so equal distances are ordered by slot and runs are repeatable.
/// </remarks>
internal sealed unsafe class CandidatePool
{
    /// <summary>Slots that are looked at together.</summary>
    public const int Lanes = 8;

    private const int DistanceShift = 32;
    private const ulong Walked = 1;

    // Lanes zeros, the candidates in ascending order, and ones for every place without a candidate and Lanes more.
    private ulong[] _memory = [];
    private ulong* _candidates;
    private int _capacity;
    private int _next;

    /// <summary>Number of slots held.</summary>
    public int Count { get; private set; }

    /// <summary>Empties the pool and sets how many slots it holds at most.</summary>
    public void Open(int capacity) => Resize(capacity, kept: 0);

    /// <summary>
    /// Changes how many slots are held at most, drops the farthest and lets the rest be walked from again.
    /// </summary>
    public void Reopen(int capacity)
    {
        Resize(capacity, Math.Min(Count, capacity));
        for (int place = 0; place < Count; place++) _candidates[place] &= ~Walked;
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
        if (candidate < _candidates[_capacity - 1]) Insert(candidate);
    }

    /// <summary>Takes in those of some slots that are among the nearest; no slot is offered twice.</summary>
    /// <param name="distances">The slots' distances; there is room for <see cref="Lanes"/> more.</param>
    /// <param name="slots">The slots.</param>
    /// <param name="count">Number of slots.</param>
    public void Offer(float* distances, int* slots, int count)
    {
        for (int first = 0; first < count; first += Lanes)
        {
            // As long as there is room the farthest is NaN, which nothing is farther than.
            var farthest = Vector256.Create(DistanceAt(_capacity - 1));
            var farther = Vector256.GreaterThan(Vector256.Load(distances + first), farthest);
            uint left = ~farther.ExtractMostSignificantBits() & (~0u >> (32 - Math.Min(count - first, Lanes)));
            for (; left != 0; left &= left - 1)
            {
                int place = first + BitOperations.TrailingZeroCount(left);
                Offer(distances[place], slots[place]);
            }
        }
    }

    /// <summary>Inserts a candidate, from the back on, and lets the last one go where there is no room.</summary>
    /// <remarks>Each place gets the median of its own, the one before and the new one: nothing to branch on.</remarks>
    private void Insert(ulong candidate)
    {
        Count = Math.Min(Count + 1, _capacity);
        var added = Vector512.Create(candidate);
        ulong* first = _candidates;
        ulong* block = first + ((Count - 1) & -Lanes);
        ulong nearer;
        while (true)
        {
            Vector512<ulong> own = Vector512.Load(block), before = Vector512.Load(block - 1);
            Vector512.Min(own, Vector512.Max(before, added)).Store(block);
            nearer = Vector512.LessThan(own, added).ExtractMostSignificantBits();
            if (nearer != 0 || block == first) break;
            block -= Lanes;
        }

        first[_capacity] = ulong.MaxValue;
        _next = Math.Min(_next, (int)(block - first) + BitOperations.PopCount(nearer));
    }

    private void Resize(int capacity, int kept)
    {
        int length = Lanes + capacity + Lanes;
        if (_memory.Length < length)
        {
            ulong[] memory = GC.AllocateArray<ulong>(Math.Max(length, 2 * _memory.Length), pinned: true);
            new ReadOnlySpan<ulong>(_candidates, kept).CopyTo(memory.AsSpan(Lanes));
            _memory = memory;
            _candidates = (ulong*)Unsafe.AsPointer(ref memory[Lanes]);
        }

        new Span<ulong>(_candidates + kept, capacity + Lanes - kept).Fill(ulong.MaxValue);
        _capacity = capacity;
        Count = kept;
        _next = 0;
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
