// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory;

/// <summary>One thread's walk through a graph, with all it needs; used again and again without allocating.</summary>
internal sealed unsafe class GraphWalk
{
    private const int Alignment = 64;
    private const int LineInts = 16;

    private readonly GraphNodes _nodes;
    private readonly RowCodec _codec;
    private readonly CloseVectors _close;
    private readonly byte[] _queryMemory;
    private readonly int[] _slots;
    private readonly nint[] _codes;
    private readonly float[] _distances;
    private readonly byte* _query;
    private float[] _ranks = [];
    private byte[] _seenMemory = [];
    private byte* _seen;
    private byte _stamp;

    public GraphWalk(GraphNodes nodes)
    {
        _nodes = nodes;
        _codec = nodes.Codec;
        _close = new CloseVectors(nodes);
        int room = Math.Max(nodes.CapacityOf(0) + 1, 1) + CandidatePool.Lanes;
        _queryMemory = GC.AllocateArray<byte>(_codec.QueryBytes + Alignment, pinned: true);
        _query = (byte*)(((nint)Unsafe.AsPointer(ref _queryMemory[0]) + Alignment - 1) & -Alignment);
        _slots = GC.AllocateArray<int>(room, pinned: true);
        _codes = GC.AllocateArray<nint>(room, pinned: true);
        _distances = GC.AllocateArray<float>(room, pinned: true);
    }

    /// <summary>What the last walk found, nearest first.</summary>
    public CandidatePool Found { get; } = new();

    /// <summary>Distance from the entry aimed at below which vectors are compared and not codes.</summary>
    public float Blur => _close.Blur;

    /// <summary>Sets the vector that the walk goes towards.</summary>
    public void Aim(float* values)
    {
        _codec.Prepare(values, _query);
        _close.Forget();
    }

    /// <summary>Sets the entry that the walk goes towards.</summary>
    public void AimAt(int slot)
    {
        _codec.PrepareCode(_nodes.Code(slot), _query);
        _close.AimAt(slot);
    }

    /// <summary>Goes from an entry down to a layer by steps to the nearest neighbour.</summary>
    /// <returns>The slot from which no step leads nearer, on the layer above <paramref name="level"/>.</returns>
    public int Descend(int slot, int fromLevel, int level)
    {
        float nearest = DistanceOf(slot);
        for (int layer = fromLevel; layer > level; layer--)
        {
            for (int last = -1; last != slot;)
            {
                last = slot;
                int count = Neighbors(slot, layer);
                for (int i = 0; i < count; i++)
                {
                    if (!(_distances[i] < nearest)) continue; // NaN leads nowhere
                    nearest = _distances[i];
                    slot = _slots[i];
                }
            }
        }

        return slot;
    }

    /// <summary>Starts a new walk from one slot.</summary>
    /// <param name="slot">Where it starts.</param>
    /// <param name="candidates">Number of candidates.</param>
    public void Start(int slot, int candidates)
    {
        Forget();
        Found.Open(candidates);
        _seen[slot] = _stamp;
        Found.Offer(DistanceOf(slot), slot);
    }

    /// <summary>Goes on with what was found on the layer above as the start.</summary>
    public void StartFromFound(int candidates)
    {
        Forget();
        Found.Reopen(candidates);
        for (int place = 0; place < Found.Count; place++) _seen[Found.SlotAt(place)] = _stamp;
    }

    /// <summary>Takes more slots into a walk that has just started, but for those met.</summary>
    public void Take(ReadOnlySpan<int> slots)
    {
        if (_ranks.Length < slots.Length) _ranks = new float[2 * slots.Length];
        Measure(slots, _ranks);
        for (int i = 0; i < slots.Length; i++)
        {
            if (_seen[slots[i]] == _stamp) continue;
            _seen[slots[i]] = _stamp;
            Found.Offer(_ranks[i], slots[i]);
        }
    }

    /// <summary>Walks on a layer until no candidate is left to walk from (Algorithm 2).</summary>
    /// <param name="level">The layer.</param>
    /// <param name="steps">Candidates to walk from at most.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Search(int level, int steps = int.MaxValue)
    {
        CandidatePool found = Found;
        var slots = (int*)Unsafe.AsPointer(ref _slots[0]);
        var distances = (float*)Unsafe.AsPointer(ref _distances[0]);
        for (int slot; steps > 0 && (slot = found.Take()) >= 0; steps--)
        {
            int count = Unseen(slot, level, slots);
            if (count == 0) continue;
            int next = found.Peek();
            if (next >= 0) PrefetchLinks(next, level);
            MeasureCodes(count);
            found.Offer(distances, slots, count);
        }
    }

