// Licensed under the MIT License. See LICENSE in the project root for license information.

using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Tuning;

/// <summary>Biases alone, and everything, of the whole backbone or of its last blocks.</summary>
[TestClass]
public sealed class PartialTuningTests
{
    [TestMethod]
    public void BitFit_gradients_of_key_biases_are_0()
    {
        TorchTests.Require();
        using var tiny = new TinyModel(new BitFitOptions());

        GradientStep.Plain.Run(tiny.Model, tiny.Batch, tiny.Labels, null);

        TrainedTensor[] keys =
            [.. tiny.Model.Tensors.Where(t => t.Name.EndsWith("key.bias", StringComparison.Ordinal))];
        Assert.HasCount(4, keys);
        foreach (TrainedTensor key in keys)
            Assert.IsLessThanOrEqualTo(1e-6f, TensorData.ToArray(key.Tensor.grad!).Max(MathF.Abs));
        Assert.IsTrue(tiny.Model.Tensors.Where(t => t.Name != "head.weight").All(t => !t.Decayed));
    }

    [TestMethod]
    [DataRow("bitfit", "methods/backbone", "encoder.layer.3.", "layernorm.")]
    [DataRow("full", "methods/backbone", "encoder.layer.3.", "layernorm.")]
    [DataRow("full", "backbones/clip_vision", "vision_model.encoder.layers.1.", "vision_model.post_layernorm.")]
    [DataRow("bitfit", "backbones/bert", "encoder.layer.1.", "pooler.")]
    public void TuneLastBlocks_leaves_the_trunk_below_without_a_graph(
        string method, string set, string block, string after)
    {
        TorchTests.Require();
        FineTuneOptions options = method == "bitfit"
            ? new BitFitOptions { TuneLastBlocks = 1 } : new FullFineTuneOptions { TuneLastBlocks = 1 };
        using var tiny = new TinyModel(options, set);
        using var scope = NewDisposeScope();
        var tuning = (TrunkTuning)tiny.Model.Tuning;

        Tensor x = tuning.Begin(tiny.Model.Trunk, tiny.Batch, ForwardPass.Plain);
        var graphs = new List<bool> { x.requires_grad };
        foreach (TrunkBlock one in tiny.Model.Trunk.Blocks)
        {
            x = tuning.Step(one, x, null, ForwardPass.Plain);
            graphs.Add(x.requires_grad);
        }

        Assert.IsTrue(graphs[..^1].All(g => !g));
        Assert.IsTrue(graphs[^1]);
        string[] starts = [block, after, "head."];
        Assert.IsTrue(tiny.Model.Tensors.All(t => starts.Any(s => t.Name.StartsWith(s, StringComparison.Ordinal))));
        Assert.IsTrue(starts.All(s => tiny.Model.Tensors.Any(t => t.Name.StartsWith(s, StringComparison.Ordinal))));
        tiny.Train(2, check: new GradientCheck(tiny.Model));
    }

    [TestMethod]
    [DataRow("methods/backbone")]
    [DataRow("backbones/bert")]
    [DataRow("backbones/clip_vision")]
    [DataRow("backbones/dinov2_registers")]
    [DataRow("backbones/dinov2_swiglu")]
    public void FullFineTune_every_kind_of_backbone_gives_every_tensor_a_gradient(string set)
    {
        TorchTests.Require();
        using var tiny = new TinyModel(new FullFineTuneOptions(), set);
        double first = tiny.Loss();

        tiny.Train(5, check: new GradientCheck(tiny.Model, stepCount: 1));

        Assert.IsLessThan(first, tiny.Loss());
    }

    [TestMethod]
    public void FullFineTune_of_tokens_leaves_the_embedding_that_nothing_reads()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var tiny = new TinyModel(new FullFineTuneOptions());
        TrainedTensor patches = tiny.Model.Tensors.Single(
            t => t.Name == "embeddings.patch_embeddings.projection.weight");
        float[] before = TensorData.ToArray(patches.Tensor);
        Tensor tokens = TensorInit.Normal(new SeededRandom(3), [2, 5, tiny.Model.Trunk.Width], 1, CPU);
        using var optimizer = new AdamW(tiny.Model.Trained, 0.1);

