// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using TorchSharp;

namespace Microsoft.ML.Memory.Trainers.Tests.Backbones;

/// <summary>Every stage of seeded tiny backbones against an independent reference.</summary>
[TestClass]
public sealed class BackboneGoldenTests
{
    private const double Tolerance = 1e-4; // the reference rounds double precision; single precision is 3e-6 off

    [TestMethod]
    [DataRow("vit_model")]
    [DataRow("vit_classifier")]
    [DataRow("vit_interpolated")]
    [DataRow("vit_small_variance")]
    [DataRow("vit_float16")]
    [DataRow("vit_bfloat16")]
    [DataRow("vit_sharded")]
    [DataRow("dinov2_model")]
    [DataRow("dinov2_classifier")]
    [DataRow("dinov2_swiglu")]
    [DataRow("dinov2_registers")]
    [DataRow("clip_vision")]
    [DataRow("clip_classifier")]
    [DataRow("clip_full")]
    [DataRow("bert")]
    [DataRow("bert_gamma_beta")]
    public void HiddenStates_of_a_seeded_backbone_equal_the_reference(string set)
    {
        TorchTests.Require();
        using var scope = torch.NewDisposeScope();
        using Backbone backbone = Load(set);
        using GoldenTensors input = GoldenTensors.Open($"backbones/{set}/input.safetensors");
        using GoldenTensors expected = GoldenTensors.Open($"backbones/{set}/expected.safetensors");

        int checkedCount = BackboneStages.Check(backbone, input, expected, Tolerance);

        Assert.AreEqual(expected.Names.Count(), checkedCount, "every reference tensor is compared");
    }

    [TestMethod]
    public void PositionRule_of_older_releases_equals_its_reference()
    {
        TorchTests.Require();
        using var scope = torch.NewDisposeScope();
        var options = new BackboneOptions { Positions = PositionRule.ScaleOffset01 };
        using Backbone backbone = Backbone.Load(GoldenFiles.PathOf("backbones/dinov2_model"), options);
        using GoldenTensors input = GoldenTensors.Open("backbones/dinov2_model/input.safetensors");
        using GoldenTensors expected = GoldenTensors.Open("backbones/dinov2_model/expected_scale_offset01.safetensors");

        Assert.AreEqual(expected.Names.Count(), BackboneStages.Check(backbone, input, expected, Tolerance));
    }

    private static Backbone Load(string set) => Backbone.Load(GoldenFiles.PathOf($"backbones/{set}"));
}
