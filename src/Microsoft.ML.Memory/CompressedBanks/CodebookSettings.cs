// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Settings of the training of a codebook; <c>new CodebookSettings()</c> is valid.</summary>
/// <remarks>
/// Source: Katraouras and Rafailidis, 2026, arXiv 2601.00756, and the authors' code; where a default is ours it is
/// said.
/// </remarks>
public record CodebookSettings
{
    /// <summary>Number of codes K, at least 1. Default 512.</summary>
    public int CodeCount { get; init; } = 512;

    /// <summary>Whether rows are scaled to length 1 first, in training, adding and reading alike. Default true (ours).
    /// </summary>
    public bool NormalizeFeatures { get; init; } = true;

    /// <summary>Weight of the commitment term in the loss that is reported, at least 0. Default 0.25.</summary>
    public double CommitmentWeight { get; init; } = 0.25;

    /// <summary>Learning rate of Adam, above 0. Default 3e-3 (ours; the authors' 1e-5 trains an encoder as well).
    /// </summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Passes over the rows, at least 0. Default 10 (ours).</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Rows of a batch, at least 1. Default 256 (ours).</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Whether every pass takes the rows in another order. Default true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Decay of the moving average of usage, in (0, 1). Default 0.99.</summary>
    public double UsageDecay { get; init; } = 0.99;

    /// <summary>Which codes count as dead. Default those below a share of the mean usage (ours).</summary>
    public CodeReset Reset { get; init; } = CodeReset.BelowShareOfMean;

    /// <summary>The threshold of usage, at least 0. Default 0.1 of the mean (ours; the authors have 1e-4 as it is).
    /// </summary>
    public double ResetThreshold { get; init; } = 0.1;

    /// <summary>Whether a code that moves loses its moments of Adam. Default true (ours; the authors keep them).
    /// </summary>
    public bool ClearMoments { get; init; } = true;

    /// <summary>Seed of first codes, orders and replacements. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Collects what is wrong with the settings.</summary>
    internal void Validate(OptionViolations violations)
    {
        violations.RequireAtLeast(CodeCount, 1, nameof(CodeCount));
        violations.RequireAtLeast(CommitmentWeight, 0.0, nameof(CommitmentWeight));
        violations.RequirePositive(LearningRate, nameof(LearningRate));
        violations.RequireAtLeast(Epochs, 0, nameof(Epochs));
        violations.RequireAtLeast(BatchSize, 1, nameof(BatchSize));
        violations.Require(UsageDecay is > 0 and < 1, nameof(UsageDecay), "above 0 and below 1", UsageDecay);
        violations.Require(Enum.IsDefined(Reset), nameof(Reset), "a kind of reset", Reset);
        violations.RequireAtLeast(ResetThreshold, 0.0, nameof(ResetThreshold));
    }
}
