// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>One thread's share of searches: walks, ranks by exact distance and writes; used again and again.</summary>
internal sealed unsafe class GraphWorker(GraphNodes nodes)
{
    private const int PrefetchAhead = 4;

    private readonly GraphWalk _walk = new(nodes);
    private readonly RowCodec _codec = nodes.Codec;
    private Ranked[] _ranked = [];
    private NearestHeap.Entry[] _heap = [];

    /// <summary>Answers one query.</summary>
    public void Answer(GraphSearch search, float* query, NeighborTable.Row neighbors)
    {
        int d = _codec.Dimension;
        if (!TensorPrimitives.IsFiniteAll(new ReadOnlySpan<float>(query, d))) return;
        double square = PairDistance.SquaredNorm(query, d);
        if (search.IsExact || (_codec.Metric != Metric.Cosine && !RowTerm.IsTrusted(_codec.Metric, square)))
        {
            Compare(search, query, square, neighbors);
            return;
        }

        _walk.Aim(query);
        GraphState state = search.State;
        _walk.Start(_walk.Descend(state.Entry, state.EntryLevel, 0), search.CandidateCount);
        _walk.Take(state.Starts);
        _walk.Search(0);
        int count = Rank(search, query, square, neighbors.Ids.Length);

        // A walk that ends with fewer was caught among entries that lead nowhere but to each other.
        if (_walk.Found.Count < search.CandidateCount || search.HasFewer(count))
            Compare(search, query, square, neighbors);
        else Write(count, neighbors);
    }

    /// <summary>Ranks what the walk found by (distance, sequence number).</summary>
    private int Rank(GraphSearch search, float* query, double square, int most)
    {
        CandidatePool found = _walk.Found;
        int d = _codec.Dimension;
        int count = 0;
        if (_ranked.Length < most) _ranked = new Ranked[most];
        for (int place = 0; place < Math.Min(PrefetchAhead, found.Count); place++)
            PairDistance.Prefetch(nodes.Row(found.SlotAt(place)), d);
        int* slots = stackalloc int[PairDistance.Many];
        int taken = 0;
        for (int place = 0; place < found.Count; place++)
        {
            if (place + PrefetchAhead < found.Count)
                PairDistance.Prefetch(nodes.Row(found.SlotAt(place + PrefetchAhead)), d);
            int slot = search.FirstTaken(found.SlotAt(place));
            if (slot < 0) continue;
            slots[taken++] = slot;
            if (taken < PairDistance.Many) continue;
            count = Rank(search, slots, taken, query, square, count, most);
            taken = 0;
        }

        return DropRepeated(Rank(search, slots, taken, query, square, count, most));
    }

    /// <summary>Ranks a few more slots and their copies among so many that are; gives how many then are.</summary>
    private int Rank(GraphSearch search, int* slots, int taken, float* query, double square, int count, int most)
    {
        float** rows = stackalloc float*[PairDistance.Many];
        double* distances = stackalloc double[PairDistance.Many];
        for (int i = 0; i < taken; i++) rows[i] = nodes.Row(slots[i]);
        PairDistance.Of(_codec.Metric, query, square, rows, taken, _codec.Dimension, distances);
        for (int i = 0; i < taken; i++)
        {
            for (int slot = slots[i]; slot >= 0; slot = search.FirstTaken(nodes.NextCopy(slot)))
            {
                var ranked = new Ranked(distances[i], nodes.OrderOf(slot), slot);
                if (count < most) count++;
                else if (slot == slots[i] && !ranked.Comes(_ranked[count - 1])) continue; // a copy may be older
                else if (!ranked.Comes(_ranked[count - 1])) break; // nor do the copies behind it
                Insert(ranked, count - 1);
            }
        }

        return count;
    }

    /// <summary>Drops entries met twice, as a copy and, beside a writer, in the place of the first.</summary>
    private int DropRepeated(int count)
    {
        int kept = 0;
        for (int rank = 0; rank < count; rank++)
        {
            if (kept == 0 || _ranked[rank].Slot != _ranked[kept - 1].Slot) _ranked[kept++] = _ranked[rank];
        }

        return kept;
    }

    /// <summary>
    /// Puts an entry into the order of those before a place, which it takes or gives to the last of them.
    /// </summary>
    private void Insert(in Ranked ranked, int place)
    {
        for (; place > 0 && ranked.Comes(_ranked[place - 1]); place--) _ranked[place] = _ranked[place - 1];
        _ranked[place] = ranked;
    }

    private void Write(int count, NeighborTable.Row neighbors)
    {
        for (int rank = 0; rank < count; rank++)
        {
            neighbors.Ids[rank] = nodes.Node(_ranked[rank].Slot).Id;
            neighbors.Positions[rank] = _ranked[rank].Slot;
            neighbors.Distances[rank] = (float)_ranked[rank].Distance;
        }

        neighbors.Count = count;
    }

    /// <summary>Compares with every entry that may be a neighbour; they come in the order of adding.</summary>
    private void Compare(GraphSearch search, float* query, double square, NeighborTable.Row neighbors)
    {
        int[] members = search.Members;
        int d = _codec.Dimension;
        int most = Math.Min(neighbors.Ids.Length, members.Length);
        if (most == 0) return;
        if (_heap.Length < most) _heap = GC.AllocateUninitializedArray<NearestHeap.Entry>(most, pinned: true);
        var nearest = new NearestHeap((NearestHeap.Entry*)Unsafe.AsPointer(ref _heap[0]), most);
        for (int place = 0; place < members.Length; place++)
        {
            float* row = nodes.Row(members[place]);
            nearest.Offer(PairDistance.Of(_codec.Metric, query, square, row, d), place);
        }

        nearest.Sort();
        for (int rank = 0; rank < nearest.Count; rank++)
        {
            int slot = members[nearest[rank].Position];
            neighbors.Ids[rank] = nodes.Node(slot).Id;
            neighbors.Positions[rank] = slot;
            neighbors.Distances[rank] = (float)nearest[rank].Distance;
        }

        neighbors.Count = nearest.Count;
    }

    /// <summary>One entry found.</summary>
    private readonly record struct Ranked(double Distance, long Sequence, int Slot)
    {
        public bool Comes(in Ranked other) =>
            Distance < other.Distance || (Distance == other.Distance && Sequence < other.Sequence);
    }
}
