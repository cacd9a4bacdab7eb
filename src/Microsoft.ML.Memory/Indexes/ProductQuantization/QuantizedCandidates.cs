// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The rows with the smallest sums so far, equal ones by position.</summary>
internal sealed class QuantizedCandidates(int capacity)
{
    private ulong[] _keys = new ulong[(int)Math.Min(2L * capacity + 64, 4096)];
    private int _count;
    private ulong _largest = ulong.MaxValue;

    /// <summary>A row with a larger sum is left out.</summary>
    public ushort Threshold { get; private set; } = ushort.MaxValue;

    public void Clear()
    {
        _count = 0;
        _largest = ulong.MaxValue;
        Threshold = ushort.MaxValue;
    }

    public void Add(ushort sum, int position)
    {
        ulong key = ((ulong)sum << 32) | (uint)position;
        if (key >= _largest) return;
        if (_count == _keys.Length) MakeRoom();
        _keys[_count++] = key;
    }

    /// <summary>Gives the positions, at most as many as the capacity, in ascending order.</summary>
    public ReadOnlySpan<ulong> Take()
    {
        Prune();
        Span<ulong> keys = _keys.AsSpan(0, _count);
        foreach (ref ulong key in keys) key = (uint)key;
        keys.Sort();
        return keys;
    }

    private void MakeRoom()
    {
        if (_keys.Length < 2L * capacity) Array.Resize(ref _keys, (int)Math.Min(2L * _keys.Length, 2L * capacity + 64));
        else Prune();
    }

    private void Prune()
    {
        if (_count <= capacity) return;
        _keys.AsSpan(0, _count).Sort();
        _count = capacity;
        _largest = _keys[capacity - 1];
        Threshold = (ushort)(_largest >> 32);
    }
}
