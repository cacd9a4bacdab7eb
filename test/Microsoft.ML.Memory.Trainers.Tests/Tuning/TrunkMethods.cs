// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Trainers.Tests.Tuning;

/// <summary>The methods that train inside the trunk, by name, with settings that suit the tiny backbones.</summary>
internal static class TrunkMethods
{
    public static FineTuneOptions Options(string name) => name switch
    {
        "lora" => new LoraOptions { Rank = 2, Alpha = 4 },
        "lora_all_linear" => new LoraOptions { Rank = 2, TargetModules = ["all-linear"] },
        "bitfit" => new BitFitOptions(),
        "full" => new FullFineTuneOptions(),
        "adapter_sequential" => new AdapterOptions { Bottleneck = 4 },
        "adapter_houlsby" => new AdapterOptions { Bottleneck = 4, Placement = AdapterPlacement.AfterBoth },
        "adapter_parallel" => new AdapterOptions { Bottleneck = 4, Placement = AdapterPlacement.Parallel },
        "prefix" => new PrefixOptions { Length = 2 },
        "prefix_none" => new PrefixOptions { Length = 0 },
        "vpt_deep" => new VptOptions { PromptCount = 2 },
        "vpt_shallow" => new VptOptions { PromptCount = 2, Deep = false },
        "vpt_none" => new VptOptions { PromptCount = 0 },
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
