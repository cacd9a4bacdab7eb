// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>SHERL: mixes the early layers without redundancy, and runs the last blocks on the mixture.</summary>
/// <remarks>
/// <para>The trunk runs without a graph up to the late blocks. With H_l = LN_l(map_l x_l), the guide g being H of what
/// enters the first late block and h_i the n maps before it, for every token: rho_i = sum over j of
/// relu(cos(h_i, h_j)); e_i = relu(score . (h_i * g) + b) / rho_i; w = e / max(sum of e, 1e-6);
/// z = sum of w_i h_i + g; o = out relu(z) + tanh(gate / 0.1) x. The late blocks run on o, their weights frozen.</para>
/// <para>Costs about N D floats an early layer until backward, and what frozen blocks keep for the late ones.</para>
/// <para>Source: Diao et al., 2024, arXiv 2407.07523.</para>
/// <para>Differs from the paper: all backbones map by a linear layer with a bias and a norm; lengths in the cosine are
/// at least 1e-8 instead of having 1e-8 added.</para>
/// </remarks>
public sealed record SherlOptions : FineTuneOptions
{
    /// <summary>How many times narrower than the backbone maps are, at least 1; divides its width. Default 8.</summary>
    public int Reduction { get; init; } = 8;

    /// <summary>Number of last blocks that run on the mixture, at least 1, below the backbone's. Default 1.</summary>
    public int LateCount { get; init; } = 1;

    /// <summary>
    /// Whether the mixture is normalised before it is added; null, the default, does so for texts and not for images.
    /// </summary>
    public bool? NormalizeOutput { get; init; }

    /// <summary>
    /// Probability with which numbers of the mixture are zeroed in training, in [0, 1). The paper takes 0.1 for texts.
    /// Default 0.
    /// </summary>
    public double Dropout { get; init; }

    internal override double DefaultLearningRate => 3e-3;

    internal override bool EntersBackbone => false;

    internal override MemoryMethod Keeps(BackboneConfig config) =>
        MemoryMethod.Sherl(config.HiddenSize / Reduction, LateCount);

    internal override Tuning Create(Backbone backbone, SeededRandom random) => new SherlTuning(backbone, this, random);

    internal override void Validate(OptionViolations violations)
    {
        violations.RequireAtLeast(Reduction, 1, nameof(Reduction));
        violations.RequireAtLeast(LateCount, 1, nameof(LateCount));
        violations.Require(Dropout is >= 0 and < 1, nameof(Dropout), "in [0, 1)", Dropout);
    }
}