    /// <summary>Ranks slots by their distance to the vector aimed at; no slot is named twice.</summary>
    public void Rank(ReadOnlySpan<int> slots)
    {
        if (_ranks.Length < slots.Length) _ranks = new float[2 * slots.Length];
        Measure(slots, _ranks);
        Found.Open(slots.Length);
        for (int i = 0; i < slots.Length; i++) Found.Offer(_ranks[i], slots[i]);
    }

    /// <summary>Measures how far slots are from the vector aimed at.</summary>
    public void Measure(ReadOnlySpan<int> slots, Span<float> distances)
    {
        int room = _slots.Length - CandidatePool.Lanes;
        for (int first = 0; first < slots.Length; first += room)
        {
            ReadOnlySpan<int> these = slots[first..Math.Min(first + room, slots.Length)];
            these.CopyTo(_slots);
            FindCodes(these.Length);
            MeasureCodes(these.Length);
            _distances.AsSpan(0, these.Length).CopyTo(distances[first..]);
        }
    }

    private void PrefetchLinks(int slot, int level)
    {
        if (level != 0 || !Sse.IsSupported) return;
        int* links = _nodes.Links(slot, 0);
        for (int place = 0; place < _nodes.CapacityOf(0); place += LineInts) Sse.Prefetch0(links + place);
    }

    /// <summary>Collects the links of a slot that this walk has not met.</summary>
    private int Unseen(int slot, int level, int* slots)
    {
        int* links = _nodes.Links(slot, level);
        int capacity = _nodes.CapacityOf(level);
        byte* seen = _seen;
        byte stamp = _stamp;
        uint end = (uint)_seenMemory.Length;
        int count = 0;
        for (int place = 0; place < capacity; place++)
        {
            int target = Volatile.Read(ref links[place]) - 1;
            if (target < 0) break;
            if ((uint)target >= end) continue; // slots beyond are newer than this walk
            slots[count] = target;
            count += seen[target] != stamp ? 1 : 0; // a branch would be anybody's guess
            seen[target] = stamp;
        }

        FindCodes(count);
        return count;
    }

    /// <summary>Measures all links of a slot.</summary>
    private int Neighbors(int slot, int level)
    {
        int* links = _nodes.Links(slot, level);
        int capacity = _nodes.CapacityOf(level);
        int count = 0;
        for (int place = 0; place < capacity; place++)
        {
            int target = Volatile.Read(ref links[place]) - 1;
            if (target < 0) break;
            _slots[count++] = target;
        }

        FindCodes(count);
        if (count > 0) MeasureCodes(count);
        return count;
    }

    private float DistanceOf(int slot)
    {
        _codes[0] = (nint)_nodes.Code(slot);
        _slots[0] = slot;
        MeasureCodes(1);
        return _distances[0];
    }

    private void FindCodes(int count) =>
        _nodes.Codes((int*)Unsafe.AsPointer(ref _slots[0]), count, (byte**)Unsafe.AsPointer(ref _codes[0]));

    private void MeasureCodes(int count)
    {
        var distances = (float*)Unsafe.AsPointer(ref _distances[0]);
        _codec.Measure(_query, (byte**)Unsafe.AsPointer(ref _codes[0]), count, distances);
        float blur = _close.Blur;
        if (float.IsNegativeInfinity(blur)) return;
        for (int i = 0; i < count; i++)
        {
            if (distances[i] < blur) distances[i] = _close.DistanceOf(_slots[i]);
        }
    }

    /// <summary>Makes all slots unmet; a stamp says so until all 255 have been used.</summary>
    private void Forget()
    {
        if (_seenMemory.Length < _nodes.Capacity)
        {
            _seenMemory = GC.AllocateArray<byte>(_nodes.Capacity, pinned: true);
            _seen = (byte*)Unsafe.AsPointer(ref _seenMemory[0]);
            _stamp = 0;
        }

        if (_stamp == byte.MaxValue)
        {
            Array.Clear(_seenMemory);
            _stamp = 0;
        }

        _stamp++;
    }
}
