// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.FineTuning;
using Microsoft.ML.Memory.Trainers.Tests.Golden;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Lora;

/// <summary>Adapters that come, go and are shared by threads.</summary>
[TestClass]
public sealed class AdapterSetLifetimeTests
{
    private const double MergedTolerance = 1e-5; // single precision, terms added in another order
    private readonly MLContext _mlContext = new(1);

    [TestMethod]
    public void Scores_of_threads_with_different_adapters_are_those_of_one_thread()
    {
        TorchTests.Require();
        using var shop = new AdapterShop(_mlContext);
        TinyPrediction[][] expected = [shop.Predict(shop.First), shop.Predict(shop.Second)];
        var found = new TinyPrediction[16][];

        Parallel.For(0, found.Length, i =>
        {
            using FineTuneTransformer model = shop.Adapters.Use(i % 2 == 0 ? "first" : "second");
            if (i % 4 == 3) shop.Adapters.Add($"of {i}", shop.First);
            found[i] = shop.Predict(model);
            if (i % 4 == 3) shop.Adapters.Remove($"of {i}");
        });

        for (int i = 0; i < found.Length; i++) TinyImages.AssertSame(expected[i % 2], found[i]);
    }

    [TestMethod]
    public void Merging_while_others_score_changes_no_score_but_in_the_last_bits()
    {
        TorchTests.Require();
        using var shop = new AdapterShop(_mlContext);
        using FineTuneTransformer first = shop.Adapters.Use("first"), second = shop.Adapters.Use("second");
        TinyPrediction[] expected = shop.Predict(first), other = shop.Predict(second);
        var found = new TinyPrediction[24][];

        Parallel.For(0, found.Length, i =>
        {
            if (i == 4) first.Model.Merge();
            found[i] = shop.Predict(i % 2 == 0 ? first : second);
            if (i == 4) first.Model.Unmerge();
        });

        for (int i = 1; i < found.Length; i += 2) TinyImages.AssertSame(other, found[i]);
        for (int i = 0; i < found.Length; i += 2)
        {
            float[] scores = [.. found[i].SelectMany(p => p.Score)];
            GoldenTensors.AssertClose([.. expected.SelectMany(p => p.Score)], scores, MergedTolerance, $"pass {i}");
        }

        TinyImages.AssertSame(expected, shop.Predict(first));
    }

