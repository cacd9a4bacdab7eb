// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The oldest leaves: of all, or of those that are not source entries.</summary>
internal sealed class FifoEviction(bool protectSource) : EvictionPolicy
{
    private readonly ArrivalOrder _order = new();

    public override void Add(AdaptiveEntry entry)
    {
        if (!IsProtected(entry)) _order.Add(entry);
    }

    public override void Remove(AdaptiveEntry entry)
    {
        if (!IsProtected(entry)) _order.Remove(entry);
    }

    public override AdaptiveEntry? Choose(AdaptiveEntry candidate, EntryCounts asked)
        => _order.Count == 0 ? null : _order[0];

    private bool IsProtected(AdaptiveEntry entry) => protectSource && entry.Origin == EntryOrigin.Source;
}
