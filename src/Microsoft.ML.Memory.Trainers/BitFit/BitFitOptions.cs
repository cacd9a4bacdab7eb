// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Trains every bias of the backbone, shifts of norms included, and nothing else but the head.</summary>
/// <remarks>
/// <para>Trains 0.12 % of the weights of ViT-B/16. The biases of keys have no gradient, because a softmax does not feel
/// a shift of all its scores; they are trained with the others to keep the file complete.</para>
/// <para>Source: Ben Zaken, Ravfogel and Goldberg, 2022, arXiv 2106.10199.</para>
/// </remarks>
public sealed record BitFitOptions : FineTuneOptions
{
    /// <summary>
    /// Number of blocks, counted from the last, that are tuned, at least 1; the embedding then stays as it is, and the
    /// blocks before run without keeping anything for backward. Null, the default, tunes everything.
    /// </summary>
    public int? TuneLastBlocks { get; init; }

    internal override double DefaultLearningRate => 1e-3;

    internal override Tuning Create(Backbone backbone, SeededRandom random) => new BitFitTuning(backbone, this);

    internal override void Validate(OptionViolations violations) =>
        violations.Require(
            TuneLastBlocks is null or >= 1, nameof(TuneLastBlocks), "null or at least 1", TuneLastBlocks);
}
