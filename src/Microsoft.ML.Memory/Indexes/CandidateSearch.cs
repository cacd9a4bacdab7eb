// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Finds the nearest among entries that somebody else chose: ranks them again by these vectors.</summary>
/// <remarks>
/// <para>Distances are exact and order is by (distance, sequence number), as in a search of all entries. Ids that are
/// not stored are passed over. Cost of a row: m·d for m candidates.</para>
/// <para>Reused from block to block; belongs to one thread at a time.</para>
/// </remarks>
internal sealed class CandidateSearch(BankSnapshot memory)
{
    private readonly float[] _key = new float[memory.Dimension];
    private readonly List<(double Distance, int Position)> _found = [];

    /// <summary>Finds the k nearest candidates of each row.</summary>
    /// <param name="rows">[n, d]; a row with NaN or infinity gets no neighbours.</param>
    /// <param name="candidates">Ids of each row.</param>
    /// <param name="k">Neighbours of a row, at least 1.</param>
    /// <param name="neighbors">Receives the neighbours.</param>
    public void Search(ReadOnlySpan<float> rows, CandidateLists candidates, int k, NeighborTable neighbors)
    {
        int count = rows.Length / memory.Dimension;
        neighbors.Reset(count, Math.Max(1, Math.Min(k, memory.Count)));
        for (int row = 0; row < count; row++)
        {
            _found.Clear();
            ReadOnlySpan<float> query = rows.Slice(row * memory.Dimension, memory.Dimension);
            if (TensorPrimitives.IsFiniteAll(query)) Measure(query, candidates.Of(row));
            Write(neighbors.Write(row));
        }
    }

    private unsafe void Measure(ReadOnlySpan<float> query, ReadOnlySpan<long> ids)
    {
        fixed (float* q = query, key = _key)
        {
            double squaredNorm = PairDistance.SquaredNorm(q, memory.Dimension);
            foreach (long id in ids)
            {
                if (!memory.TryFind(id, out int position)) continue;
                memory.CopyKey(position, _key);
                _found.Add((PairDistance.Of(memory.Metric, q, squaredNorm, key, memory.Dimension), position));
            }
        }

        _found.Sort();
    }

    private void Write(NeighborTable.Row neighbors)
    {
        int count = 0;
        int last = -1;
        foreach ((double distance, int position) in _found)
        {
            if (count == neighbors.Ids.Length) break;
            if (position == last) continue;
            last = position;
            neighbors.Ids[count] = memory.EntryAt(position).Id;
            neighbors.Positions[count] = position;
            neighbors.Distances[count++] = (float)distance;
        }

        neighbors.Count = count;
    }
}
