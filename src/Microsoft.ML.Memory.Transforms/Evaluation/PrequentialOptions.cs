// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Settings of <see cref="PrequentialEvaluator"/>; <c>new PrequentialOptions()</c> is valid.</summary>
public sealed record PrequentialOptions
{
    /// <summary>Name of the label column of the stream: a key or label values. Default <c>Label</c>.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>
    /// Name of the column with the predicted class: a key, or values of the labels' type. Default
    /// <c>PredictedLabel</c>.
    /// </summary>
    public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

    /// <summary>
    /// Rows that are predicted together before the model learns them, at least 1; the last block may be shorter.
    /// Default 100 (ours): 1 is the strict protocol, larger blocks are faster and delay the labels.
    /// </summary>
    public int BlockSize { get; init; } = 100;

    /// <summary>Rows of the sliding window, at least 1. Default 1000.</summary>
    public int WindowLength { get; init; } = 1000;

    /// <summary>Checks every setting and reports all violations in one exception.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal void Validate()
    {
        var violations = new OptionViolations(nameof(PrequentialOptions));
        violations.RequireName(LabelColumnName, nameof(LabelColumnName));
        violations.RequireName(PredictedLabelColumnName, nameof(PredictedLabelColumnName));
        violations.RequireAtLeast(BlockSize, 1, nameof(BlockSize));
        violations.RequireAtLeast(WindowLength, 1, nameof(WindowLength));
        violations.ThrowIfAny();
    }
}
