// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Settings of <see cref="EntryMap.OfNeighbors"/>; <c>new EntryMapSettings()</c> is valid.</summary>
/// <remarks>Source of the defaults: McInnes, Healy and Melville, 2018, arXiv 1802.03426, where not said otherwise.
/// </remarks>
public sealed record EntryMapSettings
{
    /// <summary>
    /// Distance in the plane below which neighbours need not come nearer, at least 0 and at most <see cref="Spread"/>.
    /// Default 0.1.
    /// </summary>
    public double MinimumDistance { get; init; } = 0.1;

    /// <summary>Distance in the plane over which nearness fades, in [0.01, 100]. Default 1.</summary>
    public double Spread { get; init; } = 1;

    /// <summary>
    /// Times that every entry is moved, at least 1; null (the default) means 500 for up to 10,000 entries, else 200.
    /// </summary>
    public int? EpochCount { get; init; }

    /// <summary>Entries drawn to be pushed away from each time a neighbour pulls, at least 0. Default 5.</summary>
    public int NegativeSampleCount { get; init; } = 5;

    /// <summary>Length of the first steps, in (0, 100]; they shrink to 0 in equal parts. Default 1.</summary>
    public double LearningRate { get; init; } = 1;

    /// <summary>Seed of the drawn entries. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// Number of threads, at least 1; null (the default) uses every processor. It never changes a result.
    /// </summary>
    public int? ThreadCount { get; init; }

    /// <summary>Checks every setting and reports all violations in one exception.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal void Validate()
    {
        var violations = new OptionViolations(nameof(EntryMapSettings));
        violations.Require(Spread is >= 0.01 and <= 100, nameof(Spread), "in [0.01, 100]", Spread);
        violations.Require(
            MinimumDistance >= 0 && MinimumDistance <= Spread,
            nameof(MinimumDistance),
            "at least 0 and at most Spread",
            MinimumDistance);
        if (EpochCount is { } epochs) violations.RequireAtLeast(epochs, 1, nameof(EpochCount));
        violations.RequireAtLeast(NegativeSampleCount, 0, nameof(NegativeSampleCount));
        violations.Require(LearningRate is > 0 and <= 100, nameof(LearningRate), "in (0, 100]", LearningRate);
        if (ThreadCount is { } threads) violations.RequireAtLeast(threads, 1, nameof(ThreadCount));
        violations.ThrowIfAny();
    }
}
