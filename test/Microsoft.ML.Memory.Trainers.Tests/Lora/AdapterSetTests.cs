// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Memory.Trainers.Tests.FineTuning;
using Microsoft.ML.Memory.Trainers.Tests.Golden;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Lora;

/// <summary>Several adapters on one backbone, chosen call by call.</summary>
[TestClass]
public sealed class AdapterSetTests
{
    private const double MergedTolerance = 1e-5; // single precision, terms added in another order
    private static readonly TinyImage[] _test = TinyImages.Draw(9, 5);
    private readonly MLContext _mlContext = new(1);

    [TestMethod]
    public void Use_switches_between_adapters_as_if_each_were_alone()
    {
        TorchTests.Require();
        using var shop = new Shop(_mlContext);
        using FineTuneTransformer first = shop.Adapters.Use("first"), second = shop.Adapters.Use("second");
        using FineTuneTransformer again = shop.Adapters.Use("first");

        foreach ((ITransformer expected, FineTuneTransformer actual) in new[]
            { (shop.First, first), (shop.Second, second), (shop.First, again), (shop.First, first) })
        {
            TinyImages.AssertSame(Predict(expected), Predict(actual));
        }

        Assert.IsFalse(Predict(first)[0].Score.SequenceEqual(Predict(second)[0].Score));
        CollectionAssert.AreEqual(new[] { "first", "second" }, shop.Adapters.Names.ToArray());
    }

    [TestMethod]
    [DataRow("lora_vit")]
    [DataRow("lora_vit_patterns")]
    [DataRow("lora_vit_bias_all")]
    public void Use_of_a_folder_of_PEFT_equals_the_reference(string name)
    {
        TorchTests.Require();
        using var peft = new PeftModel(name);
        using var adapters = new AdapterSet(_mlContext, peft.Backbone);
        adapters.Add("peft", peft.Folder);

        using FineTuneTransformer model = adapters.Use("peft");

        Assert.AreEqual(peft.Adapter.Head!.Weight.size(0), model.ClassCount);
        Tensor unmerged = model.Model.Tuned.Logits(peft.Batch, ForwardPass.Plain);
        peft.Expected.AssertEqual("unmerged.logits", unmerged, 1e-4);
        model.Model.Merge();
        peft.Expected.AssertEqual("merged.logits", model.Model.Tuned.Logits(peft.Batch, ForwardPass.Plain), 1e-4);
        model.Model.Unmerge();
        CollectionAssert.AreEqual(
            TensorData.ToArray(unmerged), TensorData.ToArray(model.Model.Tuned.Logits(peft.Batch, ForwardPass.Plain)));
        using FineTuneTransformer none = adapters.Use();
        peft.Expected.AssertEqual("base.logits", none.Model.Tuned.Logits(peft.Batch, ForwardPass.Plain), 1e-4);
    }

    [TestMethod]
    public void Use_of_two_adds_their_terms_and_Mix_weighs_them()
    {
        TorchTests.Require();
        using var peft = new PeftModel("lora_vit");
        using LoraAdapter other = peft.Load("lora_vit_all_linear_layer1");
        using var adapters = new AdapterSet(_mlContext, peft.Backbone);
        adapters.Add("a", peft.Adapter);
        adapters.Add("b", other);

        CollectionAssert.AreEqual(peft.Features(peft.Adapter, other), Features(adapters.Use("a", "b")));
        CollectionAssert.AreEqual(peft.Features(other), Features(adapters.Mix(("b", 1))));
        CollectionAssert.AreEqual(peft.Features(other), Features(adapters.Mix(("a", 0), ("b", 1))));
        GoldenTensors.AssertClose(
            MergedByHand(peft.Backbone, (peft.Adapter, 0.25), (other, -2)),
            Features(adapters.Mix(("a", 0.25), ("b", -2))), MergedTolerance, "the weighted sum");

        float[] Features(FineTuneTransformer used)
        {
            using FineTuneTransformer model = used;
            return TensorData.ToArray(model.Model.Tuned.Feature(peft.Batch, ForwardPass.Plain));
        }

        float[] MergedByHand(Backbone backbone, params (LoraAdapter Adapter, double Weight)[] of)
        {
            var weights = of.SelectMany(a => a.Adapter.Terms.Select(t => (t.Key, Delta: t.Value.Delta().mul(a.Weight))))
                .GroupBy(t => t.Key + ".weight")
                .ToDictionary(g => g.Key, g => g.Aggregate(backbone.Tensors[g.Key], (w, t) => w.add(t.Delta)));
            Trunk trunk = backbone.With(weights);
            return TensorData.ToArray(trunk.Pool(trunk.HiddenStates(peft.Batch)[^1], null));
        }
    }

