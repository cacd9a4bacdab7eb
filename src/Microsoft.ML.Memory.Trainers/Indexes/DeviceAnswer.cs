// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers;

namespace Microsoft.ML.Memory;

/// <summary>Compares candidates with their query in double precision, and says whether that was enough.</summary>
internal sealed unsafe class DeviceAnswer(BankSnapshot snapshot, NeighborTable neighbors, int k)
{
    /// <summary>Answers one query; false, and no answer, where a row that is no candidate may be as near.</summary>
    /// <param name="query">The query, [d].</param>
    /// <param name="square">Its squared norm.</param>
    /// <param name="number">Its place in the table.</param>
    /// <param name="candidates">The candidates of its batch.</param>
    /// <param name="place">Its place in the batch.</param>
    /// <param name="bound">What candidates' scores say of distances.</param>
    public bool TryWrite(
        float* query, double square, int number, DeviceCandidates candidates, int place, DeviceBound bound)
    {
        NearestHeap.Entry[] room = ArrayPool<NearestHeap.Entry>.Shared.Rent(k);
        try
        {
            fixed (NearestHeap.Entry* entries = room)
            {
                var heap = new NearestHeap(entries, k);
                bool isCertain = Compare(query, square, candidates, place, bound, ref heap);
                if (isCertain) Write(number, ref heap);
                return isCertain;
            }
        }
        finally
        {
            ArrayPool<NearestHeap.Entry>.Shared.Return(room);
        }
    }

    private bool Compare(
        float* query,
        double square,
        DeviceCandidates candidates,
        int place,
        DeviceBound bound,
        ref NearestHeap heap)
    {
        int d = snapshot.Dimension;
        ReadOnlySpan<float> scores = candidates.ScoresOf(place);
        ReadOnlySpan<long> positions = candidates.PositionsOf(place);
        float** rows = stackalloc float*[PairDistance.Many];
        double* distances = stackalloc double[PairDistance.Many];
        int next = 0;
        bool isCertain = false;
        while (next < scores.Length)
        {
            isCertain = float.IsNegativeInfinity(scores[next])
                || (heap.IsFull && heap.Farthest.Distance < bound.LeastDistance(scores[next]));
            if (isCertain) break;
            int taken = 0;
            for (; taken < PairDistance.Many && next + taken < scores.Length; taken++)
            {
                if (float.IsNegativeInfinity(scores[next + taken])) break;
                rows[taken] = (float*)snapshot.KeyAddressAt((int)positions[next + taken]);
                PairDistance.Prefetch(rows[taken], d);
            }

            PairDistance.Of(snapshot.Metric, query, square, rows, taken, d, distances);
            for (int i = 0; i < taken; i++) heap.Offer(distances[i], (int)positions[next + i]);
            next += taken;
        }

        neighbors.AddRescored(next);
        GC.KeepAlive(snapshot);
        return isCertain || candidates.IsAll
            || (heap.IsFull && heap.Farthest.Distance < bound.LeastDistance(scores[^1]));
    }

    private void Write(int number, ref NearestHeap heap)
    {
        heap.Sort();
        NeighborTable.Row row = neighbors.Write(number);
        for (int i = 0; i < heap.Count; i++)
        {
            row.Ids[i] = snapshot.IdAt(heap[i].Position);
            row.Positions[i] = heap[i].Position;
            row.Distances[i] = (float)heap[i].Distance;
        }

        row.Count = heap.Count;
    }
}
