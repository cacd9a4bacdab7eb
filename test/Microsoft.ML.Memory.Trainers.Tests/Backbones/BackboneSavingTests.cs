// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Backbones;

[TestClass]
public sealed class BackboneSavingTests
{
    private readonly TemporaryFolder _folder = new();

    [TestInitialize]
    public void RequireTorch() => TorchTests.Require();

    [TestCleanup]
    public void DeleteFolder() => _folder.Dispose();

    [TestMethod]
    [DataRow("vit_model")]
    [DataRow("vit_classifier")]
    [DataRow("vit_bfloat16")]
    [DataRow("dinov2_model")]
    [DataRow("dinov2_classifier")]
    [DataRow("dinov2_swiglu")]
    [DataRow("dinov2_registers")]
    [DataRow("clip_vision")]
    [DataRow("clip_classifier")]
    [DataRow("bert")]
    [DataRow("bert_gamma_beta")]
    public void Save_then_load_gives_the_same_stages(string set)
    {
        using var scope = NewDisposeScope();
        using Backbone original = Backbone.Load(GoldenFiles.PathOf($"backbones/{set}"));
        using GoldenTensors input = GoldenTensors.Open($"backbones/{set}/input.safetensors");
        using GoldenTensors expected = GoldenTensors.Open($"backbones/{set}/expected.safetensors");

        original.Save(_folder.File("saved"));
        using Backbone saved = Backbone.Load(_folder.File("saved"));

        Assert.AreEqual(original.Hash, saved.Hash);
        Assert.AreEqual(expected.Names.Count(), BackboneStages.Check(saved, input, expected, 1e-4));
        CollectionAssert.AreEquivalent(
            original.Head is null ? [] : new[] { "classifier.weight", "classifier.bias" },
            saved.UnusedTensors.ToArray());
    }

    [TestMethod]
    public void Save_writes_the_public_names_and_leaves_no_draft()
    {
        using Backbone original = Backbone.Load(GoldenFiles.PathOf("backbones/vit_classifier"));

        original.Save(_folder.File("saved"));
        original.Save(_folder.File("saved"));

        CollectionAssert.AreEquivalent(
            new[] { "config.json", "model.safetensors" },
            Directory.GetFiles(_folder.File("saved")).Select(Path.GetFileName).ToArray());
        CollectionAssert.AreEqual(
            new[] { _folder.File("saved") }, Directory.GetFileSystemEntries(_folder.Path));
        using SafetensorsFile wanted =
            SafetensorsFile.Open(GoldenFiles.PathOf("backbones/vit_classifier/model.safetensors"));
        using SafetensorsFile written = SafetensorsFile.Open(_folder.File("saved/model.safetensors"));
        CollectionAssert.AreEquivalent(wanted.Tensors.Keys.ToArray(), written.Tensors.Keys.ToArray());
        Assert.AreEqual("pt", written.Metadata["format"]);
    }

    [TestMethod]
    public void Save_where_a_file_stands_leaves_it()
    {
        using Backbone backbone = Backbone.Create(Tiny(BackboneKind.Vit), 1);
        File.WriteAllText(_folder.File("taken"), "text");

        Assert.Throws<IOException>(() => backbone.Save(_folder.File("taken")));

        CollectionAssert.AreEqual(new[] { _folder.File("taken") }, Directory.GetFileSystemEntries(_folder.Path));
    }

    [TestMethod]
    [DataRow(BackboneKind.Vit)]
    [DataRow(BackboneKind.Dinov2)]
    [DataRow(BackboneKind.Clip)]
    [DataRow(BackboneKind.Bert)]
    public void Create_saved_and_loaded_is_the_same_backbone(BackboneKind kind)
    {
        using Backbone created = Backbone.Create(Tiny(kind), 7);

        created.Save(_folder.File("saved"));
        using Backbone loaded = Backbone.Load(_folder.File("saved"));

        Assert.AreEqual(created.Hash, loaded.Hash);
        Assert.AreEqual(created.Config.ToJson(), loaded.Config.ToJson());
        Assert.AreEqual(created.FeatureSize, loaded.FeatureSize);
        Assert.IsEmpty(loaded.UnusedTensors);
    }

    [TestMethod]
    public void Create_follows_from_the_seed()
    {
        BackboneConfig config = Tiny(BackboneKind.Vit);
        using Backbone one = Backbone.Create(config, 7), again = Backbone.Create(config, 7);
        using Backbone other = Backbone.Create(config, 8);

        Assert.AreEqual(one.Hash, again.Hash);
        Assert.AreNotEqual(one.Hash, other.Hash);
    }

    [TestMethod]
    public void Create_draws_small_weights_and_starts_norms_as_the_identity()
    {
        using Backbone backbone = Backbone.Create(Tiny(BackboneKind.Dinov2), 3);

        float[] weight = TensorData.ToArray(backbone.Tensors["encoder.layer.0.mlp.fc1.weight"]);
        double deviation = Math.Sqrt(weight.Average(w => (double)w * w));
        Assert.AreEqual(0.0176, deviation, 0.001, "a normal one of 0.02 cut at two deviations has 0.88 of it");
        Assert.IsLessThanOrEqualTo(0.04f, weight.Max(Math.Abs));
        AssertAll(
            1, backbone, "layernorm.weight", "encoder.layer.1.norm1.weight", "encoder.layer.0.layer_scale1.lambda1");
        AssertAll(0, backbone, "layernorm.bias", "encoder.layer.1.mlp.fc2.bias");
    }

    [TestMethod]
    public void Create_names_every_rule_that_is_broken() => Refusal.Assert<ArgumentException>(
        "BackboneConfig.HeadCount must divide the hidden size of 32. Got 5. "
        + "BackboneConfig.ImageSize must be a multiple of the patch size of 5. Got 16.",
        () => Backbone.Create(Tiny(BackboneKind.Vit) with { HeadCount = 5, PatchSize = 5 }, 1));

    private static void AssertAll(float value, Backbone backbone, params string[] names)
    {
        foreach (string name in names)
            Assert.IsTrue(TensorData.ToArray(backbone.Tensors[name]).All(v => v == value), name);
    }

    private static BackboneConfig Tiny(BackboneKind kind) => new()
    {
        Kind = kind,
        HiddenSize = 32,
        LayerCount = 2,
        HeadCount = 4,
        IntermediateSize = 128,
        PatchSize = 4,
        ImageSize = 16,
        Activation = kind == BackboneKind.Clip ? ActivationKind.QuickGelu : ActivationKind.Gelu,
        VocabularySize = 50,
        MaxPositions = 16,
        ProjectionSize = 8,
    };
}