    [TestMethod]
    public void Scores_of_threads_with_different_adapters_are_those_of_one_thread()
    {
        TorchTests.Require();
        using var shop = new Shop(_mlContext);
        TinyPrediction[][] expected = [Predict(shop.First), Predict(shop.Second)];
        var found = new TinyPrediction[16][];

        Parallel.For(0, found.Length, i =>
        {
            using FineTuneTransformer model = shop.Adapters.Use(i % 2 == 0 ? "first" : "second");
            if (i % 4 == 3) shop.Adapters.Add($"of {i}", shop.First);
            found[i] = Predict(model);
            if (i % 4 == 3) shop.Adapters.Remove($"of {i}");
        });

        for (int i = 0; i < found.Length; i++) TinyImages.AssertSame(expected[i % 2], found[i]);
    }

    [TestMethod]
    public void Merging_while_others_score_changes_no_score_but_in_the_last_bits()
    {
        TorchTests.Require();
        using var shop = new Shop(_mlContext);
        using FineTuneTransformer first = shop.Adapters.Use("first"), second = shop.Adapters.Use("second");
        TinyPrediction[] expected = Predict(first), other = Predict(second);
        var found = new TinyPrediction[24][];

        Parallel.For(0, found.Length, i =>
        {
            if (i == 4) first.Model.Merge();
            found[i] = Predict(i % 2 == 0 ? first : second);
            if (i == 4) first.Model.Unmerge();
        });

        for (int i = 1; i < found.Length; i += 2) TinyImages.AssertSame(other, found[i]);
        for (int i = 0; i < found.Length; i += 2)
        {
            float[] scores = [.. found[i].SelectMany(p => p.Score)];
            GoldenTensors.AssertClose([.. expected.SelectMany(p => p.Score)], scores, MergedTolerance, $"pass {i}");
        }

        TinyImages.AssertSame(expected, Predict(first));
    }

    [TestMethod]
    public void Switching_copies_no_tensor()
    {
        TorchTests.Require();
        using var shop = new Shop(_mlContext);
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor[]? first = null;

        for (int i = 0; i < 50; i++)
        {
            using FineTuneTransformer model = shop.Adapters.Use("first", "second");
            using FineTuneTransformer mixed = shop.Adapters.Mix(("first", 0.5));
            var stack = (LoraStack)model.Model.Tuned.Tuning;
            Tensor[] tensors = [.. stack.Terms.Values.SelectMany(t => t).SelectMany(t => new[] { t.Down, t.Up })];
            first ??= tensors;
            Assert.IsTrue(first.SequenceEqual(tensors, ReferenceEqualityComparer.Instance));
            Assert.AreSame(shop.Backbone.Trunk, model.Model.Tuned.Trunk);
            Assert.AreSame(shop.Backbone.Trunk, mixed.Model.Tuned.Trunk);
        }

        Assert.AreEqual(0, scope.DisposablesCount);
    }

    [TestMethod]
    public void Remove_leaves_an_adapter_to_those_who_use_it()
    {
        TorchTests.Require();
        using var shop = new Shop(_mlContext);
        FineTuneTransformer used = shop.Adapters.Use("first");
        LowRankTerm term = ((LoraStack)used.Model.Tuned.Tuning).Terms.Values.First()[0];

        Assert.IsTrue(shop.Adapters.Remove("first"));
        Assert.IsFalse(shop.Adapters.Remove("first"));

        TinyImages.AssertSame(Predict(shop.First), Predict(used));
        Assert.IsFalse(term.Down.IsInvalid);
        used.Dispose();
        used.Dispose();
        Assert.IsTrue(term.Down.IsInvalid);
        using FineTuneTransformer second = shop.Adapters.Use("second");
        shop.Adapters.Dispose();
        TinyImages.AssertSame(Predict(shop.Second), Predict(second));
    }

    [TestMethod]
    public void Add_of_a_classifier_on_another_backbone_of_the_same_weights_scores_the_same()
    {
        TorchTests.Require();
        using var shop = new Shop(_mlContext);
        using Backbone twin = Backbone.Create(TinyImages.Config, 3);
        using var adapters = new AdapterSet(_mlContext, twin, TinyImages.Options);
        adapters.Add("moved", shop.First);

        using FineTuneTransformer moved = adapters.Use("moved");

        TinyImages.AssertSame(Predict(shop.First), Predict(moved));
        CollectionAssert.AreEqual(TinyImages.Names, moved.ClassNames.ToArray());
    }

