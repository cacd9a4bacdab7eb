// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>Chooses the links of an entry from candidates so that they lead into different directions.</summary>
/// <remarks>
/// <para>Algorithm 4 of the paper: nearest first, a candidate is taken unless one that was taken is nearer to it than
/// the entry is.</para>
/// <para>Differs from the paper: by inner product a vector far longer than all others is nearer to half of them than
/// they are to each other. It stands in the way of none of them, or few others would be linked at all.</para>
/// <para>One thread's; used again and again without allocating.</para>
/// </remarks>
internal sealed unsafe class NeighborChoice
{
    private const int Alignment = 64;
    private const int FirstGroups = 2 * RowCodec.GroupRows;
    private const float LongRatio = 64 * 64; // of squared norms

    private readonly GraphNodes _nodes;
    private readonly RowCodec _codec;
    private readonly CloseVectors _close;
    private readonly byte[] _queryMemory;
    private readonly byte* _query;
    private readonly int[] _chosen;
    private readonly nint[] _codes;
    private readonly float[] _distances;
    private readonly bool _isProduct;
    private readonly float[] _squares; // squared norms of those chosen, by inner product

    public NeighborChoice(GraphNodes nodes)
    {
        _nodes = nodes;
        _codec = nodes.Codec;
        _close = new CloseVectors(nodes);
        int room = nodes.CapacityOf(0) + 1 + RowCodec.GroupRows;
        _queryMemory = GC.AllocateArray<byte>(_codec.QueryBytes + Alignment, pinned: true);
        _query = (byte*)(((nint)Unsafe.AsPointer(ref _queryMemory[0]) + Alignment - 1) & -Alignment);
        _chosen = new int[room];
        _codes = GC.AllocateArray<nint>(room, pinned: true);
        _distances = GC.AllocateArray<float>(room, pinned: true);
        _isProduct = _codec.Metric == Metric.InnerProduct;
        _squares = new float[room];
    }

    /// <summary>Chooses from the candidates of a pool.</summary>
    /// <param name="candidates">Candidates, none of them the entry itself.</param>
    /// <param name="most">Number of links at most.</param>
    /// <param name="blur">Distance from the entry below which vectors are compared and not codes.</param>
    /// <param name="kept">Slots that are taken in any case, none of them a candidate.</param>
    /// <returns>The slots kept, then those chosen, nearest first, until the next choice.</returns>
    public ReadOnlySpan<int> Choose(
        CandidatePool candidates, int most, float blur, ReadOnlySpan<int> kept = default)
    {
        int count = kept.Length;
        for (int place = 0; place < count; place++)
        {
            _chosen[place] = kept[place];
            byte* code = _nodes.Code(kept[place]);
            _codes[place] = (nint)code;
            if (_isProduct) Prepare(code, place);
        }

        for (int place = 0; place < candidates.Count && count < most; place++)
        {
            int slot = candidates.SlotAt(place);
            byte* code = _nodes.Code(slot);
            float distance = candidates.DistanceAt(place);
            if (distance < blur ? IsShadowed(slot, distance, count) : IsShadowed(code, distance, count))
                continue;

            _chosen[count] = slot;
            _codes[count++] = (nint)code;
        }

        return _chosen.AsSpan(0, count);
    }

    /// <summary>Prepares a code for being compared with others; by inner product gets its squared norm, too.</summary>
    /// <param name="code">The code.</param>
    /// <param name="place">Where it is to stand; from there on there are no others.</param>
    private void Prepare(byte* code, int place)
    {
        _codec.PrepareCode(code, _query);
        if (!_isProduct) return;
        _codes[place] = (nint)code;
        var codes = (byte**)Unsafe.AsPointer(ref _codes[0]);
        var distances = (float*)Unsafe.AsPointer(ref _distances[0]);
        _codec.Measure(_query, codes + place, 1, distances);
        _squares[place] = -distances[0];
    }

    /// <summary>Says whether one of those chosen is nearer to a candidate than the entry is.</summary>
    private bool IsShadowed(byte* code, float distance, int count)
    {
        if (count == 0 && !_isProduct) return false;
        Prepare(code, count);
        var codes = (byte**)Unsafe.AsPointer(ref _codes[0]);
        var distances = (float*)Unsafe.AsPointer(ref _distances[0]);
        for (int first = 0; first < count; first += FirstGroups)
        {
            int these = Math.Min(FirstGroups, count - first);
            _codec.Measure(_query, codes + first, these, distances);
            for (int i = 0; i < these; i++)
            {
                if (distances[i] < distance && !(_isProduct && _squares[first + i] > LongRatio * _squares[count]))
                    return true;
            }
        }

        return false;
    }

    /// <summary>Says the same of a candidate so near that vectors are compared.</summary>
    private bool IsShadowed(int slot, float distance, int count)
    {
        if (count == 0) return false;
        _close.AimAt(slot);
        for (int place = 0; place < count; place++)
        {
            if (_close.DistanceOf(_chosen[place]) < distance) return true;
        }

        return false;
    }
}
