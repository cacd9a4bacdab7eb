// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Gives the entries of an index that are left, list by list, with the slots they get in a new file.</summary>
internal sealed unsafe class LiveRows
{
    private const int BytesAtOnce = 1 << 20;

    private readonly ClusteredState _state;
    private readonly int[] _ranks;
    private readonly int _rowsAtOnce;
    private readonly int _dimension;

    public LiveRows(ClusteredState state)
    {
        _state = state;
        _dimension = state.Base.Dimension;
        _rowsAtOnce = Math.Max(1, BytesAtOnce / (_dimension * sizeof(float)));
        _ranks = new int[state.Removed.Length];
        for (int word = 1; word < _ranks.Length; word++)
            _ranks[word] = _ranks[word - 1] + BitOperations.PopCount(~state.Removed[word - 1]);
    }

    public IEnumerable<SlottedBatch> Read()
    {
        int[] slots = new int[_rowsAtOnce];
        long[] ids = new long[_rowsAtOnce];
        float[] vectors = new float[_rowsAtOnce * _dimension];
        for (int list = 0; list < _state.Base.ListCount; list++)
        {
            int posting = 0;
            while (posting < _state.Base.List(list).PrimaryCount)
            {
                int count = Fill(list, ref posting, slots, ids, vectors);
                if (count > 0) yield return Batch(slots, ids, vectors, count);
            }
        }

        int slot = _state.Base.Count - _state.RemovedCount;
        int filled = 0;
        foreach (Entry entry in _state.Added.Entries)
        {
            slots[filled] = slot++;
            ids[filled] = entry.Id;
            _state.Added.CopyKey(entry.Position, vectors.AsSpan(filled * _dimension, _dimension));
            if (++filled < _rowsAtOnce) continue;
            yield return Batch(slots, ids, vectors, filled);
            filled = 0;
        }

        if (filled > 0) yield return Batch(slots, ids, vectors, filled);
    }

    private SlottedBatch Batch(int[] slots, long[] ids, float[] vectors, int count)
        => new(slots.AsMemory(0, count), ids.AsMemory(0, count), vectors.AsMemory(0, count * _dimension));

    private int Fill(int list, ref int posting, int[] slots, long[] ids, float[] vectors)
    {
        int primaries = _state.Base.List(list).PrimaryCount;
        byte* first = _state.Base.Postings(list, primaries);
        int stride = IndexFormat.PostingBytes(_dimension);
        int filled = 0;
        for (; posting < primaries && filled < slots.Length; posting++)
        {
            byte* place = first + ((nint)posting * stride);
            int slot = _state.Base.SlotOf(place, list);
            if (_state.IsRemoved(slot)) continue;
            var vector = new ReadOnlySpan<float>(place + sizeof(int), _dimension);
            if (!TensorPrimitives.IsFiniteAll(vector)) throw _state.Base.NotFinite(list);
            ulong before = ~_state.Removed[slot >> 6] & ((1UL << (slot & 63)) - 1);
            slots[filled] = _ranks[slot >> 6] + BitOperations.PopCount(before);
            ids[filled] = _state.Base.IdAt(slot);
            vector.CopyTo(vectors.AsSpan(filled++ * _dimension));
        }

        return filled;
    }
}
