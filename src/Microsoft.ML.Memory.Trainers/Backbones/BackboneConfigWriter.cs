// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Microsoft.ML.Memory;

/// <summary>Writes a backbone's config in the layout that HuggingFace reads.</summary>
internal static class BackboneConfigWriter
{
    /// <summary>How JSON files are written: indented, letters of every script as they are.</summary>
    public static JsonWriterOptions Options => new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    public static string Write(BackboneConfig config)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("architectures");
            json.WriteStringValue(Architecture(config));
            json.WriteEndArray();
            bool nested = config.Kind == BackboneKind.Clip && config.LabelCount > 0;
            json.WriteString("model_type", nested ? "clip" : ModelType(config));
            if (nested) WriteTower(json, config);
            else WriteModel(json, config);
            WriteLabels(json, config);
            json.WriteString("torch_dtype", "float32");
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private static string Architecture(BackboneConfig config)
    {
        bool head = config.LabelCount > 0;
        return config.Kind switch
        {
            BackboneKind.Vit => head ? "ViTForImageClassification" : "ViTModel",
            BackboneKind.Bert => head ? "BertForSequenceClassification" : "BertModel",
            BackboneKind.Clip => head ? "CLIPForImageClassification" : "CLIPVisionModelWithProjection",
            _ => (config.RegisterCount > 0 ? "Dinov2WithRegisters" : "Dinov2")
                + (head ? "ForImageClassification" : "Model"),
        };
    }

    private static string ModelType(BackboneConfig config) => config.Kind switch
    {
        BackboneKind.Vit => "vit",
        BackboneKind.Bert => "bert",
        BackboneKind.Clip => "clip_vision_model",
        _ => config.RegisterCount > 0 ? "dinov2_with_registers" : "dinov2",
    };

    private static void WriteTower(Utf8JsonWriter json, BackboneConfig config)
    {
        json.WriteNumber("projection_dim", config.ProjectionSize);
        json.WriteStartObject("vision_config");
        json.WriteString("model_type", "clip_vision_model");
        WriteModel(json, config);
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, BackboneConfig config)
    {
        json.WriteNumber("hidden_size", config.HiddenSize);
        json.WriteNumber("num_hidden_layers", config.LayerCount);
        json.WriteNumber("num_attention_heads", config.HeadCount);
        json.WriteString("hidden_act", ActivationText.Of(config.Activation));
        json.WriteNumber("layer_norm_eps", config.LayerNormEpsilon);
        if (config.IsImage)
        {
            json.WriteNumber("image_size", config.ImageSize);
            json.WriteNumber("patch_size", config.PatchSize);
            json.WriteNumber("num_channels", config.ChannelCount);
        }

        WriteOwn(json, config);
    }

    private static void WriteOwn(Utf8JsonWriter json, BackboneConfig config)
    {
        if (config.Kind != BackboneKind.Dinov2) json.WriteNumber("intermediate_size", config.IntermediateSize);
        switch (config.Kind)
        {
            case BackboneKind.Vit:
                json.WriteBoolean("qkv_bias", config.QkvBias);
                json.WriteNumber("encoder_stride", config.PatchSize);
                break;
            case BackboneKind.Dinov2:
                json.WriteNumber("mlp_ratio", BackboneRules.Ratio(config)!.Value);
                json.WriteBoolean("use_swiglu_ffn", config.SwiGlu);
                json.WriteBoolean("qkv_bias", config.QkvBias);
                json.WriteNumber("layerscale_value", 1.0);
                if (config.RegisterCount > 0) json.WriteNumber("num_register_tokens", config.RegisterCount);
                break;
            case BackboneKind.Clip:
                json.WriteNumber("projection_dim", config.ProjectionSize);
                break;
            case BackboneKind.Bert:
                json.WriteNumber("vocab_size", config.VocabularySize);
                json.WriteNumber("max_position_embeddings", config.MaxPositions);
                json.WriteNumber("type_vocab_size", config.TypeVocabularySize);
                json.WriteString("position_embedding_type", "absolute");
                break;
        }
    }

    private static void WriteLabels(Utf8JsonWriter json, BackboneConfig config)
    {
        if (config.LabelCount == 0) return;
        json.WriteStartObject("id2label");
        for (int index = 0; index < config.LabelCount; index++)
            json.WriteString(index.ToString(CultureInfo.InvariantCulture), config.Labels[index]);
        json.WriteEndObject();

        // Two classes of one name have no place in a map by name.
        if (config.Labels.Distinct(StringComparer.Ordinal).Count() < config.LabelCount) return;
        json.WriteStartObject("label2id");
        for (int index = 0; index < config.LabelCount; index++) json.WriteNumber(config.Labels[index], index);
        json.WriteEndObject();
    }
}
