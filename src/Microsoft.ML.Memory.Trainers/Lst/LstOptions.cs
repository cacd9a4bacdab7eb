// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Ladder side-tuning: a narrow transformer runs beside the backbone and takes in what blocks give.</summary>
/// <remarks>
/// <para>s_0 = first(x_0). For each kept block with output x: mu = sigmoid(gate / 0.1);
/// s = block(mu s + (1 - mu) down(x)), the block being the backbone's with all widths divided by r. The feature is
/// up(norm(s)[class token]).</para>
/// <para>Costs N D floats a kept block until backward, and what narrow blocks keep.</para>
/// <para>Source: Sung, Cho and Bansal, 2022, arXiv 2206.06522.</para>
/// <para>Differs from the paper: images have max(1, heads / r) heads and not all; the up-projection ends in a new
/// linear head on the class token; kept rows of queries, keys and values come from whole heads, the best first; and the
/// gradients of <see cref="LstInitialization.Fisher"/> are those of a random head, the backbone having none for the
/// task.</para>
/// </remarks>
public sealed record LstOptions : FineTuneOptions
{
    private const int MostKeptWhole = 6;
    private const int DropEvery = 4;

    /// <summary>
    /// How many times narrower than the backbone the side network is, at least 1; divides its width and its
    /// feed-forward width. Default 8.
    /// </summary>
    public int Reduction { get; init; } = 8;

    /// <summary>
    /// Blocks of the backbone, counted from 0 and ascending, beside which a side block runs; null, the default, keeps
    /// all of up to 6 blocks and else leaves out each fourth, from block 0 on.
    /// </summary>
    public IReadOnlyList<int>? Blocks { get; init; }

    /// <summary>Whether the feature is brought back to the backbone's width. Default true.</summary>
    public bool UpProjection { get; init; } = true;

    /// <summary>
    /// Probability with which numbers of the last state are zeroed in training, in [0, 1). The paper takes 0.1 on T5.
    /// Default 0.
    /// </summary>
    public double Dropout { get; init; }

    /// <summary>What the side blocks start as. Default <see cref="LstInitialization.Magnitude"/>.</summary>
    public LstInitialization Initialization { get; init; }

    /// <summary>
    /// Most training examples that <see cref="LstInitialization.Fisher"/> looks at, drawn from all, at least 1. Default
    /// 1024.
    /// </summary>
    public int FisherExampleCount { get; init; } = 1024;

    internal override double DefaultLearningRate => 3e-3;

    internal override bool EntersBackbone => false;

    internal override MemoryMethod Keeps(BackboneConfig config) =>
        MemoryMethod.Ladder(Reduction) with { Blocks = _ => BlocksOf(config).Length };

    internal override Tuning Create(Backbone backbone, SeededRandom random) => new LstTuning(backbone, this, random);

    internal override void Validate(OptionViolations violations)
    {
        violations.RequireAtLeast(Reduction, 1, nameof(Reduction));
        bool ascending = Blocks is null
            || (Blocks is [>= 0, ..] && Blocks.Zip(Blocks.Skip(1)).All(pair => pair.First < pair.Second));
        violations.Require(
            ascending,
            nameof(Blocks),
            "null or ascending numbers of at least 0",
            Blocks is { Count: > 0 } ? string.Join(", ", Blocks) : "none");
        violations.Require(Dropout is >= 0 and < 1, nameof(Dropout), "in [0, 1)", Dropout);
        violations.Require(
            Enum.IsDefined(Initialization), nameof(Initialization), "one of LstInitialization", (int)Initialization);
        violations.RequireAtLeast(FisherExampleCount, 1, nameof(FisherExampleCount));
    }

    /// <summary>The kept blocks of a backbone.</summary>
    internal int[] BlocksOf(BackboneConfig config)
    {
        int count = config.LayerCount;
        if (Blocks is null)
            return [.. Enumerable.Range(0, count).Where(i => count <= MostKeptWhole || i % DropEvery != 0)];
        return Blocks[^1] < count ? [.. Blocks] : throw new ArgumentException(
            $"LstOptions.Blocks must be numbers below the backbone's number of blocks {count}. Got {Blocks[^1]}.");
    }

    /// <summary>Sizes of the side block beside a block of the backbone.</summary>
    internal SideBlockShape ShapeOf(BackboneConfig config, int block)
    {
        long width = SideWidth.Of(config.HiddenSize, Reduction, "LstOptions.Reduction", "width");
        int heads = Math.Max(1, config.HeadCount / Reduction);
        if (width % heads != 0)
        {
            throw new ArgumentException("LstOptions.Reduction must leave a width that its number of heads "
                + $"max(1, {config.HeadCount} / {Reduction}) divides. Got width {width} and {heads} heads.");
        }

        return new SideBlockShape
        {
            Prefix = $"side.{block}.",
            Index = block,
            Width = width,
            InnerWidth = SideWidth.Of(
                config.IntermediateSize, Reduction, "LstOptions.Reduction", "feed-forward width"),
            HeadCount = heads,
            Activation = config.SwiGlu ? ActivationKind.Silu : config.Activation,
            Epsilon = config.LayerNormEpsilon,
            NormLast = config.Kind == BackboneKind.Bert,
            Gated = config.SwiGlu,
        };
    }
}
