// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Memory.Trainers.Tests.Golden;

namespace Microsoft.ML.Memory.Trainers.Tests.Backbones;

[TestClass]
public sealed class BackboneConfigTests
{
    private const string Types = "vit, dinov2, dinov2_with_registers, clip, clip_vision_model, bert";
    private const string Activations = "gelu, quick_gelu, gelu_new, gelu_pytorch_tanh, relu, silu, swish";

    [TestMethod]
    [DataRow("vit_model", "Vit ffn 128 eps 1E-12 Gelu labels 0")]
    [DataRow("vit_classifier", "Vit ffn 128 eps 1E-12 Gelu labels 5")]
    [DataRow("vit_interpolated", "Vit ffn 128 eps 1E-12 Gelu labels 0")]
    [DataRow("vit_small_variance", "Vit ffn 128 eps 1E-12 Gelu labels 0")]
    [DataRow("vit_float16", "Vit ffn 128 eps 1E-12 Gelu labels 0")]
    [DataRow("vit_bfloat16", "Vit ffn 128 eps 1E-12 Gelu labels 0")]
    [DataRow("vit_sharded", "Vit ffn 128 eps 1E-12 Gelu labels 0")]
    [DataRow("dinov2_model", "Dinov2 ffn 128 eps 1E-06 Gelu labels 0 scaled")]
    [DataRow("dinov2_classifier", "Dinov2 ffn 128 eps 1E-06 Gelu labels 5 scaled")]
    [DataRow("dinov2_swiglu", "Dinov2 ffn 88 eps 1E-06 Gelu labels 0 scaled gated")]
    [DataRow("dinov2_registers", "Dinov2 ffn 128 eps 1E-06 Gelu labels 5 scaled registers 4")]
    [DataRow("clip_vision", "Clip ffn 128 eps 1E-05 QuickGelu labels 0 projection 16")]
    [DataRow("clip_full", "Clip ffn 128 eps 1E-05 QuickGelu labels 0 projection 16")]
    [DataRow("clip_classifier", "Clip ffn 128 eps 1E-05 QuickGelu labels 5 projection 16")]
    [DataRow("bert", "Bert ffn 128 eps 1E-12 Gelu labels 5 words 64 positions 16 types 2")]
    [DataRow("bert_gamma_beta", "Bert ffn 128 eps 1E-12 Gelu labels 0 words 64 positions 16 types 2")]
    public void Load_golden_config_gives_its_values(string set, string expected)
    {
        BackboneConfig config = BackboneConfig.Load(GoldenFiles.PathOf($"backbones/{set}/config.json"));

        Assert.AreEqual(expected, Summary(config));
        Assert.AreEqual((32, 2, 4, 8), (config.HiddenSize, config.LayerCount, config.HeadCount, config.HeadSize));
        Assert.IsTrue(config.QkvBias);
        if (!config.IsImage) return;
        Assert.AreEqual((16, 4, 3, 4), (config.ImageSize, config.PatchSize, config.ChannelCount, config.GridSize));
        Assert.AreEqual(17 + config.RegisterCount, config.TokenCount);
    }

    [TestMethod]
    public void Load_classifier_config_keeps_the_names_of_classes()
    {
        BackboneConfig config = BackboneConfig.Load(GoldenFiles.PathOf("backbones/bert/config.json"));

        CollectionAssert.AreEqual(
            new[] { "LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4" }, config.Labels.ToArray());
    }

    [TestMethod]
    public void Parse_clip_without_values_is_as_base_patch32()
    {
        BackboneConfig config = Parse("""{"model_type":"clip","vision_config":{}}""");

        Assert.AreEqual((768, 12, 12, 3072), (
            config.HiddenSize, config.LayerCount, config.HeadCount, config.IntermediateSize));
        Assert.AreEqual((224, 32, 50, 512), (
            config.ImageSize, config.PatchSize, config.TokenCount, config.ProjectionSize));
        Assert.AreEqual((1e-5, ActivationKind.QuickGelu), (config.LayerNormEpsilon, config.Activation));
    }

    [TestMethod]
    [DataRow("gelu", ActivationKind.Gelu)]
    [DataRow("quick_gelu", ActivationKind.QuickGelu)]
    [DataRow("gelu_new", ActivationKind.GeluTanh)]
    [DataRow("gelu_pytorch_tanh", ActivationKind.GeluTanh)]
    [DataRow("relu", ActivationKind.Relu)]
    [DataRow("silu", ActivationKind.Silu)]
    [DataRow("swish", ActivationKind.Silu)]
    public void Parse_activation_is_known_by_its_names(string text, ActivationKind kind)
        => Assert.AreEqual(kind, Changed("vit_model", "hidden_act", $"\"{text}\"").Activation);

