// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Samples rows of a stream: those with the smallest hashes of their ids, in whatever order.</summary>
internal sealed class RowSample(int capacity, int dimension, long seed)
{
    private readonly PriorityQueue<int, (ulong, long)> _largestFirst = new(
        Comparer<(ulong Hash, long Id)>.Create((a, b) => b.CompareTo(a)));

    private readonly List<(ulong Hash, long Id)> _keys = [];
    private float[] _rows = [];

    /// <summary>Takes a row into the sample or passes it over.</summary>
    public void Offer(long id, ReadOnlySpan<float> row)
    {
        (ulong, long) key = (Hash(id), id);
        int place = _keys.Count;
        if (place == capacity)
        {
            if (!_largestFirst.TryPeek(out place, out (ulong, long) largest) || key.CompareTo(largest) >= 0) return;
            _largestFirst.Dequeue();
            _keys[place] = key;
        }
        else
        {
            _keys.Add(key);
            if (_rows.Length < _keys.Count * dimension)
                Array.Resize(ref _rows, (int)Math.Min((long)capacity, Math.Max(64, 2L * place)) * dimension);
        }

        _largestFirst.Enqueue(place, key);
        row.CopyTo(Row(place));
    }

    /// <summary>Gives [s, d] the sample in the order of the hashes.</summary>
    public float[] Take()
    {
        int[] order = [.. Enumerable.Range(0, _keys.Count)];
        Array.Sort(order, (a, b) => _keys[a].CompareTo(_keys[b]));
        float[] held = new float[dimension];
        for (int start = 0; start < order.Length; start++)
        {
            if (order[start] < 0) continue;
            Row(start).CopyTo(held);
            int place = start;
            for (int next; (next = order[place]) != start; place = next)
            {
                Row(next).CopyTo(Row(place));
                order[place] = -1;
            }

            held.CopyTo(Row(place));
            order[place] = -1;
        }

        Array.Resize(ref _rows, order.Length * dimension);
        return _rows;
    }

    private Span<float> Row(int place) => _rows.AsSpan(place * dimension, dimension);

    /// <summary>Mixes seed and id so that every bit of the result depends on every bit of both.</summary>
    private ulong Hash(long id)
    {
        ulong mixed = (unchecked((ulong)seed) * 0x9E3779B97F4A7C15) ^ unchecked((ulong)id);
        for (int round = 0; round < 3; round++)
        {
            mixed ^= mixed >> 32;
            mixed *= 0xD6E8FEB86659FD93;
        }

        return mixed ^ (mixed >> 32);
    }
}
