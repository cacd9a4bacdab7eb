// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Trainers.Tests.Tuning;

/// <summary>What a method says that it trains at least, against what it makes.</summary>
[TestClass]
public sealed class FewestNumbersTests
{
    public static IEnumerable<object[]> Methods =>
    [
        [new LoraOptions { Rank = 3 }], [new LoraOptions { TargetModules = ["all-linear"] }],
        [new LoraOptions { Layers = [1], RankPattern = [KeyValuePair.Create("query", 1)] }],
        [new BitFitOptions()], [new FullFineTuneOptions()], [new AdapterOptions { Bottleneck = 3 }],
        [new AdapterOptions { Bottleneck = 3, Placement = AdapterPlacement.AfterBoth }],
        [new PrefixOptions { Length = 3 }], [new PrefixOptions { Length = 0 }], [new VptOptions { PromptCount = 3 }],
        [new VptOptions { PromptCount = 3, Deep = false }], [new VptOptions { PromptCount = 0 }],
        [new LinearProbeOptions()], [new VqtOptions { QueryCount = 3, KeepFeatures = 0.1 }],
        [new VqtOptions { QueryCount = 0 }], [new LstOptions { Reduction = 4 }], [new UniPtOptions { Reduction = 4 }],
        [new SherlOptions { Reduction = 4 }], [new R2Options { LayerCount = 1, HeadCount = 1, Width = 3 }],
        [new R2Options { LayerCount = 2, HeadCount = 2 }], [new S2aOptions { ChannelGroup = 4 }],
    ];

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void FewestNumbers_is_never_more_than_the_method_makes(FineTuneOptions options)
    {
        TorchTests.Require();
        foreach (string set in new[] { "methods/backbone", "backbones/dinov2_registers", "backbones/bert" })
        {
            using var tiny = new TinyModel(options, set);
            long made = tiny.Model.Tuning.Tensors.Sum(t => t.Tensor.numel());

            Assert.IsLessThanOrEqualTo(made, options.FewestNumbers(tiny.Backbone), set);
        }
    }
}
