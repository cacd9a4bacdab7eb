// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A class that has most entries gives one up: its oldest, or with draws a random one.</summary>
/// <remarks>
/// With draws, a row of a class that already has most enters with the probability that keeps the class an even sample
/// of its own past (Chrysakis and Moens, ICML 2020).
/// </remarks>
internal sealed class ClassBalancedEviction : EvictionPolicy
{
    private readonly ArrivalOrder[] _classes;
    private readonly Func<long, long>? _draw;

    /// <param name="classCount">Classes there are.</param>
    /// <param name="draw">Gives a random number in [0, its argument); null takes the oldest without draws.</param>
    public ClassBalancedEviction(int classCount, Func<long, long>? draw)
    {
        _classes = new ArrivalOrder[classCount];
        for (int index = 0; index < classCount; index++) _classes[index] = new ArrivalOrder();
        _draw = draw;
    }

    public override void Add(AdaptiveEntry entry) => _classes[entry.Label].Add(entry);

    public override void Remove(AdaptiveEntry entry) => _classes[entry.Label].Remove(entry);

    public override AdaptiveEntry? Choose(AdaptiveEntry candidate, EntryCounts asked)
    {
        ArrivalOrder largest = _classes[0];
        foreach (ArrivalOrder each in _classes)
        {
            if (each.Count > largest.Count) largest = each;
        }

        if (largest.Count == 0) return null;
        if (_draw is null) return largest[0];
        ArrivalOrder own = _classes[candidate.Label];
        if (own.Count < largest.Count) return largest[(int)_draw(largest.Count)];
        return _draw(asked.OfClass) is var place && place < own.Count ? own[(int)place] : null;
    }
}