        GradientStep.Plain.Run(tiny.Model, BackboneBatch.Embedded(tokens), tensor([0L, 1L]), null);
        optimizer.Step(0.1);

        Assert.IsTrue(patches.Decayed);
        CollectionAssert.AreEqual(before, TensorData.ToArray(patches.Tensor));
    }

    [TestMethod]
    public void FullFineTune_decays_matrices_alone()
    {
        TorchTests.Require();
        using var texts = new TinyModel(new FullFineTuneOptions(), "backbones/bert");
        using var images = new TinyModel(new FullFineTuneOptions(), "backbones/dinov2_registers");

        string[] tables = [.. texts.Model.Tensors.Concat(images.Model.Tensors)
            .Where(t => t.Tensor.ndim > 1 && !t.Decayed).Select(t => t.Name)];

        CollectionAssert.AreEquivalent(
            new[]
            {
                "embeddings.word_embeddings.weight", "embeddings.position_embeddings.weight",
                "embeddings.token_type_embeddings.weight", "embeddings.cls_token", "embeddings.position_embeddings",
                "embeddings.register_tokens",
            },
            tables);
        Assert.IsTrue(texts.Model.Tensors.Concat(images.Model.Tensors).All(t => t.Tensor.ndim > 1 || !t.Decayed));
    }

    [TestMethod]
    public void FullFineTune_fits_32_images_with_labels_of_chance()
    {
        TorchTests.Require();
        using var tiny = new TinyModel(new FullFineTuneOptions());
        using var scope = NewDisposeScope();
        var random = new SeededRandom(5);
        long[] labels = [.. Enumerable.Range(0, 32).Select(_ => (long)random.Next(TinyModel.ClassCount))];
        Tensor targets = TensorData.From(labels, [32]);
        var batch = BackboneBatch.Images(TensorInit.Normal(random, [32, 3, 16, 16], 1, CPU));
        using var optimizer = new AdamW(tiny.Model.Tensors, 0);

        for (int step = 0; step < 60; step++)
        {
            optimizer.ClearGradients();
            GradientStep.Plain.Run(tiny.Model, batch, targets, null).Dispose();
            optimizer.Step(3e-3);
        }

        Tensor predicted = tiny.Model.Logits(batch, ForwardPass.Plain).argmax(1);
        Assert.AreEqual(32, predicted.eq(targets).sum().item<long>());
    }

    [TestMethod]
    public void TrainedCount_at_the_width_of_ViT_B_equals_the_published_counts()
    {
        TorchTests.Require();
        using Backbone oneBlock = WideBackbone();
        long Count(FineTuneOptions options)
        {
            using Memory.Tuning tuning = options.Create(oneBlock, new SeededRandom(1));
            return tuning.Tensors.Sum(t => t.Tensor.numel());
        }

        Assert.AreEqual(589_824, 12 * Count(new LoraOptions { Rank = 16 }));
        long embeddingAndNorm = 2 * 768;
        Assert.AreEqual(102_912, (12 * (Count(new BitFitOptions()) - embeddingAndNorm)) + embeddingAndNorm);
        Assert.AreEqual(12 * ((2 * 64 * 768) + 64 + 768), 12 * Count(new AdapterOptions()));
    }

    private static Backbone WideBackbone()
    {
        using var scope = NewDisposeScope();
        var config = new BackboneConfig { LayerCount = 1, ImageSize = 16 };
        var tensors = BackboneTensors.Required(config).ToDictionary(t => t.Name, t => zeros(t.Shape, float32));
        return new Backbone(config, new BackboneOptions(), tensors, "a test");
    }
}
