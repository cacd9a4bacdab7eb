// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Memory.Trainers.Tests.Golden;

namespace Microsoft.ML.Memory.Trainers.Tests.Lora;

[TestClass]
public sealed class LoraAdapterConfigTests
{
    private const string StoredPrefix = "base_model.model.";

    [TestMethod]
    [DataRow("lora_vit", "vit.")]
    [DataRow("lora_vit_rslora", "vit.")]
    [DataRow("lora_vit_patterns", "vit.")]
    [DataRow("lora_vit_all_linear_layer1", "vit.")]
    [DataRow("lora_vit_bare", "")]
    [DataRow("lora_vit_bias_all", "vit.")]
    public void Matches_golden_adapter_gives_the_modules_and_ranks_it_stores(string set, string prefix)
    {
        string folder = GoldenFiles.PathOf($"peft/{set}");
        LoraAdapterConfig config = LoraAdapterConfig.Load(Path.Combine(folder, "adapter_config.json"));
        using SafetensorsFolder stored = SafetensorsFolder.Open(folder, "adapter_model");

        string[] expected =
        [
            .. stored.Tensors.Values.Where(entry => entry.Name.EndsWith(".lora_A.weight", StringComparison.Ordinal))
                .Select(entry => $"{entry.Name[StoredPrefix.Length..^14]} {entry.Shape[0]}")
                .Order(StringComparer.Ordinal),
        ];
        string[] chosen =
        [
            .. Linears(prefix).Where(config.Matches).Select(name => $"{name} {config.RankOf(name)}")
                .Order(StringComparer.Ordinal),
        ];

        Assert.IsNotEmpty(expected);
        CollectionAssert.AreEqual(expected, chosen);
        Assert.AreEqual(
            stored.Tensors.ContainsKey(StoredPrefix + "classifier.weight"), config.IsSaved("classifier"));
    }

    [TestMethod]
    public void Load_golden_config_gives_its_values()
    {
        LoraAdapterConfig config = Golden("lora_vit");

        Assert.AreEqual("tiny-random-vit", config.BaseModel);
        Assert.AreEqual((2, 4.0, 0.1), (config.Rank, config.Alpha, config.Dropout));
        CollectionAssert.AreEqual(new[] { "query", "value" }, config.Target.Names.ToArray());
        CollectionAssert.AreEqual(new[] { "classifier" }, config.ModulesToSave.ToArray());
        Assert.IsTrue(config.InferenceMode);
        Assert.IsNull(config.TaskType);
        Assert.IsNull(config.Exclude);
        Assert.IsNull(config.LayersToTransform);
        Assert.IsEmpty(config.UnknownKeys);
        Assert.AreEqual(LoraBiasKind.None, config.Bias);
        Assert.AreEqual(LoraBiasKind.All, Golden("lora_vit_bias_all").Bias);
    }

    [TestMethod]
    public void Load_unknown_key_is_listed()
        => CollectionAssert.AreEqual(
            new[] { "some_future_option" }, Golden("lora_vit_patterns").UnknownKeys.ToArray());

    [TestMethod]
    public void ScaleOf_golden_adapters_follows_their_rules()
    {
        const string Query = "vit.encoder.layer.1.attention.attention.query";
        LoraAdapterConfig patterns = Golden("lora_vit_patterns");

        Assert.AreEqual(2.0, Golden("lora_vit").ScaleOf(Query));
        Assert.AreEqual(4 / Math.Sqrt(2), Golden("lora_vit_rslora").ScaleOf(Query));
        Assert.AreEqual(4.0 / 3, patterns.ScaleOf(Query));
        Assert.AreEqual(2.0, patterns.ScaleOf(Query.Replace('1', '0')));
        Assert.AreEqual(0.5, patterns.ScaleOf("vit.encoder.layer.1.attention.attention.value"));
    }

