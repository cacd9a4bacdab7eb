// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Settings of an adaptive memory; <c>new AdaptationSettings()</c> is valid.</summary>
/// <remarks>Source: Zhang et al., 2023, arXiv 2304.12566; where a default is ours it is said.</remarks>
public record AdaptationSettings
{
    private const int LargestBatch = 16384;

    /// <summary>Number of neighbours that vote, at least 1; all where there are fewer. Default 10 (ours).</summary>
    public int NeighborCount { get; init; } = 10;

    /// <summary>Temperature of the softmax over the neighbours' similarities, above 0. Default 0.1.</summary>
    public double Temperature { get; init; } = 0.1;

    /// <summary>
    /// Confidence from which a row is remembered with its predicted label; 0 or less remembers every row, above 1 none.
    /// Default 0.5 (ours).
    /// </summary>
    public double ConfidenceThreshold { get; init; } = 0.5;

    /// <summary>What counts as confidence. Default the largest vote probability (ours).</summary>
    public ConfidenceKind ConfidenceKind { get; init; } = ConfidenceKind.VoteProbability;

    /// <summary>
    /// Similarity in (-1, 1) from which every entry votes for a row that has one above it; null (the default) lets the
    /// nearest <see cref="NeighborCount"/> vote.
    /// </summary>
    public double? BallSimilarity { get; init; }

    /// <summary>What is added to every class share before the shares are normalised again. Default 1e-5.</summary>
    public double ProbabilityFloor { get; init; } = 1e-5;

    /// <summary>
    /// Rows that are predicted before any of them is remembered, in [1, 16384]. Default 1 (ours; the released code 32).
    /// </summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>
    /// Most entries the memory may hold, at least as many as it starts with and as it has classes; null (the default)
    /// lets it grow by half the entries it starts with, or by 2,000 if that is more, and to an entry a class at least
    /// (ours; the released code has no bound: give <see cref="int.MaxValue"/>).
    /// </summary>
    public int? Capacity { get; init; }

    /// <summary>Who leaves a full memory. Default the oldest entry that is not a source entry (ours).</summary>
    public EvictionKind Eviction { get; init; } = EvictionKind.ProtectedSourceFifo;

    /// <summary>
    /// Whether rows are shifted and scaled, feature by feature, so that the mean and variance of the last
    /// <see cref="BatchSize"/> rows become those of the source. Needs batches of at least 8. Default false.
    /// </summary>
    public bool MatchStatistics { get; init; }

    /// <summary>Seed of the policies that draw. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Collects what is wrong with the settings.</summary>
    internal void Validate(OptionViolations violations)
    {
        violations.RequireAtLeast(NeighborCount, 1, nameof(NeighborCount));
        violations.RequirePositive(Temperature, nameof(Temperature));
        violations.Require(
            !double.IsNaN(ConfidenceThreshold), nameof(ConfidenceThreshold), "a number", ConfidenceThreshold);
        violations.Require(
            Enum.IsDefined(ConfidenceKind), nameof(ConfidenceKind), "a kind of confidence", ConfidenceKind);
        violations.Require(
            BallSimilarity is null or (> -1 and < 1),
            nameof(BallSimilarity), "null or above -1 and below 1", BallSimilarity);
        violations.RequireAtLeast(ProbabilityFloor, 0.0, nameof(ProbabilityFloor));
        violations.Require(
            BatchSize is >= 1 and <= LargestBatch, nameof(BatchSize), $"in [1, {LargestBatch}]", BatchSize);
        violations.Require(Capacity is null or >= 1, nameof(Capacity), "null or at least 1", Capacity);
        violations.Require(Enum.IsDefined(Eviction), nameof(Eviction), "a kind of eviction", Eviction);
        violations.Require(
            !MatchStatistics || BatchSize >= FeatureStatistics.FewestRows,
            nameof(BatchSize), $"at least {FeatureStatistics.FewestRows} where statistics are matched", BatchSize);
    }

    /// <summary>Gives the bound on the number of entries for a memory that starts with so many.</summary>
    internal int CapacityFrom(int count, int classCount)
        => Capacity ?? (int)Math.Min(int.MaxValue, Math.Max(classCount, count + Math.Max(2000L, count / 2)));
}
