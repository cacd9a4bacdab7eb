// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.S2a;

[TestClass]
public sealed class S2aTuningTests
{
    [TestMethod]
    [DataRow("backbones/vit_classifier")]
    [DataRow("backbones/dinov2_registers")]
    [DataRow("backbones/clip_vision")]
    public void S2a_starts_from_the_frozen_backbone(string set)
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        using Backbone backbone = Backbone.Load(GoldenFiles.PathOf(set));
        using var model = Model(backbone, new S2aOptions());
        int side = backbone.Config.ImageSize;
        BackboneBatch batch = BackboneBatch.Images(TensorInit.Normal(new SeededRandom(1), [2, 3, side, side], 1, CPU));

        Tensor expected = model.Head.Apply(backbone.Trunk.Pool(backbone.Trunk.HiddenStates(batch)[^1], null));

        GoldenTensors.AssertClose(
            TensorData.ToArray(expected), TensorData.ToArray(model.Logits(batch, ForwardPass.Plain)), 1e-6, "logits");
    }

    [TestMethod]
    public void S2a_trains_on_texts_shorter_than_its_table()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using Backbone backbone = Backbone.Load(GoldenFiles.PathOf("backbones/bert"));
        using var model = Model(backbone, new S2aOptions());
        using GoldenTensors input = GoldenTensors.Open("backbones/bert/input.safetensors");
        BackboneBatch batch = BackboneBatch.Texts(
            input.Tensor("input_ids"), input.Tensor("token_type_ids"), input.Tensor("attention_mask"));

        using Tensor loss = GradientStep.For(ActivationSaving.FourBit)
            .Run(model, batch, TensorData.From([.. Enumerable.Repeat(1L, (int)batch.Count)], [batch.Count]), null);

        Assert.IsTrue(float.IsFinite(loss.item<float>()));
        string[] still = [.. model.Tensors.Where(t => t.Tensor.grad is null).Select(t => t.Name)];
        Assert.AreEqual("", string.Join(' ', still), "tensors without a gradient");
    }

    [TestMethod]
    public void S2a_of_images_of_another_size_is_refused()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using Backbone backbone = Backbone.Load(GoldenFiles.PathOf("methods/backbone"));
        using var model = Model(backbone, new S2aOptions());

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => model.Logits(BackboneBatch.Images(zeros([1, 3, 24, 24])), ForwardPass.Plain));

        Assert.AreEqual(
            "S2A must see 17 tokens: its low-rank term has a row for each. Got 37. Resize the images to the backbone's "
            + "own size.", error.Message);
    }

    [TestMethod]
    public void S2a_of_groups_that_do_not_divide_the_width_is_refused()
    {
        TorchTests.Require();
        using Backbone backbone = Backbone.Load(GoldenFiles.PathOf("methods/backbone"));

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => new S2aOptions { ChannelGroup = 5 }.Create(backbone, new SeededRandom(1)));

        Assert.AreEqual("S2aOptions.ChannelGroup must divide the backbone's width of 32. Got 5.", error.Message);
    }

    [TestMethod]
    public void Validate_of_a_rank_of_zero_is_refused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new S2aOptions { Rank = 0 }.Validate());

        Assert.AreEqual("S2aOptions.Rank must be in [1, 65536]. Got 0.", error.Message);
    }

    private static TunedModel Model(Backbone backbone, S2aOptions options) =>
        new(backbone, options.Create(backbone, new SeededRandom(1)), 5, new SeededRandom(2));
}
