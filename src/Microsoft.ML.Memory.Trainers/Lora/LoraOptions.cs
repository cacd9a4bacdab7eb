// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Low-rank adaptation: y = x Wᵀ + b + (alpha / r) x Aᵀ Bᵀ on chosen linear layers, W frozen.</summary>
/// <remarks>
/// <para>A [r, in] starts evenly in ±1/sqrt(in), B [out, r] at 0, so that training starts from the frozen backbone.</para>
/// <para>Source: Hu et al., 2021, arXiv 2106.09685; rsLoRA: Kalajdzievski, 2023, arXiv 2312.03732.</para>
/// </remarks>
public sealed record LoraOptions : FineTuneOptions
{
    /// <summary>Rank r of the update, at least 1. Default 8.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>Scale of the update, divided by the rank; finite and above 0. Default 8.</summary>
    public double Alpha { get; init; } = 8;

    /// <summary>Probability with which inputs of the update are zeroed in training, in [0, 1). Default 0.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether alpha is divided by the square root of the rank instead. Default false.</summary>
    public bool RankStabilized { get; init; }

    /// <summary>
    /// Last parts of the names of the layers that are adapted, or <c>all-linear</c>; null, the default, adapts queries
    /// and values.
    /// </summary>
    public IReadOnlyList<string>? TargetModules { get; init; }

    internal override double DefaultLearningRate => 5e-3;

    internal override Tuning Create(Backbone backbone, SeededRandom random) =>
        new LoraTuning(backbone, Config(backbone.Config), random);

    internal override void Validate(OptionViolations violations)
    {
        violations.RequireAtLeast(Rank, 1, nameof(Rank));
        violations.RequirePositive(Alpha, nameof(Alpha));
        violations.Require(Dropout is >= 0 and < 1, nameof(Dropout), "in [0, 1)", Dropout);
        violations.Require(
            TargetModules is null or { Count: > 0 }, nameof(TargetModules), "null or at least one name", "none");
    }

    /// <summary>The same settings as a PEFT configuration.</summary>
    internal LoraAdapterConfig Config(BackboneConfig backbone)
    {
        BackboneNames names = BackboneNames.Of(backbone);
        ModuleFilter target = TargetModules is null ? ModuleFilter.Of(LastPart(names.Query), LastPart(names.Value))
            : ModuleFilter.Of([.. TargetModules]);
        return new LoraAdapterConfig
        {
            Rank = Rank,
            Alpha = Alpha,
            Dropout = Dropout,
            UseRsLora = RankStabilized,
            Target = target,
            ModulesToSave = ["classifier"],
        };
    }

    private static string LastPart(string name) => name[(name.LastIndexOf('.') + 1)..];
}
