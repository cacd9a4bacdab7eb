// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Settings of <see cref="KeyValueBottleneckTrainer"/>; <c>new KeyValueBottleneckOptions()</c> is valid.
/// </summary>
/// <remarks>
/// Source: Träuble et al., ICML 2023, arXiv 2207.11240, and the authors' code; where a default is ours it is said.
/// </remarks>
public sealed record KeyValueBottleneckOptions : BottleneckSettings
{
    /// <summary>Makes options with every default.</summary>
    public KeyValueBottleneckOptions()
    {
    }

    /// <summary>Makes options with the values of settings, and the default columns.</summary>
    internal KeyValueBottleneckOptions(BottleneckSettings settings)
        : base(settings)
    {
    }

    /// <summary>Name of the label column, a key. Default <c>Label</c>.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>Name of the feature column, a vector of Single with a fixed size. Default <c>Features</c>.</summary>
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>Mark of the encoder whose features a memory was fitted on; null where they had none.</summary>
    internal string? EncoderFingerprint { get; init; }

    /// <summary>The columns that an example is read from, beside its label.</summary>
    internal ImportColumnNames Columns => new(FeatureColumnName, Encoder: EncoderFingerprint);

    /// <summary>Checks every setting and reports all violations in one exception.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal void Validate()
    {
        var violations = new OptionViolations(nameof(KeyValueBottleneckOptions));
        violations.RequireName(LabelColumnName, nameof(LabelColumnName));
        violations.RequireName(FeatureColumnName, nameof(FeatureColumnName));
        Validate(violations);
        violations.ThrowIfAny();
    }
}
