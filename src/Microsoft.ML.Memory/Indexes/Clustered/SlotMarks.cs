// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The slots that a query has met, one bit each; clearing costs what was marked, not what there is.</summary>
internal sealed class SlotMarks(int slots)
{
    private readonly ulong[] _bits = new ulong[(slots + 63L) / 64];
    private readonly List<int> _touched = [];

    /// <summary>Marks a slot; false where it is marked.</summary>
    public bool TryMark(int slot)
    {
        ref ulong word = ref _bits[slot >> 6];
        ulong bit = 1UL << (slot & 63);
        if ((word & bit) != 0) return false;
        if (word == 0) _touched.Add(slot >> 6);
        word |= bit;
        return true;
    }

    public void Clear()
    {
        foreach (int word in _touched) _bits[word] = 0;
        _touched.Clear();
    }
}