    [TestMethod]
    public void Switching_copies_no_tensor()
    {
        TorchTests.Require();
        using var shop = new AdapterShop(_mlContext);
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor[]? first = null;

        for (int i = 0; i < 50; i++)
        {
            using FineTuneTransformer model = shop.Adapters.Use(["first", "second"], "first");
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
        using var shop = new AdapterShop(_mlContext);
        FineTuneTransformer used = shop.Adapters.Use("first");
        LowRankTerm term = ((LoraStack)used.Model.Tuned.Tuning).Terms.Values.First()[0];

        Assert.IsTrue(shop.Adapters.Remove("first"));
        Assert.IsFalse(shop.Adapters.Remove("first"));

        TinyImages.AssertSame(shop.Predict(shop.First), shop.Predict(used));
        Assert.IsFalse(term.Down.IsInvalid);
        used.Dispose();
        used.Dispose();
        Assert.IsTrue(term.Down.IsInvalid);
        using FineTuneTransformer second = shop.Adapters.Use("second");
        shop.Adapters.Dispose();
        TinyImages.AssertSame(shop.Predict(shop.Second), shop.Predict(second));
    }

    [TestMethod]
    [DataRow(TrunkPrecision.Single)]
    [DataRow(TrunkPrecision.BFloat16)]
    public void Using_scoring_merging_and_removing_leaves_no_tensor_behind(TrunkPrecision precision)
    {
        TorchTests.Require();
        using var peft = new PeftModel("lora_vit_bias_all");
        using LoraAdapter other = peft.Load("lora_vit_patterns");
        int images = (int)peft.Batch.Pixels!.size(0), classes = (int)other.Head!.Weight.size(0);
        float[] rows = TensorData.ToArray(peft.Batch.Pixels), first = [], scores = new float[images * classes];
        var options = new LoraOptions { TrunkPrecision = precision };
        for (int i = 0; i < 6; i++)
        {
            using TorchSharp.DisposeScope scope = NewDisposeScope();
            List<Tensor> owned = [];
            using (var adapters = new AdapterSet(_mlContext, peft.Backbone, options))
            {
                adapters.Add("biased", peft.Folder);
                adapters.Add("other", other);
                using FineTuneTransformer model = adapters.Mix([("biased", 1), ("other", -0.5)], "other");
                model.Model.Score(rows, images, scores, []);
                if (i == 0) first = [.. scores];
                CollectionAssert.AreEqual(first, scores);
                model.Model.Merge();
                model.Model.Score(rows, images, scores, []);
                var stack = (LoraStack)model.Model.Tuned.Tuning;
                LowRankTerm term = stack.Terms.Values.First()[0];
                owned.AddRange([term.Up, stack.Replaced.Values.First(), stack.Head.Weight]);
                string merged = stack.Terms.Keys.First();
                owned.Add(LoraLayers.OfBlocks(model.Model.Tuned.Trunk).Single(l => l.Name == merged).Weight);
                if (i % 2 == 0) model.Model.Unmerge();
                adapters.Remove("other");
            }

            Assert.AreEqual(0, scope.DisposablesCount);
            Assert.AreEqual(4, owned.Count(t => t.IsInvalid));
            Assert.IsTrue(peft.Backbone.Tensors.Values.All(t => !t.IsInvalid));
        }
    }

    [TestMethod]
    public void Refused_uses_hold_no_adapter()
    {
        TorchTests.Require();
        using var shop = new AdapterShop(_mlContext);
        LowRankTerm term;
        using (FineTuneTransformer used = shop.Adapters.Use("first"))
            term = ((LoraStack)used.Model.Tuned.Tuning).Terms.Values.First()[0];

        Assert.ThrowsExactly<ArgumentException>(() => shop.Adapters.Use("first", "second"));
        Assert.ThrowsExactly<ArgumentException>(() => shop.Adapters.Use(["first"], "second"));
        shop.Adapters.Remove("first");

        Assert.IsTrue(term.Down.IsInvalid);
    }

    [TestMethod]
    public void What_was_disposed_of_is_refused()
    {
        TorchTests.Require();
        using var shop = new AdapterShop(_mlContext);
        using var peft = new PeftModel("lora_vit");
        using var adapters = new AdapterSet(_mlContext, peft.Backbone);
        FineTuneTransformer used = shop.Adapters.Use("first");
        Backbone gone = Backbone.Create(TinyImages.Config, 3);
        gone.Dispose();
        peft.Adapter.Dispose();
        shop.First.Dispose();
        used.Dispose();
        shop.Adapters.Dispose();

        Action[] refused =
        [
            () => adapters.Add("a", peft.Adapter), () => peft.Adapter.Merge(), () => peft.Adapter.Save("unused"),
            () => shop.Adapters.Use(), () => shop.Adapters.Add("second", shop.Second),
            () => shop.Adapters.Add("first", shop.First), () => shop.First.Model.ToBackbone(),
            () => shop.First.Model.SaveAdapter("unused"), () => _mlContext.Model.Save(shop.First, null, Stream.Null),
            () => shop.First.On(shop.Backbone), () => used.Model.Merge(), () => used.Model.Unmerge(),
            () => shop.Predict(used), () => LoraAdapter.Load(peft.Folder, gone),
            () => shop.Second.On(gone),
        ];
        for (int i = 0; i < refused.Length; i++)
        {
            Exception e = Assert.Throws<Exception>(refused[i], $"{i}");
            Assert.IsInstanceOfType<ObjectDisposedException>(e.GetBaseException(), $"{i}: {e.Message}");
        }
    }

    [TestMethod]
    public void Disposing_while_others_score_gives_whole_scores_or_says_so()
    {
        TorchTests.Require();
        using var shop = new AdapterShop(_mlContext);
        TinyPrediction[] expected = shop.Predict(shop.First);

        for (int round = 0; round < 10; round++)
        {
            FineTuneTransformer used = shop.Adapters.Use("first");
            if (round % 2 == 0) shop.Adapters.Remove("first");
            var found = new TinyPrediction[6][];
            Parallel.For(0, found.Length, i =>
            {
                if (i == 3) used.Dispose();
                try
                {
                    found[i] = shop.Predict(used);
                }
                catch (Exception e) when (e.GetBaseException() is ObjectDisposedException)
                {
                    found[i] = expected;
                }
            });
            foreach (TinyPrediction[] one in found) TinyImages.AssertSame(expected, one);
            if (round % 2 == 0) shop.Adapters.Add("first", shop.First);
        }
    }
}