    [TestMethod]
    [DataRow("vit_model", "model_type", "null", $"model_type of 'x' must be one of {Types}. Got none.")]
    [DataRow("vit_model", "model_type", "\"roberta\"", $"model_type of 'x' must be one of {Types}. Got 'roberta'.")]
    [DataRow("vit_model", "model_type", "7", "model_type of 'x' must be a string. Got 7.")]
    [DataRow("vit_model", "hidden_size", "0", "hidden_size of 'x' must be a whole number from 1 to 65536. Got 0.")]
    [DataRow("vit_model", "hidden_size", "-32", "hidden_size of 'x' must be a whole number from 1 to 65536. Got -32.")]
    [DataRow("vit_model", "hidden_size", "1e99",
        "hidden_size of 'x' must be a whole number from 1 to 65536. Got 1e99.")]
    [DataRow("vit_model", "hidden_size", "32.5",
        "hidden_size of 'x' must be a whole number from 1 to 65536. Got 32.5.")]
    [DataRow("vit_model", "hidden_size", "\"32\"",
        "hidden_size of 'x' must be a whole number from 1 to 65536. Got a string.")]
    [DataRow("vit_model", "hidden_size", "null",
        "hidden_size of 'x' must be a whole number from 1 to 65536. Got none.")]
    [DataRow("vit_model", "num_hidden_layers", "2000",
        "num_hidden_layers of 'x' must be a whole number from 1 to 1024. Got 2000.")]
    [DataRow("vit_model", "num_attention_heads", "5",
        "num_attention_heads of 'x' must divide the hidden size of 32. Got 5.")]
    [DataRow("vit_model", "image_size", "18", "image_size of 'x' must be a multiple of the patch size of 4. Got 18.")]
    [DataRow("vit_model", "image_size", "[16,16]",
        "image_size of 'x' must be a whole number from 1 to 16384. Got an array.")]
    [DataRow("vit_model", "layer_norm_eps", "0", "layer_norm_eps of 'x' must be above 0 and below 1. Got 0.")]
    [DataRow("vit_model", "layer_norm_eps", "1e999", "layer_norm_eps of 'x' must be a number from 0 to 1. Got 1e999.")]
    [DataRow("vit_model", "hidden_act", "\"mish\"", $"hidden_act of 'x' must be one of {Activations}. Got 'mish'.")]
    [DataRow("vit_model", "qkv_bias", "1", "qkv_bias of 'x' must be true or false. Got 1.")]
    [DataRow("vit_classifier", "id2label", """{"0":"a","2":"b"}""",
        "id2label of 'x' must name the classes 0 to 1 once each. Got '2'.")]
    [DataRow("vit_classifier", "id2label", """{"0":"a","00":"b"}""",
        "id2label of 'x' must name the classes 0 to 1 once each. Got '00'.")]
    [DataRow("vit_classifier", "id2label", """{"0":5}""", "id2label at '0' of 'x' must be a string. Got 5.")]
    [DataRow("dinov2_model", "mlp_ratio", "100", "mlp_ratio of 'x' must be a number from 0 to 64. Got 100.")]
    [DataRow("dinov2_model", "mlp_ratio", "0",
        "intermediate_size of 'x' must be a whole number from 1 to 262144. Got 0.")]
    [DataRow("dinov2_registers", "num_register_tokens", "0",
        "num_register_tokens of 'x' must be a whole number from 1 to 1024. Got 0.")]
    [DataRow("clip_full", "vision_config", "null", "vision_config of 'x' must be an object. Got none.")]
    [DataRow("clip_full", "vision_config", """{"hidden_size":"a"}""",
        "vision_config.hidden_size of 'x' must be a whole number from 1 to 65536. Got a string.")]
    [DataRow("bert", "position_embedding_type", "\"relative_key\"",
        "position_embedding_type of 'x' must be absolute. Got 'relative_key'.")]
    [DataRow("bert", "is_decoder", "true",
        "is_decoder of 'x' must be false, as only encoders are known. Got true.")]
    [DataRow("bert", "vocab_size", "99999999",
        "vocab_size of 'x' must be a whole number from 1 to 16777216. Got 99999999.")]
    public void Parse_wrong_value_names_the_key(string set, string key, string value, string message)
        => Refusal.Assert<InvalidDataException>(message, () => Changed(set, key, value));

    [TestMethod]
    public void Parse_unknown_keys_are_left_out()
        => Assert.AreEqual(32, Changed("vit_model", "some_future_key", "[{\"a\":[]}]").HiddenSize);

    [TestMethod]
    [DataRow("vit_classifier")]
    [DataRow("dinov2_classifier")]
    [DataRow("dinov2_swiglu")]
    [DataRow("dinov2_registers")]
    [DataRow("clip_vision")]
    [DataRow("clip_classifier")]
    [DataRow("bert")]
    public void ToJson_of_golden_config_reads_as_the_same_and_agrees_with_the_file(string set)
    {
        string path = GoldenFiles.PathOf($"backbones/{set}/config.json");
        BackboneConfig config = BackboneConfig.Load(path);

        string json = config.ToJson();

        AssertSame(config, Parse(json));
        JsonObject theirs = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        foreach ((string key, JsonNode? value) in JsonNode.Parse(json)!.AsObject())
        {
            if (key is "encoder_stride" or "vision_config") continue;
            Assert.AreEqual(Shown(theirs[key]), Shown(value), key);
        }
    }