    [TestMethod]
    public void ToBackbone_of_a_mix_scores_as_the_mix()
    {
        TorchTests.Require();
        using var peft = new PeftModel("lora_vit");
        using LoraAdapter other = peft.Load("lora_vit_all_linear_layer1");
        using var adapters = new AdapterSet(_mlContext, peft.Backbone);
        adapters.Add("a", peft.Adapter);
        adapters.Add("b", other);
        using FineTuneTransformer both = adapters.Use("a", "b");

        using Backbone merged = both.Model.ToBackbone();

        using var none = new TunedModel(merged, new LoraStack(merged));
        GoldenTensors.AssertClose(
            TensorData.ToArray(both.Model.Tuned.Logits(peft.Batch, ForwardPass.Plain)),
            TensorData.ToArray(none.Logits(peft.Batch, ForwardPass.Plain)), MergedTolerance, "logits");
    }

    [TestMethod]
    public void Merge_and_Unmerge_in_the_wrong_order_are_refused()
    {
        TorchTests.Require();
        using var shop = new Shop(_mlContext);
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
            "FineTunedModel.Merge must follow LoRA. Got LinearProbeTuning, which has no terms to merge.",
            probe.Model.Merge);
        Refusal.Assert<ArgumentException>(
            "tuned must be tuned by LoRA. Got LinearProbeTuning. (Parameter 'tuned')",
            () => shop.Adapters.Add("probe", probe));
    }

    [TestMethod]
    public void Names_that_do_not_fit_are_refused()
    {
        TorchTests.Require();
        using var shop = new Shop(_mlContext);
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
            "Weights of adapters must be finite. Got NaN for 'first'. (Parameter 'adapters')",
            () => shop.Adapters.Mix(("first", double.NaN)));
        Refusal.Assert<ArgumentException>(
            "classNames must be as many as the classes of the adapter's head, 5. Got 1. (Parameter 'classNames')",
            () => adapters.Add("a", peft.Folder, ["one"]));
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
        using var shop = new Shop(_mlContext);
        using FineTuneTransformer used = shop.Adapters.Use("first");

        Refusal.Assert<InvalidOperationException>(
            "A transformer must have been trained or loaded to be saved. Got one of an AdapterSet. Save its adapters "
            + "with LoraAdapter.Save, or the classifiers they came from.",
            () => _mlContext.Model.Save(used, null, Stream.Null));
        Refusal.Assert<InvalidOperationException>(
            "A transformer must have been trained or loaded to be moved. Got one of an AdapterSet. Make an AdapterSet "
            + "on the other backbone.",
            () => used.On(shop.Backbone));
    }

    [TestMethod]
    public void Any_mix_equals_its_merged_weights()
    {
        TorchTests.Require();
        using var shop = new Shop(_mlContext);
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new SeededRandom(seed);
            double one = (2 * random.NextDouble()) - 1, other = (2 * random.NextDouble()) - 1;
            using FineTuneTransformer mix = shop.Adapters.Mix(("second", one), ("first", other));
            float[] unmerged = [.. Predict(mix).SelectMany(p => p.Score)];
            mix.Model.Merge();
            float[] merged = [.. Predict(mix).SelectMany(p => p.Score)];
            return unmerged.Zip(merged).All(p => Math.Abs(p.First - p.Second) <= MergedTolerance);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20).WithReplay(20_261_121, 7));
    }

    private TinyPrediction[] Predict(ITransformer model)
    {
        IDataView scored = model.Transform(_mlContext.Data.LoadFromEnumerable(_test));
        IEstimator<ITransformer> names = _mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel");
        return [.. _mlContext.Data.CreateEnumerable<TinyPrediction>(names.Fit(scored).Transform(scored), false)];
    }

    /// <summary>Two classifiers that were tuned on one backbone, and a set with both.</summary>
    private sealed class Shop : IDisposable
    {
        public Shop(MLContext mlContext)
        {
            LoraOptions options = TinyImages.Options with { EpochCount = 2, TargetModules = ["all-linear"] };
            First = TinyImages.Fit(mlContext, Backbone, options, TinyImages.Draw(24, 1));
            Second = TinyImages.Fit(mlContext, Backbone, options with { Seed = 7, Rank = 3 }, TinyImages.Draw(24, 2));
            Adapters = new AdapterSet(mlContext, Backbone, options);
            Adapters.Add("first", First);
            Adapters.Add("second", Second);
        }

        public Backbone Backbone { get; } = Backbone.Create(TinyImages.Config, 3);

        public FineTuneTransformer First { get; }

        public FineTuneTransformer Second { get; }

        public AdapterSet Adapters { get; }

        public void Dispose()
        {
            Adapters.Dispose();
            First.Dispose();
            Second.Dispose();
            Backbone.Dispose();
        }
    }
}
