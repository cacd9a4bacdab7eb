// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;

namespace Microsoft.ML.Memory;

/// <summary>Reads a LoRA config out of a file that is taken to be hostile.</summary>
internal static class LoraConfigReader
{
    private const int MostPatterns = 4096;

    private static readonly string[] _read =
    [
        "peft_type", "base_model_name_or_path", "r", "lora_alpha", "lora_dropout", "target_modules", "exclude_modules",
        "layers_to_transform", "layers_pattern", "rank_pattern", "alpha_pattern", "bias", "use_rslora",
        "fan_in_fan_out", "modules_to_save", "inference_mode", "task_type", "init_lora_weights",
    ];

    // These say how training went, or where files came from: nothing that a loaded adapter computes.
    private static readonly string[] _harmless =
    [
        "auto_mapping", "revision", "peft_version", "megatron_config", "megatron_core", "loftq_config", "eva_config",
        "corda_config", "lora_ga_config", "runtime_config", "qalora_group_size", "ensure_weight_tying",
    ];

    // These change what the adapter computes.
    private static readonly string[] _refused =
    [
        "use_dora", "lora_bias", "use_qalora", "layer_replication", "trainable_token_indices", "target_parameters",
        "alora_invocation_tokens", "arrow_config",
    ];

    // Others put a part of the base weights into the adapter, so that it does not fit the base as it is.
    private static readonly string[] _plainStarts = ["gaussian", "eva", "orthogonal"];

    public static LoraAdapterConfig Read(JsonFields fields)
    {
        if (fields.String("peft_type") is var type && type != "LORA")
            throw fields.Error("peft_type", "be LORA", type is null ? "none" : BadFile.Quote(type));
        foreach (string key in _refused) RequireOff(fields, key);
        RequirePlainStart(fields);
        LoraAdapterConfig config = Values(fields);
        foreach (BrokenRule rule in LoraRules.Broken(config))
            throw fields.Error(rule.Key, rule.Constraint, rule.Got);
        return config;
    }

    private static LoraAdapterConfig Values(JsonFields fields) => new()
    {
        BaseModel = fields.String("base_model_name_or_path"),
        Rank = fields.Integer("r", 1, LoraAdapterConfig.MostRank) ?? 8,
        Alpha = fields.Number("lora_alpha", 0, LoraAdapterConfig.MostAlpha) ?? 8,
        Dropout = fields.Number("lora_dropout", 0, 1) ?? 0,
        Target = Filter(fields, "target_modules")
            ?? throw fields.Error("target_modules", "be names, a regular expression or all-linear", "none"),
        Exclude = Filter(fields, "exclude_modules"),
        LayersToTransform = Layers(fields),
        LayersPattern = [.. (fields.Strings("layers_pattern") ?? []).Where(name => name.Length > 0)],
        RankPattern = Patterns(
            fields, "rank_pattern", (key, value) => fields.Integer(key, value, 1, LoraAdapterConfig.MostRank)),
        AlphaPattern = Patterns(
            fields, "alpha_pattern", (key, value) => fields.Number(key, value, 0, LoraAdapterConfig.MostAlpha)),
        Bias = Bias(fields),
        UseRsLora = fields.Boolean("use_rslora") ?? false,
        FanInFanOut = fields.Boolean("fan_in_fan_out") ?? false,
        ModulesToSave = fields.Strings("modules_to_save") ?? [],
        InferenceMode = fields.Boolean("inference_mode") ?? false,
        TaskType = fields.String("task_type"),
        UnknownKeys =
        [
            .. fields.Names.Except(_read).Except(_harmless).Except(_refused).Order(StringComparer.Ordinal),
        ],
    };

    private static ModuleFilter? Filter(JsonFields fields, string key)
    {
        if (fields.Find(key) is not JsonElement value) return null;
        string[] names = fields.Strings(key)!;
        if (value.ValueKind == JsonValueKind.String && names[0].Length > 0)
        {
            RequirePattern(fields, key, names[0]);
            return ModuleFilter.Matching(names[0]);
        }

        return names.Length == 0 && key == "exclude_modules" ? null
            : names.Length > 0 && !names.Contains("") ? ModuleFilter.Of(names)
            : throw fields.Error(key, "have names, none empty", names.Length == 0 ? "none" : "an empty one");
    }

    private static int[]? Layers(JsonFields fields)
    {
        const string Key = "layers_to_transform";
        if (fields.Find(Key) is not JsonElement value) return null;
        if (value.ValueKind != JsonValueKind.Array) return [fields.Integer(Key, value, 0, int.MaxValue)];
        int[] layers = [.. value.EnumerateArray().Select(item => fields.Integer(Key, item, 0, int.MaxValue))];
        return layers.Length == 0 ? null : layers;
    }

    private static KeyValuePair<string, T>[] Patterns<T>(
        JsonFields fields, string key, Func<string, JsonElement, T> read)
    {
        if (fields.Object(key) is not JsonElement map) return [];
        if (map.EnumerateObject().Count() is var count and > MostPatterns)
            throw fields.Error(key, $"have at most {MostPatterns} patterns", $"{count}");
        return [.. map.EnumerateObject().Select(Pair)];

        KeyValuePair<string, T> Pair(JsonProperty entry)
        {
            string pattern = fields.Text(() => entry.Name);
            RequirePattern(fields, key, pattern);
            return KeyValuePair.Create(pattern, read($"{key} at {BadFile.Quote(pattern)}", entry.Value));
        }
    }

    private static void RequirePattern(JsonFields fields, string key, string pattern)
    {
        try
        {
            _ = new ModulePattern(pattern, lastSegments: true);
        }
        catch (ArgumentException)
        {
            throw fields.Error(
                key, $"be a regular expression of at most {ModulePattern.Longest} letters", BadFile.Quote(pattern));
        }
    }

    private static LoraBiasKind Bias(JsonFields fields) => fields.String("bias") switch
    {
        null or "none" => LoraBiasKind.None,
        "all" => LoraBiasKind.All,
        "lora_only" => LoraBiasKind.LoraOnly,
        string other => throw fields.Error("bias", "be none, all or lora_only", BadFile.Quote(other)),
    };

    private static void RequireOff(JsonFields fields, string key)
    {
        if (fields.Find(key) is not JsonElement value) return;
        bool off = value.ValueKind switch
        {
            JsonValueKind.False => true,
            JsonValueKind.Array => value.GetArrayLength() == 0,
            JsonValueKind.Object => !value.EnumerateObject().Any(),
            _ => false,
        };
        if (!off) throw fields.Error(key, "be off, as it is not supported", JsonFields.Shown(value));
    }

    private static void RequirePlainStart(JsonFields fields)
    {
        const string Key = "init_lora_weights";
        if (fields.Find(Key) is not { ValueKind: not (JsonValueKind.True or JsonValueKind.False) } value) return;
        string? text = value.ValueKind == JsonValueKind.String ? fields.String(Key) : null;
        if (text is not null && _plainStarts.Contains(text)) return;
        throw fields.Error(
            Key, $"be true, false, {string.Join(", ", _plainStarts)}, as others change the base weights",
            text is null ? JsonFields.Shown(value) : BadFile.Quote(text));
    }
}
