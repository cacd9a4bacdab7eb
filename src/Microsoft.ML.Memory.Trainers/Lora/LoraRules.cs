// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What the values of a LoRA config must be.</summary>
internal static class LoraRules
{
    public static IEnumerable<BrokenRule> Broken(LoraAdapterConfig config)
    {
        string rank = $"be a whole number from 1 to {LoraAdapterConfig.MostRank}";
        string alpha = $"be a number from 0 to {Check.Shown(LoraAdapterConfig.MostAlpha)}";
        if (!IsRank(config.Rank)) yield return new BrokenRule("Rank", "r", rank, $"{config.Rank}");
        if (!IsAlpha(config.Alpha))
            yield return new BrokenRule("Alpha", "lora_alpha", alpha, Check.Shown(config.Alpha));
        if (config.Dropout is not (>= 0 and <= 1))
        {
            string got = Check.Shown(config.Dropout);
            yield return new BrokenRule("Dropout", "lora_dropout", "be a number from 0 to 1", got);
        }

        if (!Enum.IsDefined(config.Bias))
            yield return new BrokenRule("Bias", "bias", "be one of LoraBiasKind", $"{(int)config.Bias}");
        foreach ((string pattern, int value) in config.RankPattern)
        {
            if (IsRank(value)) continue;
            yield return new BrokenRule(
                "RankPattern", "rank_pattern", rank, $"{value} for {BadFile.Quote(pattern)}");
        }

        foreach ((string pattern, double value) in config.AlphaPattern)
        {
            if (IsAlpha(value)) continue;
            yield return new BrokenRule(
                "AlphaPattern", "alpha_pattern", alpha, $"{Check.Shown(value)} for {BadFile.Quote(pattern)}");
        }

        if (config.LayersToTransform is { } layers && (layers.Count == 0 || layers.Any(layer => layer < 0)))
        {
            yield return new BrokenRule(
                "LayersToTransform", "layers_to_transform", "be null or numbers of at least 0",
                layers.Count == 0 ? "none" : $"{layers.Min()}");
        }

        if (config.ModulesToSave.Any(string.IsNullOrEmpty))
            yield return new BrokenRule("ModulesToSave", "modules_to_save", "be names", "an empty one");
        if (config.LayersPattern.Any(string.IsNullOrEmpty))
            yield return new BrokenRule("LayersPattern", "layers_pattern", "be names", "an empty one");
    }

    private static bool IsRank(int rank) => rank is >= 1 and <= LoraAdapterConfig.MostRank;

    private static bool IsAlpha(double alpha) => alpha is >= 0 and <= LoraAdapterConfig.MostAlpha;
}
