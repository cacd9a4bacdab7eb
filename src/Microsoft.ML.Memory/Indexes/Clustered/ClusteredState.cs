// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What a clustered index holds at one moment; immutable, so that readers need no lock.</summary>
/// <param name="Base">The lists.</param>
/// <param name="Removed">One bit for each slot of the base, 1 for a removed one.</param>
/// <param name="RemovedCount">Number of bits that are 1.</param>
/// <param name="Added">Entries added since the lists were made.</param>
internal sealed record ClusteredState(ClusteredBase Base, ulong[] Removed, int RemovedCount, BankSnapshot Added)
{
    public int Count => Base.Count - RemovedCount + Added.Count;

    public bool IsRemoved(int slot) => (Removed[slot >> 6] >> (slot & 63) & 1) != 0;

    /// <summary>Finds an entry of the lists that was not removed.</summary>
    public bool TryFindInLists(long id, out int slot) => Base.TryFind(id, out slot) && !IsRemoved(slot);

    /// <summary>Gives the bits with some more slots removed.</summary>
    public ulong[] Without(List<int> slots)
    {
        if (slots.Count == 0) return Removed;
        ulong[] removed = [.. Removed];
        foreach (int slot in slots) removed[slot >> 6] |= 1UL << (slot & 63);
        return removed;
    }
}
