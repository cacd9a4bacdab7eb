// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Data;
using Microsoft.ML.Memory.Trainers.Tests.FineTuning;
using Microsoft.ML.Memory.Trainers.Tests.Golden;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Lora;

/// <summary>Several adapters on one backbone, chosen call by call.</summary>
[TestClass]
public sealed class AdapterSetTests
{
    private const double MergedTolerance = 1e-5; // single precision, terms added in another order
    private readonly MLContext _mlContext = new(1);

    [TestMethod]
    public void Use_switches_between_adapters_as_if_each_were_alone()
    {
        TorchTests.Require();
        using var shop = new AdapterShop(_mlContext);
        using FineTuneTransformer first = shop.Adapters.Use("first"), second = shop.Adapters.Use("second");
        using FineTuneTransformer again = shop.Adapters.Use("first");

        foreach ((ITransformer expected, FineTuneTransformer actual) in new[]
            { (shop.First, first), (shop.Second, second), (shop.First, again), (shop.First, first) })
        {
            TinyImages.AssertSame(shop.Predict(expected), shop.Predict(actual));
        }

        Assert.IsFalse(shop.Predict(first)[0].Score.SequenceEqual(shop.Predict(second)[0].Score));
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

        CollectionAssert.AreEqual(peft.Features(peft.Adapter, other), Features(adapters.Use(["a", "b"], "a")));
        CollectionAssert.AreEqual(peft.Features(other), Features(adapters.Mix(("b", 1))));
        CollectionAssert.AreEqual(peft.Features(other), Features(adapters.Mix([("a", 0), ("b", 1)], "b")));
        GoldenTensors.AssertClose(
            MergedByHand(peft.Backbone, (peft.Adapter, 0.25), (other, -2)),
            Features(adapters.Mix([("a", 0.25), ("b", -2)], "a")), MergedTolerance, "the weighted sum");

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
    public void Add_of_a_classifier_on_another_backbone_of_the_same_weights_scores_the_same()
    {
        TorchTests.Require();
        using var shop = new AdapterShop(_mlContext);
        using Backbone twin = Backbone.Create(TinyImages.Config, 3);
        using var adapters = new AdapterSet(_mlContext, twin, TinyImages.Options);
        adapters.Add("moved", shop.First);

        using FineTuneTransformer moved = adapters.Use("moved");

        TinyImages.AssertSame(shop.Predict(shop.First), shop.Predict(moved));
        CollectionAssert.AreEqual(TinyImages.Names, moved.ClassNames.ToArray());
    }

    [TestMethod]
    public void Columns_are_read_as_the_set_says_and_not_as_the_classifier_was_tuned()
    {
        TorchTests.Require();
        using var shop = new AdapterShop(_mlContext);
        LoraOptions options = TinyImages.Options with
        {
            FeatureColumnName = "Pixels",
            Image = new ImageInputOptions { Channels = 1, Width = 8, Height = 8, Scale = 0.5 },
        };
        using var adapters = new AdapterSet(_mlContext, shop.Backbone, options);
        adapters.Add("first", shop.First);
        TinyImage[] images = TinyImages.Draw(9, 5);
        IDataView doubled = _mlContext.Data.LoadFromEnumerable(
            images.Select(i => new TwiceAsBright { Pixels = [.. i.Features.Select(p => 2 * p)] }));

        using FineTuneTransformer used = adapters.Use("first");

        float[][] expected = Scores(shop.First.Transform(_mlContext.Data.LoadFromEnumerable(images)));
        float[][] actual = Scores(used.Transform(doubled));
        for (int row = 0; row < images.Length; row++) CollectionAssert.AreEqual(expected[row], actual[row]);

        static float[][] Scores(IDataView view) => [.. view.GetColumn<float[]>("Score")];
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
        using FineTuneTransformer both = adapters.Use(["a", "b"], "b");

        using Backbone merged = both.Model.ToBackbone();

        using var none = new TunedModel(merged, new LoraStack(merged));
        GoldenTensors.AssertClose(
            TensorData.ToArray(both.Model.Tuned.Logits(peft.Batch, ForwardPass.Plain)),
            TensorData.ToArray(none.Logits(peft.Batch, ForwardPass.Plain)), MergedTolerance, "logits");
    }

    [TestMethod]
    public void Any_mix_equals_its_merged_weights()
    {
        TorchTests.Require();
        using var shop = new AdapterShop(_mlContext);
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new SeededRandom(seed);
            double one = (2 * random.NextDouble()) - 1, other = (2 * random.NextDouble()) - 1;
            using FineTuneTransformer mix = shop.Adapters.Mix([("second", one), ("first", other)], "second");
            float[] unmerged = [.. shop.Predict(mix).SelectMany(p => p.Score)];
            mix.Model.Merge();
            float[] merged = [.. shop.Predict(mix).SelectMany(p => p.Score)];
            return unmerged.Zip(merged).All(p => Math.Abs(p.First - p.Second) <= MergedTolerance);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20).WithReplay(20_261_121, 7));
    }

    private sealed class TwiceAsBright
    {
        [VectorType(64)]
        public float[] Pixels { get; set; } = [];
    }
}
