// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>R2-Tuning: one shared block reads the last blocks of the backbone, the deepest first.</summary>
/// <remarks>
/// <para>For each of the last k block outputs x, deepest first: v = fc2 LN(relu(fc1 LN(x))); learned queries q look at
/// it by a = softmax((Wq q + bq) (Wv v + bv)ᵀ / sqrt(w)) v + q; u = v[class token] + tanh(scale_i) max over queries of
/// a, and but for the deepest u = g u + (1 - g) last, g = sigmoid(gate_i). A transformer layer with its norms last runs
/// on the two tokens u and mean of v over patches; its first output is last, which in the end is the feature, of width
/// w. All weights are shared by the k steps but for scale and gate.</para>
/// <para>Costs about N D + 4 N w floats a step until backward.</para>
/// <para>Source: Liu et al., 2024, arXiv 2404.00801.</para>
/// <para>Differs from the paper, which grounds sentences in videos: learned queries stand for the words of a sentence,
/// two tokens for the frames of a video, and there is no contrastive loss and no drop-path. Dropout in front of fc1
/// zeroes the norm's result before its weight and bias, which keeps one tensor for backward and not three.</para>
/// </remarks>
public sealed record R2Options : FineTuneOptions
{
    private const int WideBackbone = 384;
    private const int WideWidth = 256;
    private const int MostWidth = 4096;
    private const int SquareCount = 15; // matrices of w by w: one of the map, two of the queries, twelve of the block

    /// <summary>
    /// Width w, a multiple of <see cref="HeadCount"/>, in [1, 4096]; null, the default, takes 256 on backbones of width
    /// 384 and more, else half the backbone's.
    /// </summary>
    public int? Width { get; init; }

    /// <summary>Number k of last blocks that are read, from 1 to the backbone's. Default 4.</summary>
    public int LayerCount { get; init; } = 4;

    /// <summary>Number of learned queries, in [1, 65536]. Default 4.</summary>
    public int QueryCount { get; init; } = 4;

    /// <summary>Number of attention heads of the shared layer, at least 1. Default 8.</summary>
    public int HeadCount { get; init; } = 8;

    /// <summary>Probability with which inputs of fc1 and fc2 are zeroed in training, in [0, 1). Default 0.5.</summary>
    public double Dropout { get; init; } = 0.5;

    internal override double DefaultLearningRate => 1e-3;

    internal override bool EntersBackbone => false;

    internal override MemoryMethod Keeps(BackboneConfig config) =>
        MemoryMethod.R2((int)WidthOn(config), LayerCount);

    internal override long FewestNumbers(Backbone backbone) =>
        SquareCount * WidthOn(backbone.Config) * WidthOn(backbone.Config);

    internal override Tuning Create(Backbone backbone, SeededRandom random) => new R2Tuning(backbone, this, random);

    internal override void Validate(OptionViolations violations)
    {
        violations.Require(
            Width is null or (>= 1 and <= MostWidth), nameof(Width), $"null or in [1, {MostWidth}]", Width);
        violations.RequireAtLeast(LayerCount, 1, nameof(LayerCount));
        violations.Require(QueryCount is >= 1 and <= 65536, nameof(QueryCount), "in [1, 65536]", QueryCount);
        violations.RequireAtLeast(HeadCount, 1, nameof(HeadCount));
        violations.Require(Dropout is >= 0 and < 1, nameof(Dropout), "in [0, 1)", Dropout);
    }

    /// <summary>The width on a backbone.</summary>
    internal long WidthOn(BackboneConfig config)
    {
        long width = Width ?? (config.HiddenSize >= WideBackbone ? WideWidth : config.HiddenSize / 2);
        return width % HeadCount == 0 ? width : throw new ArgumentException(
            $"R2Options.HeadCount must divide the width {width}. Got {HeadCount}.");
    }
}
