// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text;
using System.Text.Json;

namespace Microsoft.ML.Memory;

/// <summary>Writes a LoRA config as PEFT does: keys in alphabetical order, what is not said as null.</summary>
internal static class LoraConfigWriter
{
    public static string Write(LoraAdapterConfig config)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, BackboneConfigWriter.Options))
        {
            json.WriteStartObject();
            WriteFirst(json, config);
            WriteSecond(json, config);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private static void WriteFirst(Utf8JsonWriter json, LoraAdapterConfig config)
    {
        json.WriteStartObject("alpha_pattern");
        foreach ((string pattern, double alpha) in config.AlphaPattern) json.WriteNumber(pattern, alpha);
        json.WriteEndObject();
        json.WriteNull("auto_mapping");
        json.WriteString("base_model_name_or_path", config.BaseModel);
        json.WriteString("bias", config.Bias switch
        {
            LoraBiasKind.All => "all",
            LoraBiasKind.LoraOnly => "lora_only",
            _ => "none",
        });
        WriteFilter(json, "exclude_modules", config.Exclude);
        json.WriteBoolean("fan_in_fan_out", config.FanInFanOut);
        json.WriteBoolean("inference_mode", config.InferenceMode);
        json.WriteBoolean("init_lora_weights", true);
        WriteNames(json, "layers_pattern", config.LayersPattern);
        if (config.LayersToTransform is null)
        {
            json.WriteNull("layers_to_transform");
            return;
        }

        json.WriteStartArray("layers_to_transform");
        foreach (int layer in config.LayersToTransform) json.WriteNumberValue(layer);
        json.WriteEndArray();
    }

    private static void WriteSecond(Utf8JsonWriter json, LoraAdapterConfig config)
    {
        json.WriteNumber("lora_alpha", config.Alpha);
        json.WriteNumber("lora_dropout", config.Dropout);
        WriteNames(json, "modules_to_save", config.ModulesToSave);
        json.WriteString("peft_type", "LORA");
        json.WriteNumber("r", config.Rank);
        json.WriteStartObject("rank_pattern");
        foreach ((string pattern, int rank) in config.RankPattern) json.WriteNumber(pattern, rank);
        json.WriteEndObject();
        json.WriteNull("revision");
        WriteFilter(json, "target_modules", config.Target);
        json.WriteString("task_type", config.TaskType);
        json.WriteBoolean("use_dora", false);
        json.WriteBoolean("use_rslora", config.UseRsLora);
    }

    private static void WriteFilter(Utf8JsonWriter json, string key, ModuleFilter? filter)
    {
        if (filter is { Names.Count: 0 }) json.WriteString(key, filter.ToString());
        else WriteNames(json, key, filter?.Names ?? []);
    }

    private static void WriteNames(Utf8JsonWriter json, string key, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            json.WriteNull(key);
            return;
        }

        json.WriteStartArray(key);
        foreach (string name in names) json.WriteStringValue(name);
        json.WriteEndArray();
    }
}
