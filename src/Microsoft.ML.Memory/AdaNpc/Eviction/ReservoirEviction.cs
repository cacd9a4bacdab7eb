// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// A random entry leaves, with the probability that keeps the memory an even sample of the whole past.
/// </summary>
/// <remarks>Algorithm R (Vitter, 1985): a draw below the capacity names the entry, another refuses the row.</remarks>
internal sealed class ReservoirEviction(Func<long, long> draw) : EvictionPolicy
{
    private readonly ArrivalOrder _order = new();

    public override void Add(AdaptiveEntry entry) => _order.Add(entry);

    public override void Remove(AdaptiveEntry entry) => _order.Remove(entry);

    public override AdaptiveEntry? Choose(AdaptiveEntry candidate, EntryCounts asked)
        => draw(asked.OfAll) is var place && place < _order.Count ? _order[(int)place] : null;
}
