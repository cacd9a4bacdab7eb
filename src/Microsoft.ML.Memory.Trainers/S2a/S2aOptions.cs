// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>S2A-style tuning: all biases, a low-rank term on the tokens before each block, and a light side branch.
/// </summary>
/// <remarks>
/// <para>None of the three needs an activation of the backbone's width for its own gradient, so that together with
/// <see cref="ActivationSaving.FourBit"/> about a fifth of full fine-tuning's activations are kept.</para>
/// <para>Before block b: x ← x + A B, A [N, r] and B [r, D], the same for all examples. Side branch, with z the means
/// of adjacent channels of a block's output, without a gradient to the backbone: s ← s + W2 relu(W1 norm(s + z)).
/// The feature is the backbone's own plus U s of the first token.</para>
/// <para>B, W2 and U start at 0, so that training starts from the frozen backbone.</para>
/// <para>Source: S2A, 2025, arXiv 2503.08154.</para>
/// <para>Differs from the paper: no code is public and the text was read as an abstract and reviews only. Biases, a
/// low-rank prompt, a pooled side branch and 4-bit codes are the paper's; where the prompt is added, the form of the
/// branch, its head and all defaults are our own completion.</para>
/// </remarks>
public sealed record S2aOptions : FineTuneOptions
{
    /// <summary>Rank r of the term before each block, in [1, 65536]. Default 4.</summary>
    public int Rank { get; init; } = 4;

    /// <summary>Adjacent channels that make one of the side branch; at least 1, divides the backbone's width. Default
    /// 8.</summary>
    public int ChannelGroup { get; init; } = 8;

    /// <summary>Makes the settings of the method, which keeps its activations in 4 bits.</summary>
    public S2aOptions() => SavedActivations = ActivationSaving.FourBit;

    internal override double DefaultLearningRate => 1e-3;

    internal override MemoryMethod Keeps(BackboneConfig config) => MemoryMethod.BitFit.WithSide(
        config.HiddenSize / ChannelGroup,
        isTaped: SavedActivations is not (ActivationSaving.All or ActivationSaving.Checkpoints));

    internal override long FewestNumbers(Backbone backbone) =>
        (long)Rank * backbone.Config.LayerCount * (backbone.Config.TokenCount + backbone.Config.HiddenSize);

    internal override Tuning Create(Backbone backbone, SeededRandom random) => new S2aTuning(backbone, this, random);

    internal override void Validate(OptionViolations violations)
    {
        violations.Require(Rank is >= 1 and <= 65536, nameof(Rank), "in [1, 65536]", Rank);
        violations.RequireAtLeast(ChannelGroup, 1, nameof(ChannelGroup));
    }
}