    [TestMethod]
    [DataRow("""{"target_modules":["dense"]}""", "a.dense", true)]
    [DataRow("""{"target_modules":["dense"]}""", "dense", true)]
    [DataRow("""{"target_modules":["dense"]}""", "a.condense", false)]
    [DataRow("""{"target_modules":["output.dense"]}""", "a.output.dense", true)]
    [DataRow("""{"target_modules":["output.dense"]}""", "a.dense", false)]
    [DataRow("""{"target_modules":"dense"}""", "a.dense", false)]
    [DataRow("""{"target_modules":".*dense"}""", "a.dense", true)]
    [DataRow("""{"target_modules":"a|b"}""", "ab", false)]
    [DataRow("""{"target_modules":["dense"],"exclude_modules":["output.dense"]}""", "a.output.dense", false)]
    [DataRow("""{"target_modules":["dense"],"exclude_modules":"a\\..*"}""", "a.dense", false)]
    [DataRow("""{"target_modules":["dense"],"exclude_modules":"a\\..*"}""", "b.dense", true)]
    [DataRow("""{"target_modules":"all-linear"}""", "vit.pooler.dense", true)]
    [DataRow("""{"target_modules":"all-linear"}""", "classifier", false)]
    [DataRow("""{"target_modules":"all-linear"}""", "model.score", false)]
    [DataRow("""{"target_modules":["dense"],"modules_to_save":["pooler"]}""", "vit.pooler.dense", false)]
    [DataRow("""{"target_modules":["dense"],"modules_to_save":["pool"]}""", "vit.pooler.dense", true)]
    [DataRow("""{"target_modules":["score","q"],"task_type":"SEQ_CLS"}""", "score", false)]
    [DataRow("""{"target_modules":["score","q"],"task_type":"FEATURE_EXTRACTION"}""", "score", true)]
    [DataRow("""{"target_modules":["q"],"layers_to_transform":1}""", "layer.1.q", true)]
    [DataRow("""{"target_modules":["q"],"layers_to_transform":1}""", "layer.11.q", false)]
    [DataRow("""{"target_modules":["q"],"layers_to_transform":[0,2]}""", "layer.2.q", true)]
    [DataRow("""{"target_modules":["q"],"layers_to_transform":[0,2]}""", "layer.1.q", false)]
    [DataRow("""{"target_modules":["q"],"layers_to_transform":[0]}""", "head.q", false)]
    [DataRow("""{"target_modules":["q"],"layers_to_transform":[]}""", "head.q", true)]
    [DataRow("""{"target_modules":["q"],"layers_to_transform":[1]}""", "stage.1.block.0.q", true)]
    [DataRow("""{"target_modules":["q"],"layers_to_transform":[1],"layers_pattern":"block"}""",
        "stage.1.block.0.q", false)]
    [DataRow("""{"target_modules":["q"],"layers_to_transform":[0],"layers_pattern":["x","block"]}""",
        "stage.1.block.0.q", true)]
    [DataRow("""{"target_modules":["q"],"layers_to_transform":[0],"layers_pattern":"lock"}""",
        "stage.1.block.0.q", false)]
    public void Matches_follows_the_rules_of_names(string json, string module, bool expected)
        => Assert.AreEqual(expected, Parse(json).Matches(module));

    [TestMethod]
    public void RankOf_takes_the_first_pattern_for_whole_last_segments()
    {
        LoraAdapterConfig config = Parse(
            """
            {"target_modules":["q"],"r":4,
            "rank_pattern":{"layer\\.[01]\\.q":1,"q":2,"^k":3},"alpha_pattern":{"q":16}}
            """);

        Assert.AreEqual(1, config.RankOf("encoder.layer.1.q"));
        Assert.AreEqual(2, config.RankOf("encoder.layer.2.q"));
        Assert.AreEqual(4, config.RankOf("encoder.layer.2.xq"));
        Assert.AreEqual(3, config.RankOf("k"));
        Assert.AreEqual(4, config.RankOf("layer.k"));
        Assert.AreEqual(8.0, config.ScaleOf("encoder.layer.2.q"));
    }

