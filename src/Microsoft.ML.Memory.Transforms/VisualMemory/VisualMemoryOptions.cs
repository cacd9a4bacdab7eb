// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Settings of <see cref="VisualMemoryTrainer"/>; <c>new VisualMemoryOptions()</c> is valid.</summary>
/// <remarks>Source of the defaults: Geirhos et al., 2025, arXiv 2408.08172, where not said otherwise.</remarks>
public sealed record VisualMemoryOptions
{
    /// <summary>Name of the label column, a key. Default <c>Label</c>.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>Name of the feature column, a vector of Single with a fixed size. Default <c>Features</c>.</summary>
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>
    /// Name of a Single column that multiplies an entry's votes, finite and at least 0; null (the default) means 1 for
    /// all.
    /// </summary>
    public string? ExampleWeightColumnName { get; init; }

    /// <summary>
    /// Name of a column of 32 or 64-bit integers with unique ids; null (the default) numbers the entries from 0.
    /// </summary>
    public string? IdColumnName { get; init; }

    /// <summary>
    /// Number of neighbours that vote, at least 1; all of them where the memory has fewer. Default 50, a product
    /// default: rank votes hardly depend on it and searches of 50 are cheaper than the paper's 100.
    /// </summary>
    public int NeighborCount { get; init; } = 50;

    /// <summary>How far apart two feature vectors are. Default cosine.</summary>
    public Metric Metric { get; init; } = Metric.Cosine;

    /// <summary>How much a neighbour's vote weighs. Default rank voting.</summary>
    public VoteKind Vote { get; init; } = VoteKind.Rank;

    /// <summary>Offset of rank votes, at least 0.1. Default 2.</summary>
    public double RankOffset { get; init; } = 2.0;

    /// <summary>Exponent of distance votes, at least 0 (0 is plurality). Default 1.</summary>
    public double DistanceExponent { get; init; } = 1.0;

    /// <summary>Temperature of softmax votes, above 0. Default 0.07.</summary>
    public double Temperature { get; init; } = 0.07;

    /// <summary>Which class wins where totals are equal. Default the one that reached the total first.</summary>
    public TieBreak TieBreak { get; init; } = TieBreak.FirstToReach;

    /// <summary>Columns about the neighbours to add. Default none.</summary>
    public NeighborColumns NeighborColumns { get; init; }

    /// <summary>
    /// Name of a column, a vector of Int64, with the ids of the entries that alone may be neighbours of a row, such as
    /// the <c>NeighborIds</c> of another memory with the same ids: this memory then ranks again, by its own features,
    /// what the other one found. Ids that are not stored are passed over. Null (the default) searches all entries. What
    /// a memory learns about itself (pruning, calibration, rejection) it learns from a search of all.
    /// </summary>
    public string? CandidateColumnName { get; init; }

    /// <summary>How entries that mislead others are kept from voting. Default not at all.</summary>
    public PruningOptions Pruning { get; init; } = new();

    /// <summary>
    /// How scores become probabilities, fitted by leaving out one entry after the other. Default not at all.
    /// </summary>
    public CalibrationKind Calibration { get; init; }

    /// <summary>
    /// How queries of no class are told from the others, in columns <c>IsUnknown</c> and <c>UnknownScore</c>; null (the
    /// default) leaves them out.
    /// </summary>
    public RejectionOptions? Rejection { get; init; }

    /// <summary>
    /// The class that each stored class votes for; null (the default): for itself. Voting for ancestors is not the same
    /// as taking the ancestor of the winner.
    /// </summary>
    public ClassMap? ClassMap { get; init; }

    /// <summary>
    /// How the entries are searched, and whether codes take the place of vectors. Default exact while that is fast
    /// enough, then a graph.
    /// </summary>
    public IndexOptions Index { get; init; } = new();

    /// <summary>Whether any of the settings asks for something that has to be fitted or mapped.</summary>
    internal bool HasTrust
        => Pruning != new PruningOptions() || Calibration != CalibrationKind.None
            || Rejection is not null || ClassMap is not null;

    /// <summary>Mark of the encoder whose features a memory was fitted on; null where they had none.</summary>
    internal string? EncoderFingerprint { get; init; }

    /// <summary>The columns that an example is read from, beside its label.</summary>
    internal ImportColumnNames Columns =>
        new(FeatureColumnName, ExampleWeightColumnName, IdColumnName, EncoderFingerprint);

    /// <summary>Checks every setting and reports all violations in one exception.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal void Validate()
    {
        var violations = new OptionViolations(nameof(VisualMemoryOptions));
        violations.RequireName(LabelColumnName, nameof(LabelColumnName));
        violations.RequireName(FeatureColumnName, nameof(FeatureColumnName));
        violations.RequireNullOrName(ExampleWeightColumnName, nameof(ExampleWeightColumnName));
        violations.RequireNullOrName(IdColumnName, nameof(IdColumnName));
        violations.RequireNullOrName(CandidateColumnName, nameof(CandidateColumnName));
        violations.RequireAtLeast(NeighborCount, 1, nameof(NeighborCount));
        violations.Require(Enum.IsDefined(Metric), nameof(Metric), "a metric", Metric);
        violations.Require(Enum.IsDefined(Vote), nameof(Vote), "a kind of vote", Vote);
        violations.RequireAtLeast(RankOffset, 0.1, nameof(RankOffset));
        violations.RequireAtLeast(DistanceExponent, 0.0, nameof(DistanceExponent));
        violations.RequirePositive(Temperature, nameof(Temperature));
        violations.Require(Enum.IsDefined(TieBreak), nameof(TieBreak), "a tie rule", TieBreak);
        violations.Require(
            (NeighborColumns & ~NeighborColumns.All) == 0,
            nameof(NeighborColumns),
            "a set of columns",
            NeighborColumns);
        ArgumentNullException.ThrowIfNull(Index);
        Index.Validate(violations, $"{nameof(Index)}.");
        ValidateTrust(violations);
        violations.ThrowIfAny();
    }

    private void ValidateTrust(OptionViolations violations)
    {
        ArgumentNullException.ThrowIfNull(Pruning);
        Pruning.Validate(violations, nameof(Pruning));
        violations.Require(
            Enum.IsDefined(Calibration), nameof(Calibration), "a kind of calibration", Calibration);
        if (Rejection is not { } rejection) return;
        rejection.Validate(violations, nameof(Rejection));
        violations.Require(
            Metric != Metric.InnerProduct || rejection.Score != UnknownScoreKind.ClassNormalizedDistance,
            $"{nameof(Rejection)}.{nameof(rejection.Score)}",
            "another kind with metric InnerProduct, whose distances may be negative",
            rejection.Score);
    }
}
