// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>Finds the keys of one head that are nearest to its input, by direct squared differences.</summary>
/// <remarks>
/// Keys lie coordinate by coordinate, so that one instruction serves as many keys as fit into a register. The lowest
/// pair comes first where distances are equal. Searches may run side by side.
/// </remarks>
internal sealed class NearestKeys
{
    /// <summary>Registers of sums that are filled side by side, which hides the latency of each.</summary>
    private const int Registers = 4;

    private readonly int _dimension;
    private readonly int _lanes;
    private readonly float[] _coordinates;
    private readonly float[] _starts;
    private readonly int[] _pairs;

    /// <param name="keys">[pairs, k] keys of the head.</param>
    /// <param name="dimension">k.</param>
    /// <param name="uses">[pairs] how often each was fetched; pairs with 0 are passed over. Empty takes all.</param>
    public NearestKeys(ReadOnlySpan<float> keys, int dimension, ReadOnlySpan<long> uses = default)
    {
        var pairs = new List<int>(keys.Length / dimension);
        for (int pair = 0; pair < keys.Length / dimension; pair++)
        {
            if (uses.IsEmpty || uses[pair] > 0) pairs.Add(pair);
        }

        int width = Registers * Vector<float>.Count;
        _dimension = dimension;
        _lanes = (pairs.Count + width - 1) / width * width;
        _pairs = [.. pairs];
        _coordinates = new float[dimension * _lanes];
        _starts = new float[_lanes];
        Load(keys);

        // What fills up the last register is never nearest.
        _starts.AsSpan(pairs.Count).Fill(float.PositiveInfinity);
    }

    /// <summary>Number of keys that can be found.</summary>
    public int Count => _pairs.Length;

    /// <summary>Takes other keys for the same pairs; nobody may search meanwhile.</summary>
    /// <param name="keys">[pairs, k].</param>
    public void Load(ReadOnlySpan<float> keys)
    {
        for (int lane = 0; lane < _pairs.Length; lane++)
        {
            for (int index = 0; index < _dimension; index++)
                _coordinates[(index * _lanes) + lane] = keys[(_pairs[lane] * _dimension) + index];
        }
    }

    /// <summary>Finds the nearest pair of each input.</summary>
    /// <param name="inputs">[n, k].</param>
    /// <param name="pairs">Receives [n].</param>
    /// <exception cref="InvalidOperationException">There is no key.</exception>
    public void Find(ReadOnlySpan<float> inputs, Span<int> pairs)
    {
        if (Count == 0) throw new InvalidOperationException("A head must have a key to find. Got none.");
        for (int row = 0; row < pairs.Length; row++)
            pairs[row] = _pairs[NearestLane(inputs.Slice(row * _dimension, _dimension))];
    }

    /// <summary>Finds the nearest pairs of each input, nearest first.</summary>
    /// <param name="inputs">[n, k].</param>
    /// <param name="fetchCount">Pairs to find, at least 1; fewer are found where there are fewer.</param>
    /// <param name="pairs">Receives [n, fetchCount]; what is not found stays as it is.</param>
    public void Find(ReadOnlySpan<float> inputs, int fetchCount, Span<int> pairs)
    {
        if (fetchCount == 1)
        {
            Find(inputs, pairs);
            return;
        }

        float[] distances = new float[_lanes];
        for (int row = 0; row < pairs.Length / fetchCount; row++)
        {
            Distances(inputs.Slice(row * _dimension, _dimension), distances);
            for (int rank = 0; rank < Math.Min(fetchCount, Count); rank++)
            {
                int nearest = 0;
                for (int lane = 1; lane < Count; lane++)
                {
                    if (distances[lane] < distances[nearest]) nearest = lane;
                }

                pairs[(row * fetchCount) + rank] = _pairs[nearest];
                distances[nearest] = float.PositiveInfinity;
            }
        }
    }

    private void Distances(ReadOnlySpan<float> input, Span<float> distances)
    {
        _starts.CopyTo(distances);
        for (int index = 0; index < _dimension; index++)
        {
            ReadOnlySpan<float> coordinates = _coordinates.AsSpan(index * _lanes, _lanes);
            for (int lane = 0; lane < _lanes; lane++)
            {
                float difference = input[index] - coordinates[lane];
                distances[lane] += difference * difference;
            }
        }
    }

    private int NearestLane(ReadOnlySpan<float> input)
    {
        int width = Vector<float>.Count;
        int stride = _lanes / width;
        ReadOnlySpan<Vector<float>> coordinates = MemoryMarshal.Cast<float, Vector<float>>(_coordinates);
        ReadOnlySpan<Vector<float>> starts = MemoryMarshal.Cast<float, Vector<float>>(_starts);
        var nearest = new Vector<float>(float.PositiveInfinity);
        Vector<int> nearestBlock = Vector<int>.Zero;
        for (int block = 0; block < stride; block += Registers)
        {
            Vector<float> first = starts[block], second = starts[block + 1];
            Vector<float> third = starts[block + 2], fourth = starts[block + 3];
            int place = block;
            foreach (float value in input)
            {
                var broadcast = new Vector<float>(value);
                ReadOnlySpan<Vector<float>> four = coordinates.Slice(place, Registers);
                Vector<float> difference = broadcast - four[0];
                first = Vector.FusedMultiplyAdd(difference, difference, first);
                difference = broadcast - four[1];
                second = Vector.FusedMultiplyAdd(difference, difference, second);
                difference = broadcast - four[2];
                third = Vector.FusedMultiplyAdd(difference, difference, third);
                difference = broadcast - four[3];
                fourth = Vector.FusedMultiplyAdd(difference, difference, fourth);
                place += stride;
            }

            Keep(first, block, ref nearest, ref nearestBlock);
            Keep(second, block + 1, ref nearest, ref nearestBlock);
            Keep(third, block + 2, ref nearest, ref nearestBlock);
            Keep(fourth, block + 3, ref nearest, ref nearestBlock);
        }

        int best = nearestBlock[0] * width;
        float least = nearest[0];
        for (int lane = 1; lane < width; lane++)
        {
            int candidate = (nearestBlock[lane] * width) + lane;
            if (nearest[lane] > least || (nearest[lane] == least && candidate > best)) continue;
            least = nearest[lane];
            best = candidate;
        }

        return best;
    }

    private static void Keep(
        Vector<float> distances, int block, ref Vector<float> nearest, ref Vector<int> nearestBlock)
    {
        Vector<int> isNearer = Vector.LessThan(distances, nearest);
        nearest = Vector.ConditionalSelect(isNearer, distances, nearest);
        nearestBlock = Vector.ConditionalSelect(isNearer, new Vector<int>(block), nearestBlock);
    }
}
