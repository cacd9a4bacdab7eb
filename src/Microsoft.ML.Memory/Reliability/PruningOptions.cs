// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How unreliable entries are kept from voting; <c>new PruningOptions()</c> prunes nothing.</summary>
/// <remarks>
/// <para>Counts: see <see cref="EntryReliability"/>. Where all neighbours of a query are pruned, all of them
/// vote.</para>
/// <para>Source of the defaults: the code released with Geirhos et al., 2025, arXiv 2408.08172.</para>
/// </remarks>
public sealed record PruningOptions
{
    private const int HardNeighborCount = 100;
    private const int SoftNeighborCount = 10;

    /// <summary>What is done about unreliable entries. Default nothing.</summary>
    public PruningKind Kind { get; init; }

    /// <summary>
    /// Number of neighbours that reliability is counted over, at least 1; null (the default) means 100 for hard pruning
    /// and 10 for the others.
    /// </summary>
    public int? NeighborCount { get; init; }

    /// <summary>
    /// Counts from which on an entry is excluded, at least 1. Null (the default) means 1 for
    /// <see cref="PruningKind.WrongMinusCorrect"/>, and for <see cref="PruningKind.Hard"/> the 98th percentile of the
    /// wrong counts of the memory (at least 1); the released code has 128, which fits ImageNet. Soft pruning ignores
    /// it.
    /// </summary>
    public int? Threshold { get; init; }

    /// <summary>Numerator of the soft multiplier, above 0. Default 1.75.</summary>
    public double Gain { get; init; } = 1.75;

    /// <summary>What the soft multiplier's denominator adds to the wrong counts, at least 0. Default 1.</summary>
    public double Offset { get; init; } = 1.0;

    /// <summary>Number of neighbours that reliability is counted over, the default filled in.</summary>
    internal int CountedNeighbors
        => NeighborCount ?? (Kind == PruningKind.Hard ? HardNeighborCount : SoftNeighborCount);

    /// <summary>Checks every setting.</summary>
    /// <param name="violations">Receives what is wrong.</param>
    /// <param name="name">Name of the property that holds these options.</param>
    internal void Validate(OptionViolations violations, string name)
    {
        violations.Require(Enum.IsDefined(Kind), $"{name}.{nameof(Kind)}", "a kind of pruning", Kind);
        if (NeighborCount is { } count) violations.RequireAtLeast(count, 1, $"{name}.{nameof(NeighborCount)}");
        if (Threshold is { } threshold) violations.RequireAtLeast(threshold, 1, $"{name}.{nameof(Threshold)}");
        violations.RequirePositive(Gain, $"{name}.{nameof(Gain)}");
        violations.RequireAtLeast(Offset, 0.0, $"{name}.{nameof(Offset)}");
    }
}
