// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Settings of <see cref="AdaNpcTrainer"/>; <c>new AdaNpcOptions()</c> is valid.</summary>
/// <remarks>Source: Zhang et al., 2023, arXiv 2304.12566; where a default is ours it is said.</remarks>
public sealed record AdaNpcOptions : AdaptationSettings
{
    /// <summary>Name of the label column, a key. Default <c>Label</c>.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>Name of the feature column, a vector of Single with a fixed size. Default <c>Features</c>.</summary>
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>
    /// Name of a column of 32 or 64-bit integers with unique ids; null (the default) numbers the entries from 0.
    /// </summary>
    public string? IdColumnName { get; init; }

    /// <summary>Name of a Single column to add with the confidence; null (the default) adds none.</summary>
    public string? ConfidenceColumnName { get; init; }

    /// <summary>Columns about the neighbours to add. Default none.</summary>
    public NeighborColumns NeighborColumns { get; init; }

    /// <summary>
    /// How the entries are searched, and whether codes take the place of vectors. Default exact while that is fast
    /// enough, then a graph. Entries remembered from a stream are always compared with exactly, but where they are
    /// coded, as the source entries are.
    /// </summary>
    public IndexOptions Index { get; init; } = new();

    /// <summary>Mark of the encoder whose features a memory was fitted on; null where they had none.</summary>
    internal string? EncoderFingerprint { get; init; }

    /// <summary>The columns that an example is read from, beside its label.</summary>
    internal ImportColumnNames Columns => new(FeatureColumnName, Weight: null, IdColumnName, EncoderFingerprint);

    /// <summary>Checks every setting and reports all violations in one exception.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal void Validate()
    {
        var violations = new OptionViolations(nameof(AdaNpcOptions));
        violations.RequireName(LabelColumnName, nameof(LabelColumnName));
        violations.RequireName(FeatureColumnName, nameof(FeatureColumnName));
        violations.RequireNullOrName(IdColumnName, nameof(IdColumnName));
        violations.RequireNullOrName(ConfidenceColumnName, nameof(ConfidenceColumnName));
        ArgumentNullException.ThrowIfNull(Index);
        Index.Validate(violations, $"{nameof(Index)}.");
        Validate(violations);
        violations.Require(
            (NeighborColumns & ~NeighborColumns.All) == 0,
            nameof(NeighborColumns),
            "a set of columns",
            NeighborColumns);
        violations.ThrowIfAny();
    }
}