    [TestMethod]
    [DataRow("""{"peft_type":"IA3"}""", "peft_type of 'x' must be LORA. Got 'IA3'.")]
    [DataRow("""{"peft_type":null}""", "peft_type of 'x' must be LORA. Got none.")]
    [DataRow("""{"target_modules":null}""",
        "target_modules of 'x' must be names, a regular expression or all-linear. Got none.")]
    [DataRow("""{"target_modules":[]}""", "target_modules of 'x' must have names, none empty. Got none.")]
    [DataRow("""{"target_modules":[""]}""", "target_modules of 'x' must have names, none empty. Got an empty one.")]
    [DataRow("""{"target_modules":[1]}""",
        "target_modules of 'x' must be a string or an array of strings. Got an array.")]
    [DataRow("""{"target_modules":"(query"}""",
        "target_modules of 'x' must be a regular expression of at most 4096 letters. Got '(query'.")]
    [DataRow("""{"target_modules":"a)|(b"}""",
        "target_modules of 'x' must be a regular expression of at most 4096 letters. Got 'a)|(b'.")]
    [DataRow("""{"target_modules":"(?x) a # comment"}""",
        "target_modules of 'x' must be a regular expression of at most 4096 letters. Got '(?x) a # comment'.")]
    [DataRow("""{"rank_pattern":{"[":1}}""",
        "rank_pattern of 'x' must be a regular expression of at most 4096 letters. Got '['.")]
    [DataRow("""{"rank_pattern":{"q":0}}""",
        "rank_pattern at 'q' of 'x' must be a whole number from 1 to 65536. Got 0.")]
    [DataRow("""{"alpha_pattern":{"q":"4"}}""",
        "alpha_pattern at 'q' of 'x' must be a number from 0 to 1000000000. Got a string.")]
    [DataRow("""{"r":0}""", "r of 'x' must be a whole number from 1 to 65536. Got 0.")]
    [DataRow("""{"lora_alpha":1e300}""", "lora_alpha of 'x' must be a number from 0 to 1000000000. Got 1e300.")]
    [DataRow("""{"lora_dropout":-0.1}""", "lora_dropout of 'x' must be a number from 0 to 1. Got -0.1.")]
    [DataRow("""{"bias":"some"}""", "bias of 'x' must be none, all or lora_only. Got 'some'.")]
    [DataRow("""{"layers_to_transform":[-1]}""",
        "layers_to_transform of 'x' must be a whole number from 0 to 2147483647. Got -1.")]
    [DataRow("""{"modules_to_save":[""]}""", "modules_to_save of 'x' must be names. Got an empty one.")]
    [DataRow("""{"use_dora":true}""", "use_dora of 'x' must be off, as it is not supported. Got true.")]
    [DataRow("""{"lora_bias":true}""", "lora_bias of 'x' must be off, as it is not supported. Got true.")]
    [DataRow("""{"layer_replication":[[0,4]]}""",
        "layer_replication of 'x' must be off, as it is not supported. Got an array.")]
    [DataRow("""{"init_lora_weights":"pissa"}""",
        "init_lora_weights of 'x' must be true, false, gaussian, eva, orthogonal, as others change the base weights. "
        + "Got 'pissa'.")]
    public void Parse_wrong_value_names_the_key(string json, string message)
        => Refusal.Assert<InvalidDataException>(message, () => Parse(json));

    [TestMethod]
    public void Parse_long_pattern_is_refused()
    {
        string pattern = new('a', 4097);

        string message = Assert.ThrowsExactly<InvalidDataException>(
            () => Parse($$"""{"target_modules":"{{pattern}}"}""")).Message;

        Assert.StartsWith("target_modules of 'x' must be a regular expression of at most 4096 letters.", message);
    }

    [TestMethod]
    public void Parse_deeply_nested_pattern_ends_in_an_ordinary_way()
    {
        string pattern = new string('(', 2000) + "q" + new string(')', 2000);

        LoraAdapterConfig config = Parse($$"""{"target_modules":"{{pattern}}"}""");

        Assert.IsTrue(config.Matches("q"));
    }

    [TestMethod]
    public void Matches_pattern_without_end_is_refused()
    {
        LoraAdapterConfig config = Parse("""{"target_modules":"(a+)+b"}""");
        string module = new('a', 60);

        Refusal.Assert<InvalidDataException>(
            $"The pattern '(a+)+b' must be decided within a second. Got more for '{module}'.",
            () => config.Matches(module));
    }

    [TestMethod]
    [DataRow("lora_vit")]
    [DataRow("lora_vit_rslora")]
    [DataRow("lora_vit_patterns")]
    [DataRow("lora_vit_all_linear_layer1")]
    [DataRow("lora_vit_bare")]
    [DataRow("lora_vit_bias_all")]
    public void ToJson_of_golden_config_agrees_with_the_file(string set)
    {
        JsonObject theirs = JsonNode.Parse(
            File.ReadAllText(GoldenFiles.PathOf($"peft/{set}/adapter_config.json")))!.AsObject();

        JsonObject ours = JsonNode.Parse(Golden(set).ToJson())!.AsObject();

        string[] keys = [.. ours.Select(pair => pair.Key)];
        CollectionAssert.AreEqual(keys.Order(StringComparer.Ordinal).ToArray(), keys);
        foreach ((string key, JsonNode? value) in ours)
        {
            Assert.IsTrue(theirs.ContainsKey(key), key);
            Assert.IsTrue(JsonNode.DeepEquals(theirs[key], value), $"{key}: {value?.ToJsonString()}");
        }
    }

