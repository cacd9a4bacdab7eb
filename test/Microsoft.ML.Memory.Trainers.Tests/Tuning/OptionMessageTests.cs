// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;

namespace Microsoft.ML.Memory.Trainers.Tests.Tuning;

/// <summary>What the options of the methods inside the trunk refuse, word for word.</summary>
[TestClass]
public sealed class OptionMessageTests
{
    [TestMethod]
    public void Validate_options_out_of_range_says_which() => AssertAll(
        (new BitFitOptions { TuneLastBlocks = 0 }, "BitFitOptions.TuneLastBlocks must be null or at least 1. Got 0."),
        (new FullFineTuneOptions { TuneLastBlocks = -1 },
            "FullFineTuneOptions.TuneLastBlocks must be null or at least 1. Got -1."),
        (new AdapterOptions { Placement = (AdapterPlacement)3 },
            "AdapterOptions.Placement must be a known placement. Got 3."),
        (new AdapterOptions { Bottleneck = 0 }, "AdapterOptions.Bottleneck must be in [1, 65536]. Got 0."),
        (new AdapterOptions { Activation = (ActivationKind)(-1) },
            "AdapterOptions.Activation must be null or a known activation. Got -1."),
        (new AdapterOptions { Scale = double.NaN }, "AdapterOptions.Scale must be null or finite. Got NaN."),
        (new AdapterOptions { Dropout = 1 }, "AdapterOptions.Dropout must be in [0, 1). Got 1."),
        (new AdapterOptions { Init = (AdapterInit)9 }, "AdapterOptions.Init must be a known way to start. Got 9."),
        (new PrefixOptions { Length = -1 }, "PrefixOptions.Length must be in [0, 65536]. Got -1."),
        (new PrefixOptions { InitDeviation = 0 },
            "PrefixOptions.InitDeviation must be finite and above 0. Got 0."),
        (new VptOptions { PromptCount = 65537 }, "VptOptions.PromptCount must be in [0, 65536]. Got 65537."),
        (new VptOptions { Dropout = -0.5 }, "VptOptions.Dropout must be in [0, 1). Got -0.5."));

    [TestMethod]
    public void Validate_LoRA_options_out_of_range_says_which() => AssertAll(
        (new LoraOptions { Rank = 0 }, "LoraOptions.Rank must be in [1, 65536]. Got 0."),
        (new LoraOptions { Alpha = 0 }, "LoraOptions.Alpha must be above 0 and at most 1e9. Got 0."),
        (new LoraOptions { Dropout = 1 }, "LoraOptions.Dropout must be in [0, 1). Got 1."),
        (new LoraOptions { TargetModules = [] },
            "LoraOptions.TargetModules must be null or at least one name, none empty. Got none."),
        (new LoraOptions { TargetModules = [""] },
            "LoraOptions.TargetModules must be null or at least one name, none empty. Got an empty one."),
        (new LoraOptions { Layers = [] }, "LoraOptions.Layers must be null or numbers of at least 0. Got none."),
        (new LoraOptions { Layers = [-2] }, "LoraOptions.Layers must be null or numbers of at least 0. Got -2."),
        (new LoraOptions { RankPattern = [KeyValuePair.Create("(", 1)] },
            "LoraOptions.RankPattern must be regular expressions of at most 4096 letters. Got '('."),
        (new LoraOptions { RankPattern = [KeyValuePair.Create("key", 0)] },
            "LoraOptions.RankPattern must be in [1, 65536]. Got 0 for 'key'."),
        (new LoraOptions { AlphaPattern = [KeyValuePair.Create("key", -1.5)] },
            "LoraOptions.AlphaPattern must be above 0 and at most 1e9. Got -1.5 for 'key'."),
        (new LoraOptions { RankPattern = null! }, "LoraOptions.RankPattern must be a list. Got null."),
        (new LoraOptions { AlphaPattern = null! }, "LoraOptions.AlphaPattern must be a list. Got null."),
        (new LoraOptions { Bias = (LoraBiasKind)5 }, "LoraOptions.Bias must be one of LoraBiasKind. Got 5."),
        (new LoraOptions { ModulesToSave = [""] },
            "LoraOptions.ModulesToSave must be names, none empty. Got an empty one."),
        (new LoraOptions { ModulesToSave = null! }, "LoraOptions.ModulesToSave must be names, none empty. Got null."));