    [TestMethod]
    public void Parse_of_ToJson_gives_every_valid_config_back()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20_261_121, 9);

        FsCheck.Check.One(config, Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            BackboneConfig made = Random(new Random(seed));
            AssertSame(made, Parse(made.ToJson()));
        }));
    }

    [TestMethod]
    public void Parse_after_random_damage_is_refused_or_valid()
    {
        byte[] valid = File.ReadAllBytes(GoldenFiles.PathOf("backbones/clip_classifier/config.json"));
        var random = new Random(20_261_121);
        int refused = 0;
        for (int trial = 0; trial < 5000; trial++)
        {
            byte[] damaged = (byte[])valid.Clone();
            damaged[random.Next(valid.Length)] = (byte)random.Next(256);
            try
            {
                BackboneConfig.Parse(damaged, "x").Validate();
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
        var config = new BackboneConfig
        {
            HeadCount = 7,
            PatchSize = 15,
            LayerNormEpsilon = double.NaN,
            RegisterCount = 4,
        };

        Refusal.Assert<ArgumentException>(
            "BackboneConfig.LayerNormEpsilon must be above 0 and below 1. Got NaN. "
            + "BackboneConfig.HeadCount must divide the hidden size of 768. Got 7. "
            + "BackboneConfig.ImageSize must be a multiple of the patch size of 15. Got 224. "
            + "BackboneConfig.RegisterCount must be left out but for DINOv2. Got Vit.",
            config.Validate);
    }

    [TestMethod]
    public void Validate_default_config_is_the_base_vit()
    {
        var config = new BackboneConfig();

        config.Validate();

        Assert.AreEqual(197, config.TokenCount);
        Assert.AreEqual(64, config.HeadSize);
    }

    private static BackboneConfig Random(Random random)
    {
        var kind = (BackboneKind)random.Next(4);
        int head = random.Next(1, 40), heads = random.Next(1, 20), patch = random.Next(1, 20);
        bool gated = kind == BackboneKind.Dinov2 && random.Next(2) == 0;
        return new BackboneConfig
        {
            Kind = kind,
            HiddenSize = head * heads,
            HeadCount = heads,
            LayerCount = random.Next(1, 50),
            SwiGlu = gated,
            IntermediateSize = gated
                ? BackboneRules.IntermediateSize(head * heads, random.Next(1, 9), gated: true)
                : random.Next(1, 8 * head * heads),
            PatchSize = kind == BackboneKind.Bert ? 16 : patch,
            ImageSize = kind == BackboneKind.Bert ? 224 : patch * random.Next(1, 30),
            ChannelCount = kind == BackboneKind.Bert ? 3 : random.Next(1, 5),
            LayerNormEpsilon = Math.Pow(10, -1 - (random.NextDouble() * 12)),
            Activation = (ActivationKind)random.Next(5),
            QkvBias = kind is BackboneKind.Clip or BackboneKind.Bert || random.Next(2) == 0,
            RegisterCount = kind == BackboneKind.Dinov2 ? random.Next(5) : 0,
            ProjectionSize = kind == BackboneKind.Clip ? random.Next(1, 1000) : 512,
            VocabularySize = kind == BackboneKind.Bert ? random.Next(1, 50_000) : 30522,
            MaxPositions = kind == BackboneKind.Bert ? random.Next(1, 5000) : 512,
            TypeVocabularySize = kind == BackboneKind.Bert ? random.Next(1, 5) : 2,
            Labels = [.. Enumerable.Range(0, random.Next(4)).Select(index => $"class \"{index}\" \u00e9")],
        };
    }

    private static void AssertSame(BackboneConfig expected, BackboneConfig actual)
    {
        Assert.AreEqual(expected, actual with { Labels = expected.Labels });
        CollectionAssert.AreEqual(expected.Labels.ToArray(), actual.Labels.ToArray());
    }

    private static string Summary(BackboneConfig config)
    {
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{config.Kind} ffn {config.IntermediateSize} eps {config.LayerNormEpsilon} {config.Activation} ")
            + $"labels {config.LabelCount}";
        if (config.LayerScale) text += " scaled";
        if (config.SwiGlu) text += " gated";
        if (config.RegisterCount > 0) text += $" registers {config.RegisterCount}";
        if (config.Kind == BackboneKind.Clip) text += $" projection {config.ProjectionSize}";
        if (config.IsImage) return text;
        return text + $" words {config.VocabularySize} positions {config.MaxPositions} "
            + $"types {config.TypeVocabularySize}";
    }

    private static string Shown(JsonNode? node)
        => node is JsonValue value && value.TryGetValue(out double number)
            ? number.ToString(CultureInfo.InvariantCulture)
            : node?.ToJsonString() ?? "missing";

    private static BackboneConfig Changed(string set, string key, string value)
    {
        string path = GoldenFiles.PathOf($"backbones/{set}/config.json");
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        json[key] = JsonNode.Parse(value);
        return Parse(json.ToJsonString());
    }

    private static BackboneConfig Parse(string json) => BackboneConfig.Parse(Encoding.UTF8.GetBytes(json), "x");
}
