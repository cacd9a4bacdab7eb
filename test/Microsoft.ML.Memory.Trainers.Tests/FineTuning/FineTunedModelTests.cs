// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.FineTuning;

/// <summary>What a tuned model can be turned into.</summary>
[TestClass]
public sealed class FineTunedModelTests
{
    private const double Tolerance = 1e-5; // merged weights add in another order

    [TestMethod]
    [DataRow("lora")]
    [DataRow("full")]
    [DataRow("bitfit")]
    public void ToBackbone_scores_as_the_tuned_model(string method)
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using Backbone backbone = Backbone.Create(TinyImages.Config, 3);
        using FineTuneTransformer tuned = Fit(backbone, Options(method));

        using Backbone merged = tuned.Model.ToBackbone();

        using IDisposable frozen = no_grad();
        BackboneBatch batch = Images(backbone);
        Tensor expected = tuned.Model.Tuned.Logits(batch, ForwardPass.Plain);
        Tensor last = merged.Trunk.HiddenStates(batch)[^1];
        Tensor actual = merged.Head!.Apply(merged.Trunk.Pool(last, null));
        GoldenTensors.AssertClose(TensorData.ToArray(expected), TensorData.ToArray(actual), Tolerance, "logits");
        Assert.AreNotEqual(backbone.Hash, merged.Hash);
    }

    [TestMethod]
    public void ToBackbone_of_a_method_with_parts_of_its_own_is_refused()
    {
        TorchTests.Require();
        using Backbone backbone = Backbone.Create(TinyImages.Config, 3);
        using FineTuneTransformer tuned = Fit(backbone, new LinearProbeOptions { EpochCount = 1 });

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => tuned.Model.ToBackbone());

        Assert.AreEqual(
            "FineTunedModel.ToBackbone must follow a method that changes weights: LoRA, BitFit or full fine-tuning. "
            + "Got LinearProbeOptions. Save the whole model.", error.Message);
    }

    [TestMethod]
    public void SaveAdapter_writes_what_LoraAdapter_reads()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using Backbone backbone = Backbone.Create(TinyImages.Config, 3);
        using FineTuneTransformer tuned = Fit(backbone, Options("lora"));
        using var folder = new TemporaryFolder();

        tuned.Model.SaveAdapter(folder.Path);

        using LoraAdapter adapter = LoraAdapter.Load(folder.Path, backbone);
        using Backbone merged = adapter.Merge(), expected = tuned.Model.ToBackbone();
        Assert.AreEqual(expected.Hash, merged.Hash);
    }

    [TestMethod]
    public void On_a_backbone_of_the_same_weights_scores_are_the_same()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using Backbone backbone = Backbone.Create(TinyImages.Config, 3);
        using Backbone other = Backbone.Create(TinyImages.Config, 3);
        using FineTuneTransformer tuned = Fit(backbone, Options("lora"));

        using FineTuneTransformer moved = tuned.On(other);

        BackboneBatch batch = Images(backbone);
        using IDisposable frozen = no_grad();
        CollectionAssert.AreEqual(
            TensorData.ToArray(tuned.Model.Tuned.Logits(batch, ForwardPass.Plain)),
            TensorData.ToArray(moved.Model.Tuned.Logits(batch, ForwardPass.Plain)));
        Assert.AreSame(other, moved.Model.Backbone);
    }

    [TestMethod]
    public void On_a_backbone_of_other_weights_is_refused()
    {
        TorchTests.Require();
        using Backbone backbone = Backbone.Create(TinyImages.Config, 3);
        using FineTuneTransformer tuned = Fit(backbone, Options("lora"));
        using Backbone other = tuned.Model.ToBackbone();

        var error = Assert.ThrowsExactly<ArgumentException>(() => tuned.On(other));

        Assert.AreEqual(
            $"backbone must be the one of hash {backbone.Hash} that was trained on. Got {other.Hash}. "
            + "(Parameter 'backbone')", error.Message);
    }

    [TestMethod]
    public void On_a_backbone_that_pools_otherwise_is_refused()
    {
        TorchTests.Require();
        using Backbone backbone = Backbone.Create(TinyImages.Config, 3);
        using Backbone other = Backbone.Create(
            TinyImages.Config, 3, new BackboneOptions { Pooling = BackbonePooling.Mean });
        using FineTuneTransformer tuned = Fit(backbone, Options("lora"));

        var error = Assert.ThrowsExactly<ArgumentException>(() => tuned.On(other));

        Assert.AreEqual(
            "backbone must have the sizes and the pooling of the one that was trained on, ClassToken. Got Mean, or "
            + "other sizes. (Parameter 'backbone')", error.Message);
    }

    [TestMethod]
    public void On_leaves_no_tensor_in_the_callers_scope()
    {
        TorchTests.Require();
        using Backbone backbone = Backbone.Create(TinyImages.Config, 3);
        using FineTuneTransformer tuned = Fit(backbone, Options("lora"));
        using TorchSharp.DisposeScope scope = NewDisposeScope();

        tuned.On(backbone).Dispose();
        tuned.Model.ToBackbone().Dispose();

        Assert.AreEqual(0, scope.DisposablesCount);
    }

    [TestMethod]
    public void Save_of_a_model_whose_backbone_has_no_folder_embeds_it()
    {
        TorchTests.Require();
        using Backbone backbone = Backbone.Create(TinyImages.Config, 3);
        using FineTuneTransformer tuned = Fit(backbone, Options("lora"));
        var context = new MLContext(1);
        using var file = new MemoryStream();

        context.Model.Save(tuned, null, file);

        file.Position = 0;
        ITransformer loaded = context.Model.Load(file, out _);
        using var again = (FineTuneTransformer)(loaded is IEnumerable<ITransformer> chain ? chain.Single() : loaded);
        Assert.AreEqual(backbone.Hash, again.Model.Backbone.Hash);
    }

    private static FineTuneOptions Options(string method) => method switch
    {
        "lora" => new LoraOptions { EpochCount = 2, TargetModules = ["all-linear"] },
        "full" => new FullFineTuneOptions { EpochCount = 2 },
        _ => new BitFitOptions { EpochCount = 2 },
    };

    private static FineTuneTransformer Fit(Backbone backbone, FineTuneOptions options) =>
        TinyImages.Fit(new MLContext(1), backbone, options, TinyImages.Draw(12, 1));

    private static BackboneBatch Images(Backbone backbone)
    {
        BackboneConfig c = backbone.Config;
        return BackboneBatch.Images(
            randn([3, c.ChannelCount, c.ImageSize, c.ImageSize], generator: new Generator(5)));
    }
}