    [TestMethod]
    public void Validate_defaults_are_in_range()
    {
        FineTuneOptions[] all =
        [
            new LoraOptions(), new BitFitOptions(), new FullFineTuneOptions(), new AdapterOptions(),
            new PrefixOptions(), new VptOptions(),
        ];

        foreach (FineTuneOptions options in all) options.Validate();

        Assert.IsTrue(all.All(o => o.DefaultLearningRate is > 0 and < 1));
    }

    [TestMethod]
    public void Options_are_read_as_they_were_written()
    {
        FineTuneOptions[] all =
        [
            new LoraOptions
            {
                Rank = 3, Layers = [1], Bias = LoraBiasKind.All, ModulesToSave = ["layernorm"],
                RankPattern = [KeyValuePair.Create("query", 4)], AlphaPattern = [KeyValuePair.Create("key", 2.5)],
            },
            new BitFitOptions { TuneLastBlocks = 2 },
            new FullFineTuneOptions { TuneLastBlocks = 3 },
            new AdapterOptions { Placement = AdapterPlacement.Parallel, Scale = 0.5, Activation = ActivationKind.Silu },
            new PrefixOptions { Length = 7 },
            new VptOptions { PromptCount = 7, Deep = false },
        ];

        foreach (FineTuneOptions options in all)
        {
            string json = JsonSerializer.Serialize(options);
            FineTuneOptions read = JsonSerializer.Deserialize<FineTuneOptions>(json)!;
            read.Validate();
            Assert.AreEqual(options.GetType(), read.GetType());
            Assert.AreEqual(json, JsonSerializer.Serialize(read));
        }
    }

    [TestMethod]
    public void Create_options_that_do_not_fit_the_backbone_are_refused()
    {
        TorchTests.Require();
        using var tiny = new TinyModel(new VptOptions());
        void Refuse(FineTuneOptions options, string message) => Refusal.Assert<ArgumentException>(
            message, () => options.Create(tiny.Backbone, new SeededRandom(1)));

        Refuse(new BitFitOptions { TuneLastBlocks = 5 },
            "BitFitOptions.TuneLastBlocks must be at most the 4 blocks of the backbone. Got 5.");
        Refuse(new FullFineTuneOptions { TuneLastBlocks = 5 },
            "FullFineTuneOptions.TuneLastBlocks must be at most the 4 blocks of the backbone. Got 5.");
        Refuse(new LoraOptions { ModulesToSave = ["pooler"] },
            "LoraOptions.ModulesToSave must name modules that the feature of the backbone depends on. Got 'pooler'.");
        Refuse(new LoraOptions { Layers = [0, 4] },
            "LoraOptions.Layers must be numbers of the 4 blocks of the backbone, from 0. Got 4.");
        Refuse(new LoraOptions { ModulesToSave = ["encoder"] },
            "LoraOptions must choose at least one linear layer that the feature depends on. Got none.");
        Refuse(new LoraOptions { TargetModules = ["query", "q_proj"] },
            "LoraOptions.TargetModules must name linear layers of the backbone. Got 'q_proj'; its first block has "
            + "encoder.layer.0.attention.attention.query, encoder.layer.0.attention.attention.key, "
            + "encoder.layer.0.attention.attention.value, encoder.layer.0.attention.output.dense, "
            + "encoder.layer.0.intermediate.dense, encoder.layer.0.output.dense.");
    }

    private static void AssertAll(params (FineTuneOptions Options, string Message)[] cases)
    {
        foreach ((FineTuneOptions options, string message) in cases)
            Refusal.Assert<ArgumentException>(message, options.Validate);
    }
}
