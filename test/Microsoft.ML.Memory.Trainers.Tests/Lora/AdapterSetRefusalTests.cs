// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.FineTuning;

namespace Microsoft.ML.Memory.Trainers.Tests.Lora;

/// <summary>What a set of adapters refuses or warns of.</summary>
[TestClass]
public sealed class AdapterSetRefusalTests
{
    private readonly MLContext _mlContext = new(1);

    [TestMethod]
    public void Use_of_two_with_heads_needs_the_head_to_be_named()
    {
        TorchTests.Require();
        using var shop = new AdapterShop(_mlContext, other: [.. Enumerable.Reverse(TinyImages.Names)]);

        Refusal.Assert<ArgumentException>(
            "Adapters must have one head between them. Got heads of 'first', 'second'. Name the one whose head to "
            + "take.",
            () => shop.Adapters.Use("first", "second"));
        Refusal.Assert<ArgumentException>(
            "head must be an adapter that is used and has a head, 'first', 'second'. Got 'third'.",
            () => shop.Adapters.Use(["first", "second"], "third"));
        using FineTuneTransformer one = shop.Adapters.Use(["first", "second"], "first");
        using FineTuneTransformer two = shop.Adapters.Use(["first", "second"], "second");
        using FineTuneTransformer only = shop.Adapters.Mix([("first", 0), ("second", 1)], "second");

        CollectionAssert.AreEqual(shop.First.ClassNames.ToArray(), one.ClassNames.ToArray());
        CollectionAssert.AreEqual(shop.Second.ClassNames.ToArray(), two.ClassNames.ToArray());
        CollectionAssert.AreNotEqual(one.ClassNames.ToArray(), two.ClassNames.ToArray());
        Assert.IsFalse(shop.Predict(one)[0].Score.SequenceEqual(shop.Predict(two)[0].Score));
        TinyImages.AssertSame(shop.Predict(shop.Second), shop.Predict(only));
    }

    [TestMethod]
    public void Add_of_an_adapter_for_another_pooling_is_refused()
    {
        TorchTests.Require();
        using var shop = new AdapterShop(_mlContext);
        using Backbone plain = Backbone.Create(TinyImages.Config, 3);
        var pooling = new BackboneOptions { Pooling = BackbonePooling.ClassTokenAndMean };
        using Backbone mean = Backbone.Create(TinyImages.Config, 3, pooling);
        using var adapters = new AdapterSet(_mlContext, mean, TinyImages.Options);

        Refusal.Assert<ArgumentException>(
            "tuned must be of a backbone with the sizes and the pooling of the set's, ClassTokenAndMean. Got "
            + $"{plain.Trunk.Pooling}, or other sizes. (Parameter 'tuned')",
            () => adapters.Add("first", shop.First));
    }

    [TestMethod]
    public void Add_warns_of_what_the_config_says_without_effect()
    {
        TorchTests.Require();
        using var peft = new PeftModel("lora_vit_patterns");
        var mlContext = new MLContext(1);
        List<string> said = [];
        mlContext.Log += (_, e) => said.Add(e.Message);
        using var adapters = new AdapterSet(mlContext, peft.Backbone);

        adapters.Add("strange", peft.Folder);

        string warning = said.Single(m => m.Contains("some_future_option", StringComparison.Ordinal));
        StringAssert.Contains(warning, "The config of adapter 'strange' should have known keys only. Got "
            + "'some_future_option', which have no effect.");
    }

    [TestMethod]
    public void Merge_and_Unmerge_in_the_wrong_order_are_refused()
    {
        TorchTests.Require();
        using var shop = new AdapterShop(_mlContext);
        FineTunedModel model = shop.First.Model;

        Refusal.Assert<InvalidOperationException>(
            "FineTunedModel.Unmerge must follow Merge. Got terms that are not merged.", model.Unmerge);
        model.Merge();
        Assert.IsTrue(model.IsMerged);
        Refusal.Assert<InvalidOperationException>(
            "FineTunedModel.Merge must not be called twice. Got merged terms. Call Unmerge first.", model.Merge);
        using FineTuneTransformer probe = TinyImages.Fit(
            _mlContext, shop.Backbone, new LinearProbeOptions { EpochCount = 1 }, TinyImages.Draw(6, 1));
        Refusal.Assert<InvalidOperationException>(
            "FineTunedModel.Merge must follow LoRA. Got LinearProbeOptions, which has no terms to merge.",
            probe.Model.Merge);
        Refusal.Assert<ArgumentException>(
            "tuned must be tuned by LoRA. Got LinearProbeOptions. (Parameter 'tuned')",
            () => shop.Adapters.Add("probe", probe));
    }