    [TestMethod]
    public void Parse_of_ToJson_gives_every_valid_config_back()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20_261_121, 9);

        FsCheck.Check.One(config, Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            LoraAdapterConfig made = Random(new Random(seed));
            string json = made.ToJson();
            LoraAdapterConfig read = LoraAdapterConfig.Parse(Encoding.UTF8.GetBytes(json), "x");
            Assert.AreEqual(json, read.ToJson());
            foreach (string module in Linears("vit."))
            {
                Assert.AreEqual(
                    (made.Matches(module), made.RankOf(module), made.ScaleOf(module)),
                    (read.Matches(module), read.RankOf(module), read.ScaleOf(module)));
            }
        }));
    }

    [TestMethod]
    public void Parse_after_random_damage_is_refused_or_valid()
    {
        byte[] valid = File.ReadAllBytes(GoldenFiles.PathOf("peft/lora_vit_patterns/adapter_config.json"));
        var random = new Random(20_261_121);
        int refused = 0;
        for (int trial = 0; trial < 5000; trial++)
        {
            byte[] damaged = (byte[])valid.Clone();
            damaged[random.Next(valid.Length)] = (byte)random.Next(256);
            try
            {
                LoraAdapterConfig.Parse(damaged, "x").Validate();
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.IsInRange(1000, 4999, refused);
    }

    [TestMethod]
    public void Validate_config_made_by_hand_names_all_that_is_wrong()
    {
        var config = new LoraAdapterConfig
        {
            Rank = 0,
            Alpha = double.NaN,
            Dropout = 2,
            LayersToTransform = [],
            RankPattern = [new("q", -1)],
        };

        Refusal.Assert<ArgumentException>(
            "LoraAdapterConfig.Rank must be a whole number from 1 to 65536. Got 0. "
            + "LoraAdapterConfig.Alpha must be a number from 0 to 1000000000. Got NaN. "
            + "LoraAdapterConfig.Dropout must be a number from 0 to 1. Got 2. "
            + "LoraAdapterConfig.RankPattern must be a whole number from 1 to 65536. Got -1 for 'q'. "
            + "LoraAdapterConfig.LayersToTransform must be null or numbers of at least 0. Got none.",
            config.Validate);
        new LoraAdapterConfig().Validate();
    }

    [TestMethod]
    public void Filters_of_nothing_or_of_no_pattern_are_refused()
    {
        Refusal.Assert<ArgumentException>(
            "names must be at least one, none empty. Got none. (Parameter 'names')", () => ModuleFilter.Of());
        Refusal.Assert<ArgumentException>(
            "pattern must be a regular expression of at most 4096 letters. Got '('. (Parameter 'pattern')",
            () => ModuleFilter.Matching("("));
        Assert.AreSame(ModuleFilter.AllLinear, ModuleFilter.Matching("all-linear"));
    }

    private static IEnumerable<string> Linears(string prefix)
    {
        string[] parts =
        [
            "attention.attention.query", "attention.attention.key", "attention.attention.value",
            "attention.output.dense", "intermediate.dense", "output.dense",
        ];
        return Enumerable.Range(0, 2)
            .SelectMany(layer => parts.Select(part => $"{prefix}encoder.layer.{layer}.{part}"))
            .Append("classifier");
    }

    private static LoraAdapterConfig Random(Random random)
    {
        ModuleFilter[] filters =
        [
            ModuleFilter.Of("query", "output.dense"), ModuleFilter.Matching(@".*\.(key|dense)"), ModuleFilter.AllLinear,
        ];
        return new LoraAdapterConfig
        {
            BaseModel = random.Next(2) == 0 ? null : "base \"\u00e9\"",
            Rank = random.Next(1, 100),
            Alpha = random.Next(100) / 4.0,
            Dropout = random.NextDouble(),
            Target = filters[random.Next(3)],
            Exclude = random.Next(2) == 0 ? null : filters[random.Next(2)],
            LayersToTransform = random.Next(2) == 0 ? null : [random.Next(2)],
            LayersPattern = random.Next(2) == 0 ? [] : ["layer"],
            RankPattern = random.Next(2) == 0 ? [] : [new("dense", 5), new("layer\\.0\\..*", 6)],
            AlphaPattern = random.Next(2) == 0 ? [] : [new("query", 0.5)],
            Bias = (LoraBiasKind)random.Next(3),
            UseRsLora = random.Next(2) == 0,
            FanInFanOut = random.Next(2) == 0,
            ModulesToSave = random.Next(2) == 0 ? [] : ["classifier"],
            InferenceMode = random.Next(2) == 0,
            TaskType = random.Next(2) == 0 ? null : "SEQ_CLS",
        };
    }

    private static LoraAdapterConfig Golden(string set)
        => LoraAdapterConfig.Load(GoldenFiles.PathOf($"peft/{set}/adapter_config.json"));

    private static LoraAdapterConfig Parse(string json)
    {
        JsonObject all = JsonNode.Parse("""{"peft_type":"LORA","target_modules":["q"]}""")!.AsObject();
        foreach ((string key, JsonNode? value) in JsonNode.Parse(json)!.AsObject().ToArray())
            all[key] = value?.DeepClone();
        return LoraAdapterConfig.Parse(Encoding.UTF8.GetBytes(all.ToJsonString()), "x");
    }
}
