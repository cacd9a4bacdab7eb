// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Linear probe: a linear head on the feature of the frozen backbone, and nothing else.</summary>
/// <remarks>
/// <para>The baseline that every other method has to beat. What the feature is follows from
/// <see cref="BackboneOptions.Pooling"/>: class token, mean of patches, or both.</para>
/// <para>Source: Alain and Bengio, 2016, arXiv 1610.01644; several blocks: Oquab et al., 2023, arXiv 2304.07193.</para>
/// </remarks>
public sealed record LinearProbeOptions : FineTuneOptions
{
    /// <summary>
    /// Number of last blocks that are read, at least 1 and at most the backbone's: the class tokens of all but the
    /// last, after the final norm, go in front of the feature. Default 1.
    /// </summary>
    public int LayerCount { get; init; } = 1;

    internal override double DefaultLearningRate => 1e-2;

    internal override bool EntersBackbone => false;

    internal override MemoryMethod Keeps(BackboneConfig config) => MemoryMethod.LinearProbe;

    internal override Tuning Create(Backbone backbone, SeededRandom random) => new LinearProbeTuning(backbone, this);

    internal override void Validate(OptionViolations violations) =>
        violations.RequireAtLeast(LayerCount, 1, nameof(LayerCount));
}