    [TestMethod]
    public void Names_that_do_not_fit_are_refused()
    {
        TorchTests.Require();
        using var shop = new AdapterShop(_mlContext);
        using var peft = new PeftModel("lora_vit");
        using var adapters = new AdapterSet(_mlContext, peft.Backbone);

        Refusal.Assert<ArgumentException>(
            "Adapters must be in the set, which has first, second. Got 'thrid'.",
            () => shop.Adapters.Use("first", "thrid"));
        Refusal.Assert<ArgumentException>(
            "Adapters must be in the set, which has none. Got 'a'.", () => adapters.Use("a"));
        Refusal.Assert<ArgumentException>(
            "Adapters must be named once. Got first, first.", () => shop.Adapters.Use("first", "first"));
        Refusal.Assert<ArgumentException>(
            "name must not be taken. Got 'first'. Remove it first. (Parameter 'name')",
            () => shop.Adapters.Add("first", shop.Second));
        Refusal.Assert<ArgumentException>(
            "Weights of adapters must be finite in single precision. Got NaN for 'first'. (Parameter 'adapters')",
            () => shop.Adapters.Mix(("first", double.NaN)));
        Refusal.Assert<ArgumentException>(
            "Weights of adapters must be finite in single precision. Got 1E+39 for 'second'. (Parameter 'adapters')",
            () => shop.Adapters.Mix(("first", 1), ("second", 1e39)));
        Refusal.Assert<ArgumentException>(
            "classNames must be as many as the classes of the adapter's head, 5. Got 1. (Parameter 'classNames')",
            () => adapters.Add("a", peft.Folder, ["one"]));
        Refusal.Assert<ArgumentException>(
            "classNames must be different names. Got 'one' twice. (Parameter 'classNames')",
            () => adapters.Add("a", peft.Folder, ["one", "two", "three", "four", "one"]));
        Refusal.Assert<ArgumentException>(
            "classNames must be different names. Got an empty one. (Parameter 'classNames')",
            () => adapters.Add("a", peft.Adapter, ["one", "two", "three", null!, "five"]));
        Refusal.Assert<ArgumentException>(
            $"tuned must be of the backbone of the set, of hash {peft.Backbone.Hash}. Got {shop.Backbone.Hash}. "
            + "(Parameter 'tuned')",
            () => adapters.Add("other", shop.First));
        Refusal.Assert<InvalidOperationException>(
            "A stack of adapters must have a head to score with. Got none in the adapters and none in the backbone.",
            () => shop.Adapters.Use());
    }

    [TestMethod]
    public void Saving_and_moving_what_a_set_made_is_refused()
    {
        TorchTests.Require();
        using var shop = new AdapterShop(_mlContext);
        using FineTuneTransformer used = shop.Adapters.Use("first");

        Refusal.Assert<InvalidOperationException>(
            "A transformer must have been trained or loaded to be saved. Got one of an AdapterSet. Save its adapters "
            + "with LoraAdapter.Save, or the classifiers they came from.",
            () => _mlContext.Model.Save(used, null, Stream.Null));
        Refusal.Assert<InvalidOperationException>(
            "A transformer must have been trained or loaded to be moved. Got one of an AdapterSet. Make an AdapterSet "
            + "on the other backbone.",
            () => used.On(shop.Backbone));
        Refusal.Assert<InvalidOperationException>(
            "FineTunedModel.SaveAdapter must follow training by LoRA. Got a model of an AdapterSet. Save its adapters "
            + "with LoraAdapter.Save, or the classifiers they came from.",
            () => used.Model.SaveAdapter("unused"));
    }
}
