// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.Memory;

/// <summary>Reads a backbone's config out of a file that is taken to be hostile.</summary>
internal static class BackboneConfigReader
{
    private const string Types = "vit, dinov2, dinov2_with_registers, clip, clip_vision_model, bert";

    public static BackboneConfig Read(JsonFields fields)
    {
        string type = fields.String("model_type") ?? throw fields.Error("model_type", $"be one of {Types}", "none");
        BackboneConfig config = type switch
        {
            "vit" => Vit(fields),
            "dinov2" => Dinov2(fields, registers: 0),
            "dinov2_with_registers" => Dinov2(
                fields, fields.Integer("num_register_tokens", 1, BackboneRules.MostRegisters) ?? 4),
            "clip_vision_model" => Clip(fields, fields),
            "clip" => Clip(
                fields,
                fields.Within("vision_config") ?? throw fields.Error("vision_config", "be an object", "none")),
            "bert" => Bert(fields),
            _ => throw fields.Error("model_type", $"be one of {Types}", BadFile.Quote(type)),
        };
        foreach (BrokenRule rule in BackboneRules.Broken(config))
            throw fields.Error(rule.Key, rule.Constraint, rule.Got);
        return config with { Labels = Labels(fields) };
    }

    private static BackboneConfig Vit(JsonFields fields)
        => Common(fields, new BackboneConfig(), sizesRequired: true) with
        {
            Kind = BackboneKind.Vit,
            IntermediateSize = Required(fields, "intermediate_size", BackboneRules.MostIntermediate),
            QkvBias = fields.Boolean("qkv_bias") ?? true,
        };

    private static BackboneConfig Dinov2(JsonFields fields, int registers)
    {
        BackboneConfig config = Common(fields, new BackboneConfig { LayerNormEpsilon = 1e-6 }, sizesRequired: true);
        bool gated = fields.Boolean("use_swiglu_ffn") ?? false;
        double ratio = fields.Number("mlp_ratio", 0, BackboneRules.MostRatio) ?? 4;
        return config with
        {
            Kind = BackboneKind.Dinov2,
            RegisterCount = registers,
            SwiGlu = gated,
            IntermediateSize = BackboneRules.IntermediateSize(config.HiddenSize, ratio, gated),
            QkvBias = fields.Boolean("qkv_bias") ?? true,
        };
    }

    // Files of CLIP leave out what is as in ViT-B/32; the projection of the whole model stands outside the tower.
    private static BackboneConfig Clip(JsonFields fields, JsonFields tower)
    {
        var usual = new BackboneConfig
        {
            PatchSize = 32,
            LayerNormEpsilon = 1e-5,
            Activation = ActivationKind.QuickGelu,
        };
        return Common(tower, usual, sizesRequired: false) with
        {
            Kind = BackboneKind.Clip,
            IntermediateSize = tower.Integer("intermediate_size", 1, BackboneRules.MostIntermediate)
                ?? usual.IntermediateSize,
            ProjectionSize = fields.Integer("projection_dim", 1, BackboneRules.MostWidth) ?? usual.ProjectionSize,
        };
    }

    private static BackboneConfig Bert(JsonFields fields)
    {
        if (fields.String("position_embedding_type") is { } positions and not "absolute")
            throw fields.Error("position_embedding_type", "be absolute", BadFile.Quote(positions));
        if (fields.Boolean("is_decoder") ?? false)
            throw fields.Error("is_decoder", "be false, as only encoders are known", "true");
        return Blocks(fields, new BackboneConfig(), sizesRequired: true) with
        {
            Kind = BackboneKind.Bert,
            IntermediateSize = Required(fields, "intermediate_size", BackboneRules.MostIntermediate),
            VocabularySize = Required(fields, "vocab_size", BackboneRules.MostWords),
            MaxPositions = Required(fields, "max_position_embeddings", BackboneRules.MostPositions),
            TypeVocabularySize = fields.Integer("type_vocab_size", 1, BackboneRules.MostWidth) ?? 2,
        };
    }

    private static BackboneConfig Common(JsonFields fields, BackboneConfig usual, bool sizesRequired)
    {
        int Size(string name, int otherwise) => sizesRequired
            ? Required(fields, name, BackboneRules.MostPixels)
            : fields.Integer(name, 1, BackboneRules.MostPixels) ?? otherwise;

        return Blocks(fields, usual, sizesRequired) with
        {
            PatchSize = Size("patch_size", usual.PatchSize),
            ImageSize = Size("image_size", usual.ImageSize),
            ChannelCount = fields.Integer("num_channels", 1, BackboneRules.MostChannels) ?? usual.ChannelCount,
        };
    }

    private static BackboneConfig Blocks(JsonFields fields, BackboneConfig usual, bool sizesRequired)
    {
        int Size(string name, int most, int otherwise) => sizesRequired
            ? Required(fields, name, most)
            : fields.Integer(name, 1, most) ?? otherwise;

        return usual with
        {
            HiddenSize = Size("hidden_size", BackboneRules.MostWidth, usual.HiddenSize),
            LayerCount = Size("num_hidden_layers", BackboneRules.MostLayers, usual.LayerCount),
            HeadCount = Size("num_attention_heads", BackboneRules.MostWidth, usual.HeadCount),
            LayerNormEpsilon = fields.Number("layer_norm_eps", 0, 1) ?? usual.LayerNormEpsilon,
            Activation = ActivationText.Read(fields, "hidden_act", usual.Activation),
        };
    }

    private static int Required(JsonFields fields, string name, int most)
        => fields.Integer(name, 1, most) ?? throw fields.Error(name, $"be a whole number from 1 to {most}", "none");

    private static string[] Labels(JsonFields fields)
    {
        if (fields.Object("id2label") is not JsonElement names) return [];
        string[] labels = new string[names.EnumerateObject().Count()];
        string constraint = $"name the classes 0 to {labels.Length - 1} once each";
        foreach (JsonProperty entry in names.EnumerateObject())
        {
            string key = fields.Text(() => entry.Name);
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                || index >= labels.Length || labels[index] is not null)
            {
                throw fields.Error("id2label", constraint, BadFile.Quote(key));
            }

            if (entry.Value.ValueKind != JsonValueKind.String)
                throw fields.Error($"id2label at '{index}'", "be a string", JsonFields.Shown(entry.Value));
            labels[index] = fields.Text(() => entry.Value.GetString()!);
        }

        return labels;
    }
}
