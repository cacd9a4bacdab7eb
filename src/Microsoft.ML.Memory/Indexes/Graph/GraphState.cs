// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What a search sees of the graph: what was there when it began.</summary>
/// <param name="Version">Number of the last whole change.</param>
/// <param name="Count">Number of entries.</param>
/// <param name="Linked">Number of those that are in the graph: all but copies.</param>
/// <param name="Untrusted">Number of entries whose float scores cannot be trusted.</param>
/// <param name="Entry">Slot where walks start; -1 where there are no entries.</param>
/// <param name="EntryLevel">Highest layer of that slot.</param>
/// <param name="Starts">Slots where walks start as well, on the lowest layer; there may be none.</param>
/// <param name="End">Number of slots ever used.</param>
internal sealed record GraphState(
    long Version, int Count, int Linked, int Untrusted, int Entry, int EntryLevel, int[] Starts, int End)
{
    /// <summary>Searches that run on this state; belongs to <see cref="GraphReaders"/>.</summary>
    public int Readers { get; set; }
}
