// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Universal parallel tuning: an anchor looks at a narrow map of every layer and mixes what it sees.</summary>
/// <remarks>
/// <para>With H_l = LN_l(map_l x_l) for l = 0..L and the anchor a = LN_a(anchor x_f), x_f the backbone's feature:
/// S_l = relu(a H_lᵀ), each row divided by max(its sum, 1e-6); M_l = S_l H_l + H_l[class token];
/// c = softmax over l of gate . (a * mean of H_l); the feature is x_f + up relu(sum of c_l M_l).</para>
/// <para>Costs about N D floats a layer until backward.</para>
/// <para>Source: Diao et al., 2024, arXiv 2308.14316.</para>
/// <para>Differs from the paper: maps are a linear layer and a norm for the one-token anchor too, and the gate has no
/// bias, which a softmax would undo; the width is a fraction of the backbone's.</para>
/// </remarks>
public sealed record UniPtOptions : FineTuneOptions
{
    /// <summary>How many times narrower than the backbone maps are, at least 1; divides its width. Default 8.</summary>
    public int Reduction { get; init; } = 8;

    /// <summary>What looks at the layers. Default the feature.</summary>
    public UniPtAnchor Anchor { get; init; } = UniPtAnchor.Feature;

    internal override double DefaultLearningRate => 3e-3;

    internal override bool EntersBackbone => false;

    internal override MemoryMethod Keeps(BackboneConfig config) =>
        MemoryMethod.UniPt(config.HiddenSize / Reduction, Anchor == UniPtAnchor.AllTokens);

    internal override Tuning Create(Backbone backbone, SeededRandom random) => new UniPtTuning(backbone, this, random);

    internal override void Validate(OptionViolations violations)
    {
        violations.RequireAtLeast(Reduction, 1, nameof(Reduction));
        violations.Require(Enum.IsDefined(Anchor), nameof(Anchor), "one of UniPtAnchor", (int)Anchor);
    }
}
