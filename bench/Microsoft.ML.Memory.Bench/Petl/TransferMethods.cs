// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>The tuning methods that are compared, the linear probe first.</summary>
/// <remarks>Learning rates were chosen once, on MNIST with seed 1.</remarks>
internal static class TransferMethods
{
    public static IReadOnlyList<(string Name, FineTuneOptions Options)> All { get; } =
    [
        ("linear probe", new LinearProbeOptions { CacheFeatures = true }),
        ("full fine-tuning", new FullFineTuneOptions { LearningRate = 1e-3 }),
        ("BitFit", new BitFitOptions { LearningRate = 2e-2 }),
        ("LoRA q,v r 8", new LoraOptions()),
        ("adapter 16", new AdapterOptions { Bottleneck = 16, LearningRate = 2e-2 }),
        ("AdaptFormer 16", new AdapterOptions
        {
            Bottleneck = 16, Placement = AdapterPlacement.Parallel, LearningRate = 2e-2,
        }),
        ("prefix 16", new PrefixOptions { LearningRate = 1e-1 }),
        ("VPT deep 5", new VptOptions { PromptCount = 5, LearningRate = 1e-1 }),
        ("VQT 4", new VqtOptions { QueryCount = 4, CacheFeatures = true }),
        ("LST r 4", new LstOptions { Reduction = 4, LearningRate = 1e-2, CacheFeatures = true }),
        ("UniPT r 4", new UniPtOptions { Reduction = 4, LearningRate = 1e-2, CacheFeatures = true }),
        ("SHERL r 4", new SherlOptions { Reduction = 4, LearningRate = 1e-2, CacheFeatures = true }),
        ("R2", new R2Options { HeadCount = 4, Dropout = 0.1, LearningRate = 3e-3, CacheFeatures = true }),
        ("S2A, 4 bits", new S2aOptions { LearningRate = 5e-3 }),
        ("S2A, all 4 bits", new S2aOptions
        {
            LearningRate = 5e-3, SavedActivations = ActivationSaving.FourBitEverything,
        }),
    ];
}
