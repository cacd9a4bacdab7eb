// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// Settings of <see cref="NearestNeighborsRegressionTrainer"/>; <c>new NearestNeighborsRegressionOptions()</c> is
/// valid.
/// </summary>
/// <remarks>
/// The defaults are those of KNeighborsRegressor in scikit-learn, which users compare with, and not those of this
/// library's classifiers: a target mostly depends on columns of a table, whose length says as much as its direction,
/// so Euclidean distance is the metric.
/// </remarks>
public sealed record NearestNeighborsRegressionOptions
{
    /// <summary>Name of the label column, the target, a Single. Default <c>Label</c>.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>Name of the feature column, a vector of Single with a fixed size. Default <c>Features</c>.</summary>
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>
    /// Name of a column of 32 or 64-bit integers with unique ids; null (the default) numbers the stored rows from 0.
    /// </summary>
    public string? IdColumnName { get; init; }

    /// <summary>
    /// Name of a Single column that multiplies what a row counts as a neighbour, finite and at least 0; null (the
    /// default) means 1 for all.
    /// </summary>
    public string? ExampleWeightColumnName { get; init; }

    /// <summary>
    /// Neighbours whose targets are averaged, at least 1; all rows where fewer are stored. Null means every stored row
    /// within <see cref="LargestDistance"/>, however many. Default 5, as in scikit-learn.
    /// </summary>
    public int? NeighborCount { get; init; } = 5;

    /// <summary>How far apart two feature vectors are. Default squared Euclidean distance.</summary>
    public Metric Metric { get; init; } = Metric.SquaredEuclidean;

    /// <summary>How much a neighbour counts. Default uniform.</summary>
    public NeighborWeighting Weighting { get; init; } = NeighborWeighting.Uniform;

    /// <summary>
    /// Distance beyond which a stored row is no neighbour, in the unit of the metric, so squared by default; finite,
    /// and at least 0 but for metric InnerProduct. Null (the default) means that none is too far away. A row may then
    /// have no neighbours, and its score is NaN.
    /// </summary>
    public float? LargestDistance { get; init; }

    /// <summary>Columns about the neighbours to add. Default none.</summary>
    public NeighborColumns NeighborColumns { get; init; }

    /// <summary>
    /// How neighbours are searched, and whether codes take the place of vectors; distances are then those to what the
    /// codes stand for. Default exact while that is fast enough, then a graph, which misses some.
    /// </summary>
    public IndexOptions Index { get; init; } = new();

    /// <summary>Mark of the encoder whose features a regression was fitted on; null where they had none.</summary>
    internal string? EncoderFingerprint { get; init; }

    /// <summary>The settings of the lookup that stores label and weight and finds the neighbours.</summary>
    internal NearestNeighborsOptions Lookup => new()
    {
        FeatureColumnName = FeatureColumnName,
        IdColumnName = IdColumnName,
        NeighborCount = NeighborCount,
        Metric = Metric,
        LargestDistance = LargestDistance,
        StoredColumnNames = ExampleWeightColumnName is { } weight ? [LabelColumnName, weight] : [LabelColumnName],
        Index = Index,
        EncoderFingerprint = EncoderFingerprint,
    };

    /// <summary>Checks every setting and reports all violations in one exception.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Index);
        var violations = new OptionViolations(nameof(NearestNeighborsRegressionOptions));
        violations.RequireName(LabelColumnName, nameof(LabelColumnName));
        violations.RequireNullOrName(ExampleWeightColumnName, nameof(ExampleWeightColumnName));
        violations.Require(
            ExampleWeightColumnName is null || ExampleWeightColumnName != LabelColumnName,
            nameof(ExampleWeightColumnName),
            "another column than LabelColumnName",
            ExampleWeightColumnName);
        Lookup.ValidateSearch(violations);
        violations.Require(Enum.IsDefined(Weighting), nameof(Weighting), "a weighting", Weighting);
        violations.Require(
            Weighting != NeighborWeighting.InverseDistance || Metric != Metric.InnerProduct,
            nameof(Weighting),
            "Uniform with metric InnerProduct, whose distances may be negative",
            Weighting);
        violations.Require(
            (NeighborColumns & ~NeighborColumns.All) == 0,
            nameof(NeighborColumns),
            "a set of columns",
            NeighborColumns);
        Index.Validate(violations, $"{nameof(Index)}.");
        violations.ThrowIfAny();
    }
}
