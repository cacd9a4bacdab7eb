// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What the values of a backbone's config must be, alone and together.</summary>
internal static class BackboneRules
{
    public const int MostWidth = 1 << 16;
    public const int MostIntermediate = 1 << 18;
    public const int MostLayers = 1 << 10;
    public const int MostPixels = ImageInputOptions.MostSide;
    public const int MostChannels = ImageInputOptions.MostChannels;
    public const int MostRegisters = 1 << 10;
    public const int MostWords = 1 << 24;
    public const int MostPositions = 1 << 20;
    public const double MostRatio = 64;

    public static IEnumerable<BrokenRule> Broken(BackboneConfig config) => Ranges(config).Concat(Relations(config));

    /// <summary>Width between the feed-forward layers of DINOv2, which its files state as a ratio.</summary>
    public static int IntermediateSize(int hiddenSize, double ratio, bool gated)
    {
        int width = (int)(hiddenSize * ratio);
        return gated ? ((int)(width * 2L / 3) + 7) / 8 * 8 : width;
    }

    /// <summary>Finds the ratio for a width; null where no ratio gives it.</summary>
    public static double? Ratio(BackboneConfig config)
    {
        for (int whole = 1; whole <= MostRatio; whole++)
        {
            if (IntermediateSize(config.HiddenSize, whole, config.SwiGlu) == config.IntermediateSize) return whole;
        }

        // The quotient may be rounded below what gives the width back; the next number above it does then.
        double exact = (double)config.IntermediateSize / config.HiddenSize;
        if (config.SwiGlu || exact > MostRatio) return null;
        return IntermediateSize(config.HiddenSize, exact, gated: false) == config.IntermediateSize
            ? exact
            : Math.BitIncrement(exact);
    }

    private static IEnumerable<BrokenRule> Ranges(BackboneConfig config)
    {
        (string Member, string Key, int Value, int Least, int Most)[] sizes =
        [
            ("HiddenSize", "hidden_size", config.HiddenSize, 1, MostWidth),
            ("LayerCount", "num_hidden_layers", config.LayerCount, 1, MostLayers),
            ("HeadCount", "num_attention_heads", config.HeadCount, 1, MostWidth),
            ("IntermediateSize", "intermediate_size", config.IntermediateSize, 1, MostIntermediate),
            ("PatchSize", "patch_size", config.PatchSize, 1, MostPixels),
            ("ImageSize", "image_size", config.ImageSize, 1, MostPixels),
            ("ChannelCount", "num_channels", config.ChannelCount, 1, MostChannels),
            ("RegisterCount", "num_register_tokens", config.RegisterCount, 0, MostRegisters),
            ("ProjectionSize", "projection_dim", config.ProjectionSize, 1, MostWidth),
            ("VocabularySize", "vocab_size", config.VocabularySize, 1, MostWords),
            ("MaxPositions", "max_position_embeddings", config.MaxPositions, 1, MostPositions),
            ("TypeVocabularySize", "type_vocab_size", config.TypeVocabularySize, 1, MostWidth),
        ];
        foreach ((string member, string key, int value, int least, int most) in sizes)
        {
            if (value < least || value > most)
                yield return new BrokenRule(member, key, $"be a whole number from {least} to {most}", $"{value}");
        }

        if (!Enum.IsDefined(config.Kind))
            yield return new BrokenRule("Kind", "model_type", "be one of BackboneKind", $"{(int)config.Kind}");
        if (!Enum.IsDefined(config.Activation))
        {
            yield return new BrokenRule(
                "Activation", "hidden_act", "be one of ActivationKind", $"{(int)config.Activation}");
        }

        if (!(config.LayerNormEpsilon > 0 && config.LayerNormEpsilon < 1))
        {
            yield return new BrokenRule(
                "LayerNormEpsilon", "layer_norm_eps", "be above 0 and below 1", Check.Shown(config.LayerNormEpsilon));
        }
    }

    private static IEnumerable<BrokenRule> Relations(BackboneConfig config)
    {
        if (config.HeadCount > 0 && config.HiddenSize % config.HeadCount != 0)
        {
            yield return new BrokenRule(
                "HeadCount", "num_attention_heads", $"divide the hidden size of {config.HiddenSize}",
                $"{config.HeadCount}");
        }

        if (config.IsImage && config.PatchSize > 0 && config.ImageSize % config.PatchSize != 0)
        {
            yield return new BrokenRule(
                "ImageSize", "image_size", $"be a multiple of the patch size of {config.PatchSize}",
                $"{config.ImageSize}");
        }

        if (config.Kind != BackboneKind.Dinov2 && (config.RegisterCount > 0 || config.SwiGlu))
        {
            yield return new BrokenRule(
                config.SwiGlu ? "SwiGlu" : "RegisterCount", "model_type", "be left out but for DINOv2",
                config.Kind.ToString());
        }

        if (config.Kind is BackboneKind.Clip or BackboneKind.Bert && !config.QkvBias)
            yield return new BrokenRule("QkvBias", "qkv_bias", $"be true for {config.Kind}", "false");
        if (config.LayerScale && config.HiddenSize > 0 && Ratio(config) is null)
        {
            yield return new BrokenRule(
                "IntermediateSize", "mlp_ratio",
                $"follow from a ratio of at most {Check.Shown(MostRatio)} to the hidden size",
                $"{config.IntermediateSize}");
        }
    }
}
