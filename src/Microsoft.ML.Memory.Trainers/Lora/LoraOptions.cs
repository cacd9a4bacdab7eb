// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory;

/// <summary>Low-rank adaptation: y = x Wᵀ + b + (alpha / r) x Aᵀ Bᵀ on chosen linear layers, W frozen.</summary>
/// <remarks>
/// <para>A [r, in] starts evenly in ±1/sqrt(in), B [out, r] at 0: training starts from the frozen backbone.</para>
/// <para>Source: Hu et al., 2021, arXiv 2106.09685; rsLoRA: Kalajdzievski, 2023, arXiv 2312.03732.</para>
/// </remarks>
public sealed record LoraOptions : FineTuneOptions
{
    private const string AllLinear = "all-linear";

    /// <summary>Rank r of the update, in [1, 65536]. Default 8.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>Scale of the update, divided by the rank; above 0 and at most 1e9. Default 8.</summary>
    public double Alpha { get; init; } = 8;

    /// <summary>Probability with which inputs of the update are zeroed in training, in [0, 1). Default 0.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether alpha is divided by the square root of the rank instead. Default false.</summary>
    public bool RankStabilized { get; init; }

    /// <summary>
    /// Last parts of the names of the layers that are adapted, or <c>all-linear</c> alone; null, the default, adapts
    /// queries and values.
    /// </summary>
    public IReadOnlyList<string>? TargetModules { get; init; }

    /// <summary>Numbers of the blocks that are adapted, from 0; null, the default, adapts all.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>
    /// Other ranks for layers whose name ends with a match of a regular expression; the first that matches decides.
    /// Default empty.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, int>> RankPattern { get; init; } = [];

    /// <summary>Other values of alpha, chosen as in <see cref="RankPattern"/>. Default empty.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> AlphaPattern { get; init; } = [];

    /// <summary>Which biases are trained too. Default none.</summary>
    public LoraBiasKind Bias { get; init; }

    /// <summary>
    /// Names of modules of the backbone that are trained and saved whole, such as <c>layernorm</c>; the head always is.
    /// Default empty.
    /// </summary>
    public IReadOnlyList<string> ModulesToSave { get; init; } = [];

    internal override double DefaultLearningRate => 5e-3;

    internal override MemoryMethod Keeps(BackboneConfig config)
    {
        LoraAdapterConfig adapter = Config(config);
        BackboneNames names = BackboneNames.Of(config);
        int layer = Layers?[0] ?? 0;
        bool Adapts(string part) => adapter.Matches(names.Prefix + names.InBlock(layer, part));
        bool[] adapted =
        [
            Adapts(names.Query), Adapts(names.Key), Adapts(names.Value),
            Adapts(names.Output), Adapts(names.Up), Adapts(names.Down),
        ];
        // Queries, keys and values read the same norm; every other layer has an input of its own.
        int streams = (adapted[..3].Contains(true) ? 1 : 0) + adapted[3..5].Count(a => a);
        return MemoryMethod.Lora(Rank, streams, adapted[5], adapted.Count(a => a));
    }

    internal override long FewestNumbers(Backbone backbone)
    {
        LoraAdapterConfig adapter = Config(backbone.Config);
        string prefix = BackboneNames.Of(backbone.Config).Prefix;
        return LoraLayers.OfBlocks(backbone.Trunk).Where(l => adapter.Matches(prefix + l.Name))
            .Sum(l => adapter.RankOf(prefix + l.Name) * l.Weight.shape.Sum());
    }

    internal override Tuning Create(Backbone backbone, SeededRandom random)
    {
        LoraAdapterConfig config = Config(backbone.Config);
        RequireFit(backbone);
        return new LoraTuning(backbone, config, random);
    }

