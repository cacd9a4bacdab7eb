// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The least sure entry leaves, the oldest of equals, if the candidate is surer.</summary>
internal sealed class LowestConfidenceEviction : EvictionPolicy
{
    private readonly SortedSet<AdaptiveEntry> _order = new(Comparer<AdaptiveEntry>.Create((first, second) =>
        (first.Confidence, first.Arrival).CompareTo((second.Confidence, second.Arrival))));

    private long _arrivals;

    public override void Add(AdaptiveEntry entry)
    {
        entry.Arrival = _arrivals++;
        _order.Add(entry);
    }

    public override void Remove(AdaptiveEntry entry) => _order.Remove(entry);

    public override AdaptiveEntry? Choose(AdaptiveEntry candidate, EntryCounts asked)
        => _order.Min is { } lowest && lowest.Confidence < candidate.Confidence ? lowest : null;
}
