// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

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
    /// Name of an Int64, Int32 or UInt32 column with unique ids; null (the default) numbers the entries from 0.
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

    /// <summary>Checks every setting and reports all violations in one exception.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal void Validate()
    {
        var violations = new List<string>();
        Require(!string.IsNullOrEmpty(LabelColumnName), nameof(LabelColumnName), "a column name", LabelColumnName);
        Require(
            !string.IsNullOrEmpty(FeatureColumnName), nameof(FeatureColumnName), "a column name", FeatureColumnName);
        Require(ExampleWeightColumnName != "", nameof(ExampleWeightColumnName), "null or a column name", "");
        Require(IdColumnName != "", nameof(IdColumnName), "null or a column name", "");
        Require(NeighborCount >= 1, nameof(NeighborCount), "at least 1", NeighborCount);
        Require(Enum.IsDefined(Metric), nameof(Metric), "a metric", Metric);
        Require(Enum.IsDefined(Vote), nameof(Vote), "a kind of vote", Vote);
        Require(
            RankOffset is >= 0.1 and < double.PositiveInfinity,
            nameof(RankOffset),
            "finite and at least 0.1",
            RankOffset);
        Require(
            DistanceExponent is >= 0 and < double.PositiveInfinity,
            nameof(DistanceExponent), "finite and at least 0", DistanceExponent);
        Require(
            Temperature is > 0 and < double.PositiveInfinity, nameof(Temperature), "finite and above 0", Temperature);
        Require(Enum.IsDefined(TieBreak), nameof(TieBreak), "a tie rule", TieBreak);
        Require(
            (NeighborColumns & ~NeighborColumns.All) == 0,
            nameof(NeighborColumns),
            "a set of columns",
            NeighborColumns);
        if (violations.Count > 0) throw new ArgumentException(string.Join(" ", violations));

        void Require(bool holds, string name, string constraint, object? got)
        {
            if (holds) return;
            string shown = got is null or "" ? "an empty name" : Convert.ToString(got, CultureInfo.InvariantCulture)!;
            violations.Add($"{nameof(VisualMemoryOptions)}.{name} must be {constraint}. Got {shown}.");
        }
    }
}
