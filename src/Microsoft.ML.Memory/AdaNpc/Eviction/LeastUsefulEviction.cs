// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The entry whose votes were least in line with the outcomes leaves; source entries never do.</summary>
internal sealed class LeastUsefulEviction : EvictionPolicy
{
    private readonly SortedSet<AdaptiveEntry> _order = new(Comparer<AdaptiveEntry>.Create((first, second) =>
        (first.Usefulness, first.Arrival).CompareTo((second.Usefulness, second.Arrival))));

    private long _arrivals;

    public override void Add(AdaptiveEntry entry)
    {
        if (entry.Origin == EntryOrigin.Source) return;
        entry.Arrival = _arrivals++;
        _order.Add(entry);
    }

    public override void Remove(AdaptiveEntry entry)
    {
        if (entry.Origin != EntryOrigin.Source) _order.Remove(entry);
    }

    public override AdaptiveEntry? Choose(AdaptiveEntry candidate, EntryCounts asked) => _order.Min;

    public override void Voted(AdaptiveEntry entry, bool agreed)
    {
        // The order holds entries by their usefulness, so it changes only while the entry is out of it.
        Remove(entry);
        base.Voted(entry, agreed);
        if (entry.Origin != EntryOrigin.Source) _order.Add(entry);
    }
}
