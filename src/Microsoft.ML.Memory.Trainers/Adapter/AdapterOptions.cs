// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Adapters: adapter(x) = W₂ f(W₁ x + b₁) + b₂ through a bottleneck, added inside every block.</summary>
/// <remarks>
/// <para>An adapter of bottleneck b on width D has 2bD + b + D weights; a block has one, or two with
/// <see cref="AdapterPlacement.AfterBoth"/>. Everything else stays as it is.</para>
/// <para>Where a model scales what a block adds by a learned vector (DINOv2), what an adapter adds is scaled with it.
/// </para>
/// <para>Source: Houlsby et al., 2019, arXiv 1902.00751; Pfeiffer et al., 2021, arXiv 2005.00247; in parallel
/// (AdaptFormer): Chen et al., 2022, arXiv 2205.13535.</para>
/// </remarks>
public sealed record AdapterOptions : FineTuneOptions
{
    private const double ParallelScale = 0.1;

    /// <summary>Where adapters sit. Default after the feed-forward part.</summary>
    public AdapterPlacement Placement { get; init; } = AdapterPlacement.AfterFeedForward;

    /// <summary>Width b of the bottleneck, in [1, 65536]. Default 64.</summary>
    public int Bottleneck { get; init; } = 64;

    /// <summary>The function f; null, the default, takes ReLU in parallel and GELU elsewhere.</summary>
    public ActivationKind? Activation { get; init; }

    /// <summary>
    /// Factor s of what an adapter adds, b₂ included, finite; 0 switches adapters off. Null, the default, takes 0.1 in
    /// parallel and 1 elsewhere.
    /// </summary>
    public double? Scale { get; init; }

    /// <summary>Probability with which training zeroes values in the bottleneck, in [0, 1). Default 0.</summary>
    public double Dropout { get; init; }

    /// <summary>First values. Default those that leave the backbone as it is.</summary>
    public AdapterInit Init { get; init; } = AdapterInit.ZeroUp;

    internal override double DefaultLearningRate => 1e-3;

    internal ActivationKind UsedActivation =>
        Activation ?? (Placement == AdapterPlacement.Parallel ? ActivationKind.Relu : ActivationKind.Gelu);

    internal double UsedScale => Scale ?? (Placement == AdapterPlacement.Parallel ? ParallelScale : 1);

    internal override MemoryMethod Keeps(BackboneConfig config) => Placement switch
    {
        AdapterPlacement.Parallel => MemoryMethod.ParallelAdapter(Bottleneck),
        AdapterPlacement.AfterBoth => MemoryMethod.TwoAdapters(Bottleneck),
        _ => MemoryMethod.SequentialAdapter(Bottleneck),
    };

    internal override long FewestNumbers(Backbone backbone) =>
        2L * Bottleneck * backbone.Config.LayerCount * backbone.Config.HiddenSize;

    internal override Tuning Create(Backbone backbone, SeededRandom random) =>
        new AdapterTuning(backbone, this, random);

    internal override void Validate(OptionViolations violations)
    {
        violations.Require(Enum.IsDefined(Placement), nameof(Placement), "a known placement", Placement);
        violations.Require(Bottleneck is >= 1 and <= 65536, nameof(Bottleneck), "in [1, 65536]", Bottleneck);
        violations.Require(
            Activation is not { } f || Enum.IsDefined(f), nameof(Activation), "null or a known activation", Activation);
        violations.Require(Scale is not { } s || double.IsFinite(s), nameof(Scale), "null or finite", Scale);
        violations.Require(Dropout is >= 0 and < 1, nameof(Dropout), "in [0, 1)", Dropout);
        violations.Require(Enum.IsDefined(Init), nameof(Init), "a known way to start", Init);
    }
}
