// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;

namespace Microsoft.ML.Memory.Trainers.Tests.Lora;

/// <summary>Several adapters on one backbone.</summary>
[TestClass]
public sealed class LoraStackTests
{
    [TestMethod]
    public void Feature_of_two_adapters_adds_their_terms_whatever_was_used_before()
    {
        TorchTests.Require();
        using var peft = new PeftModel("lora_vit");
        using LoraAdapter other = peft.Load("lora_vit_all_linear_layer1");

        float[] none = peft.Features(), first = peft.Features(peft.Adapter), second = peft.Features(other);
        float[] both = peft.Features(peft.Adapter, other);

        GoldenTensors.AssertClose(WithSummedWeights(peft, other), both, 1e-5, "the sum of both");
        CollectionAssert.AreEqual(both, peft.Features(peft.Adapter, other));
        CollectionAssert.AreEqual(none, peft.Features());
        CollectionAssert.AreEqual(first, peft.Features(peft.Adapter));
        CollectionAssert.AreEqual(second, peft.Features(other));
        Assert.AreEqual(4, new[] { none, first, second, both }.DistinctBy(f => f[0]).Count());
    }

    [TestMethod]
    public void Head_is_that_of_the_adapter_that_is_named_or_the_only_one()
    {
        TorchTests.Require();
        using var peft = new PeftModel("lora_vit");
        using LoraAdapter other = peft.Load("lora_vit_patterns"), none = peft.Load("lora_vit_all_linear_layer1");
        using LoraAdapter headless = none.On(peft.Backbone);
        headless.Head = null;
        PlacedAdapter[] all = [new("none", headless), new("other", other), new("peft", peft.Adapter)];
        LinearLayer? Head(string? head, params PlacedAdapter[] of) => new LoraStack(peft.Backbone, of, head).Head;

        Assert.AreSame(peft.Adapter.Head, Head("peft", all));
        Assert.AreSame(other.Head, Head("other", all));
        Assert.AreSame(other.Head, Head(null, all[..2]));
        Assert.AreSame(peft.Backbone.Head, Head(null, all[0]));
        Refusal.Assert<ArgumentException>(
            "Adapters must have one head between them. Got heads of 'other', 'peft'. Name the one whose head to take.",
            () => Head(null, all));
        Refusal.Assert<ArgumentException>(
            "head must be an adapter that is used and has a head, 'other', 'peft'. Got 'none'.",
            () => Head("none", all));
        Refusal.Assert<ArgumentException>(
            "head must be an adapter that is used and has a head, of which there is none. Got 'none'.",
            () => Head("none", all[0]));
    }

    [TestMethod]
    public void Head_of_none_is_refused()
    {
        TorchTests.Require();
        using var peft = new PeftModel("lora_vit_bare");

        Refusal.Assert<InvalidOperationException>(
            "A stack of adapters must have a head to score with. Got none in the adapters and none in the backbone.",
            () => _ = new LoraStack(peft.Backbone, peft.Adapter).Head);
    }

    [TestMethod]
    public void Create_adapters_that_do_not_go_together_are_refused()
    {
        TorchTests.Require();
        using var peft = new PeftModel("lora_vit_bias_all");
        using LoraAdapter same = peft.Load("lora_vit_bias_all");
        using var elsewhere = new PeftModel("lora_vit");

        Refusal.Assert<ArgumentException>(
            "Adapters must replace every tensor of the backbone at most once. Got "
            + "'embeddings.patch_embeddings.projection.bias' of 'a' and of 'b'.",
            () => _ = new LoraStack(peft.Backbone, [new PlacedAdapter("a", peft.Adapter), new("b", same)]));
        Refusal.Assert<ArgumentException>(
            "Weights of adapters that replace tensors of the backbone must be 1. Got 0.5 for 'a', which replaces "
            + "'embeddings.patch_embeddings.projection.bias'.",
            () => _ = new LoraStack(peft.Backbone, [new PlacedAdapter("a", peft.Adapter, 0.5)]));
        Refusal.Assert<ArgumentException>(
            "adapters must be of the backbone they are put on. Got one of another. (Parameter 'adapters')",
            () => _ = new LoraStack(peft.Backbone, elsewhere.Adapter));
    }

    private static float[] WithSummedWeights(PeftModel peft, LoraAdapter other)
    {
        var weights = peft.Adapter.Terms.Concat(other.Terms).GroupBy(t => t.Key + ".weight").ToDictionary(
            g => g.Key, g => g.Aggregate(peft.Backbone.Tensors[g.Key], (w, t) => w.add(t.Value.Delta())));
        Trunk trunk = peft.Backbone.With(weights);
        return TensorData.ToArray(trunk.Pool(trunk.HiddenStates(peft.Batch)[^1], null));
    }
}
