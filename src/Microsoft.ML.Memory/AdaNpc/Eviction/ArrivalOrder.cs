// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;

namespace Microsoft.ML.Memory;

/// <summary>Entries in the order of their arrival, of which any can leave and the n-th can be found.</summary>
/// <remarks>
/// A binary indexed tree of counts over slots: O(log n) a call, amortised over the rebuilding that closes gaps.
/// </remarks>
internal sealed class ArrivalOrder
{
    private const int FirstCapacity = 16;

    private AdaptiveEntry?[] _slots = new AdaptiveEntry?[FirstCapacity];
    private int[] _tree = new int[FirstCapacity + 1];
    private int _used;

    public int Count { get; private set; }

    public void Add(AdaptiveEntry entry)
    {
        if (_used == _slots.Length) Rebuild();
        entry.Slot = _used;
        _slots[_used++] = entry;
        Count++;
        Change(entry.Slot, 1);
    }

    public void Remove(AdaptiveEntry entry)
    {
        _slots[entry.Slot] = null;
        Count--;
        Change(entry.Slot, -1);
    }

    /// <summary>Gives the entry that arrived n-th of those that are here, counted from 0.</summary>
    public AdaptiveEntry this[int n]
    {
        get
        {
            int rest = Check.Index(n, Count);
            int slot = 0;
            for (int step = (int)BitOperations.RoundUpToPowerOf2((uint)_tree.Length); step > 0; step >>= 1)
            {
                int next = slot + step;
                if (next >= _tree.Length || _tree[next] > rest) continue;
                slot = next;
                rest -= _tree[next];
            }

            return _slots[slot] ?? throw new InvalidOperationException("The slot must hold an entry. Got none.");
        }
    }

    private void Change(int slot, int by)
    {
        for (int index = slot + 1; index < _tree.Length; index += index & -index) _tree[index] += by;
    }

    private void Rebuild()
    {
        AdaptiveEntry[] entries = [.. _slots.OfType<AdaptiveEntry>()];
        int capacity = Math.Max(FirstCapacity, 2 * entries.Length);
        _slots = new AdaptiveEntry?[capacity];
        _tree = new int[capacity + 1];
        _used = entries.Length;
        for (int slot = 0; slot < entries.Length; slot++)
        {
            entries[slot].Slot = slot;
            _slots[slot] = entries[slot];
            Change(slot, 1);
        }
    }
}