    internal override void Validate(OptionViolations violations)
    {
        const string names = "null or at least one name, none empty";
        const int most = LoraAdapterConfig.MostRank;
        violations.Require(Rank is >= 1 and <= most, nameof(Rank), $"in [1, {most}]", Rank);
        violations.Require(IsAlpha(Alpha), nameof(Alpha), "above 0 and at most 1e9", Alpha);
        violations.Require(Dropout is >= 0 and < 1, nameof(Dropout), "in [0, 1)", Dropout);
        violations.Require(
            TargetModules is null or { Count: > 0 }, nameof(TargetModules), names, "none");
        violations.Require(
            !(TargetModules ?? []).Any(string.IsNullOrEmpty), nameof(TargetModules), names, "an empty one");
        violations.Require(Layers is null or { Count: > 0 }, nameof(Layers), "null or numbers of at least 0", "none");
        foreach (int layer in Layers ?? [])
            violations.Require(layer >= 0, nameof(Layers), "null or numbers of at least 0", layer);
        RequirePatterns(violations, RankPattern, nameof(RankPattern), v => v is >= 1 and <= most, $"in [1, {most}]");
        RequirePatterns(violations, AlphaPattern, nameof(AlphaPattern), IsAlpha, "above 0 and at most 1e9");
        violations.Require(RankPattern is not null, nameof(RankPattern), "a list", "null");
        violations.Require(AlphaPattern is not null, nameof(AlphaPattern), "a list", "null");
        violations.Require(Enum.IsDefined(Bias), nameof(Bias), "one of LoraBiasKind", (int)Bias);
        violations.Require(
            ModulesToSave?.Any(string.IsNullOrEmpty) == false, nameof(ModulesToSave), "names, none empty",
            ModulesToSave is null ? "null" : "an empty one");
    }

    /// <summary>The same settings as a PEFT configuration.</summary>
    internal LoraAdapterConfig Config(BackboneConfig backbone)
    {
        BackboneNames names = BackboneNames.Of(backbone);
        ModuleFilter target = TargetModules switch
        {
            null => ModuleFilter.Of(LastPart(names.Query), LastPart(names.Value)),
            [AllLinear] => ModuleFilter.AllLinear,
            _ => ModuleFilter.Of([.. TargetModules]),
        };
        return new LoraAdapterConfig
        {
            Rank = Rank,
            Alpha = Alpha,
            Dropout = Dropout,
            UseRsLora = RankStabilized,
            Target = target,
            LayersToTransform = Layers,
            RankPattern = RankPattern,
            AlphaPattern = AlphaPattern,
            Bias = Bias,
            ModulesToSave = [LoraLayers.Heads[0], .. ModulesToSave.Where(m => m != LoraLayers.Heads[0])],
        };
    }

    private static bool IsAlpha(double alpha) => alpha is > 0 and <= LoraAdapterConfig.MostAlpha;

    private static void RequirePatterns<T>(
        OptionViolations violations, IReadOnlyList<KeyValuePair<string, T>>? patterns, string name, Func<T, bool> holds,
        string range)
    {
        foreach ((string pattern, T value) in patterns ?? [])
        {
            violations.Require(
                pattern is not null && ModulePattern.IsValid(pattern), name,
                $"regular expressions of at most {ModulePattern.Longest} letters", BadFile.Quote(pattern ?? ""));
            string got = string.Create(CultureInfo.InvariantCulture, $"{value} for {BadFile.Quote(pattern ?? "")}");
            violations.Require(holds(value), name, range, got);
        }
    }

    // A name or a number that nothing has would silently train nothing.
    private void RequireFit(Backbone backbone)
    {
        LinearLayer[] layers = [.. LoraLayers.OfBlocks(backbone.Trunk)];
        foreach (string name in (TargetModules ?? []).Where(n => n != AllLinear))
        {
            if (LoraLayers.Optional(backbone.Trunk).Concat(layers).Any(l => ModuleFilter.Of(name).Matches(l.Name)))
                continue;
            string known = string.Join(", ", backbone.Trunk.Blocks[0].Linears.Select(l => l.Name));
            throw new ArgumentException("LoraOptions.TargetModules must name linear layers of the backbone. "
                + $"Got {BadFile.Quote(name)}; its first block has {known}.");
        }

        foreach (int layer in (Layers ?? []).Where(l => l >= backbone.Config.LayerCount))
        {
            throw new ArgumentException("LoraOptions.Layers must be numbers of the "
                + $"{backbone.Config.LayerCount} blocks of the backbone, from 0. Got {layer}.");
        }

        foreach (string module in ModulesToSave.Except(LoraLayers.Heads))
        {
            var one = new LoraAdapterConfig { ModulesToSave = [module] };
            if (new TrunkTensors(backbone).Reaching(null).Any(n => one.IsSaved(LoraLayers.ModuleOf(n)))) continue;
            throw new ArgumentException("LoraOptions.ModulesToSave must name modules that the feature of the backbone "
                + $"depends on. Got {BadFile.Quote(module)}.");
        }
    }

    private static string LastPart(string name) => name[(name.LastIndexOf('.') + 1)..];
}
