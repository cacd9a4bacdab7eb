// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Settings of <see cref="ContinualEvaluator"/>; <c>new ContinualOptions()</c> is valid.</summary>
public sealed record ContinualOptions
{
    /// <summary>Name of the label column of the test rows: a key or label values. Default <c>Label</c>.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>
    /// Name of the column with the predicted class: a key, or values of the labels' type. Default
    /// <c>PredictedLabel</c>.
    /// </summary>
    public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

    /// <summary>
    /// A model that has learned no task yet, for forward transfer; null (the default) leaves forward transfer out.
    /// </summary>
    public ITransformer? Untrained { get; init; }

    /// <summary>Checks every setting and reports all violations in one exception.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal void Validate()
    {
        var violations = new OptionViolations(nameof(ContinualOptions));
        violations.RequireName(LabelColumnName, nameof(LabelColumnName));
        violations.RequireName(PredictedLabelColumnName, nameof(PredictedLabelColumnName));
        violations.ThrowIfAny();
    }
}
