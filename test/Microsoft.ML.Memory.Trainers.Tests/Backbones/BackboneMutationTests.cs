// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Backbones;

/// <summary>Mistakes that the references must show: each moves them at least half as far as they say.</summary>
[TestClass]
public sealed class BackboneMutationTests
{
    private const double Share = 0.5;
    private readonly DisposeScope _scope = NewDisposeScope();

    [TestInitialize]
    public void RequireTorch() => TorchTests.Require();

    [TestCleanup]
    public void DisposeTensors() => _scope.Dispose();

    [TestMethod]
    [DataRow("vit_model", ActivationKind.GeluTanh, 8.2e-4)]
    [DataRow("vit_model", ActivationKind.QuickGelu, 4.4e-2)]
    [DataRow("clip_vision", ActivationKind.Gelu, 4.0e-2)]
    [DataRow("bert", ActivationKind.GeluTanh, 8.4e-4)]
    public void Another_activation_breaks_the_reference(string set, ActivationKind activation, double change) =>
        AssertBreaks(set, change, config => config with { Activation = activation });

    [TestMethod]
    [DataRow("vit_model", 1e-5, 4.1e-5)]
    [DataRow("vit_small_variance", 1e-5, 5.7e-2)]
    [DataRow("vit_small_variance", 1e-6, 6.2e-3)]
    public void Another_epsilon_breaks_the_reference(string set, double epsilon, double change) =>
        AssertBreaks(set, change, config => config with { LayerNormEpsilon = epsilon });

    [TestMethod]
    public void A_transposed_query_breaks_the_reference() =>
        AssertBreaks("vit_model", 4.7, change: tensors =>
        {
            const string name = "encoder.layer.0.attention.attention.query.weight";
            tensors[name] = tensors[name].transpose(0, 1).contiguous();
        });

    [TestMethod]
    public void Positions_shifted_by_one_break_the_reference() =>
        AssertBreaks("vit_model", 4.5, change: tensors =>
        {
            const string name = "embeddings.position_embeddings";
            Tensor positions = tensors[name];
            long count = positions.size(1);
            tensors[name] = cat([positions.narrow(1, 1, count - 1), positions.narrow(1, 0, 1)], 1);
        });

    [TestMethod]
    public void A_missing_norm_before_the_blocks_breaks_the_reference()
    {
        using Backbone backbone = Load("clip_vision");
        using GoldenTensors input = Open("clip_vision", "input");
        BackboneBatch batch = BackboneBatch.Images(input.Tensor("pixel_values"));
        var embedding = (ImageEmbedding)backbone.Trunk.Embedding;

        double worst = Worst("clip_vision", backbone.Trunk, embedding.Tokens(batch), null);

        Assert.IsGreaterThan(3.3 * Share, worst);
    }

    [TestMethod]
    public void A_mask_that_is_ignored_breaks_the_reference() =>
        AssertTextsBreak(4.7, (ids, types, mask) => BackboneBatch.Texts(ids, types, null));

    [TestMethod]
    public void Types_that_are_ignored_break_the_reference() =>
        AssertTextsBreak(2.7, (ids, types, mask) => BackboneBatch.Texts(ids, null, mask));

    private static void AssertTextsBreak(double change, Func<Tensor, Tensor, Tensor, BackboneBatch> mistake)
    {
        using Backbone backbone = Load("bert");
        using GoldenTensors input = Open("bert", "input");
        BackboneBatch batch = mistake(
            input.Tensor("input_ids"), input.Tensor("token_type_ids"), input.Tensor("attention_mask"));

        double worst = Worst("bert", backbone.Trunk, backbone.Trunk.Embed(batch), batch.Mask);

        Assert.IsGreaterThan(change * Share, worst);
    }

    private static void AssertBreaks(string set, double figure, Func<BackboneConfig, BackboneConfig>? config = null,
        Action<Dictionary<string, Tensor>>? change = null)
    {
        using Backbone right = Load(set);
        Dictionary<string, Tensor> tensors = right.Tensors.ToDictionary(t => t.Key, t => t.Value.clone());
        change?.Invoke(tensors);
        using var wrong = new Backbone(config?.Invoke(right.Config) ?? right.Config, right.Options, tensors, "wrong");
        using GoldenTensors input = Open(set, "input");
        using GoldenTensors expected = Open(set, "expected");

        double before = BackboneStages.Worst(right, input, expected);
        double after = BackboneStages.Worst(wrong, input, expected);

        Assert.IsLessThan(1e-5, before, "the backbone as it is");
        Assert.IsGreaterThan(figure * Share, after, "the backbone with the mistake");
    }

    /// <summary>The largest difference of any block's output, the first block being given its input.</summary>
    private static double Worst(string set, Trunk trunk, Tensor x, Tensor? mask)
    {
        using GoldenTensors expected = Open(set, "expected");
        double worst = 0;
        foreach (TrunkBlock block in trunk.Blocks)
        {
            x = block.Apply(x, mask, BlockChanges.None, ForwardPass.Plain);
            float[] reference = expected.Values($"block.{block.Index}");
            worst = Math.Max(worst, GoldenTensors.LargestDifference(reference, TensorData.ToArray(x)));
        }

        return worst;
    }

    private static Backbone Load(string set) => Backbone.Load(GoldenFiles.PathOf($"backbones/{set}"));

    private static GoldenTensors Open(string set, string name) =>
        GoldenTensors.Open($"backbones/{set}/{name}.safetensors");
}
