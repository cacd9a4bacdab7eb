// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Settings of <see cref="CompressedMemoryTrainer"/>; <c>new CompressedMemoryOptions()</c> is valid.</summary>
/// <remarks>
/// Source: Katraouras and Rafailidis, 2026, arXiv 2601.00756, and the authors' code; where a default is ours it is
/// said.
/// </remarks>
public sealed record CompressedMemoryOptions : CodebookSettings
{
    /// <summary>Makes options with every default.</summary>
    public CompressedMemoryOptions()
    {
    }

    /// <summary>Makes options with the values of settings, and every other default.</summary>
    internal CompressedMemoryOptions(CodebookSettings settings)
        : base(settings)
    {
    }

    /// <summary>Name of the label column, a key. Default <c>Label</c>.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>Name of the feature column, a vector of Single with a fixed size. Default <c>Features</c>.</summary>
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>
    /// Name of a column of 32 or 64-bit integers with unique ids; null (the default) numbers the entries from 0.
    /// </summary>
    public string? IdColumnName { get; init; }

    /// <summary>How distances to codes become votes. Default by histograms (ours).</summary>
    public CodeRead Read { get; init; } = CodeRead.Histogram;

    /// <summary>How fast a vote fades with the squared distance, above 0. Default 20 (ours, for rows of length 1).
    /// </summary>
    public double Gamma { get; init; } = 20;

    /// <summary>
    /// Rank of the correction of keys and votes, in [0, 1024]; 0 learns none. Read by attention alone. Default 16.
    /// </summary>
    public int CorrectionRank { get; init; } = 16;

    /// <summary>What the correction is scaled by, before it is divided by its rank; above 0. Default 32.</summary>
    public double CorrectionAlpha { get; init; } = 32;

    /// <summary>Passes over the rows that the correction is learned in, at least 0. Default 3 (ours).</summary>
    public int CorrectionEpochs { get; init; } = 3;

    /// <summary>Mark of the encoder whose features a memory was fitted on; null where they had none.</summary>
    internal string? EncoderFingerprint { get; init; }

    /// <summary>The columns that an example is read from, beside its label.</summary>
    internal ImportColumnNames Columns => new(FeatureColumnName, Weight: null, IdColumnName, EncoderFingerprint);

    /// <summary>Checks every setting and reports all violations in one exception.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal void Validate()
    {
        var violations = new OptionViolations(nameof(CompressedMemoryOptions));
        violations.RequireName(LabelColumnName, nameof(LabelColumnName));
        violations.RequireName(FeatureColumnName, nameof(FeatureColumnName));
        violations.RequireNullOrName(IdColumnName, nameof(IdColumnName));
        Validate(violations);
        violations.Require(Enum.IsDefined(Read), nameof(Read), "a way to read", Read);
        violations.RequirePositive(Gamma, nameof(Gamma));
        violations.Require(CorrectionRank is >= 0 and <= 1024, nameof(CorrectionRank), "in [0, 1024]", CorrectionRank);
        violations.RequirePositive(CorrectionAlpha, nameof(CorrectionAlpha));
        violations.RequireAtLeast(CorrectionEpochs, 0, nameof(CorrectionEpochs));
        violations.ThrowIfAny();
    }
}
