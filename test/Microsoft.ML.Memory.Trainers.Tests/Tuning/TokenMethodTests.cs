// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Memory.Trainers.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Tuning;

/// <summary>Prefixes and prompts.</summary>
[TestClass]
public sealed class TokenMethodTests
{
    private const double Reordered = 1e-5; // sums over keys in another order

    [TestMethod]
    public void Logits_do_not_depend_on_the_order_of_prompts_or_prefixes()
    {
        TorchTests.Require();
        using var prompts = new TinyModel(new VptOptions { PromptCount = 5 });
        using var shallow = new TinyModel(new VptOptions { PromptCount = 5, Deep = false }, "backbones/bert");
        using var prefixes = new TinyModel(new PrefixOptions { Length = 5, InitDeviation = 1 });
        float[][] before = [prompts.Logits(), shallow.Logits(), prefixes.Logits()];

        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(20), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            TinyModel[] models = [prompts, shallow, prefixes];
            for (int i = 0; i < models.Length; i++)
            {
                Permute(models[i], seed);
                GoldenTensors.AssertClose(before[i], models[i].Logits(), Reordered, $"permuted with {seed}");
            }
        }));
    }

    [TestMethod]
    [DataRow("prefix")]
    [DataRow("vpt_deep")]
    [DataRow("vpt_shallow")]
    public void Feature_padding_of_texts_changes_nothing(string method)
    {
        TorchTests.Require();
        foreach (BackbonePooling pooling in new[] { BackbonePooling.Default, BackbonePooling.Mean })
        {
            using var tiny = new TinyModel(TrunkMethods.Options(method), "backbones/bert", pooling: pooling);
            tiny.Disturb();
            using IDisposable frozen = no_grad();
            using var scope = NewDisposeScope();
            Tensor ids = TensorData.From([2L, 5, 7, 3], [1, 4]), padded = TensorData.From([2L, 5, 7, 3, 0, 0], [1, 6]);
            Tensor mask = TensorData.From([1L, 1, 1, 1, 0, 0], [1, 6]);

            Tensor plain = tiny.Model.Logits(BackboneBatch.Texts(ids, null, null), ForwardPass.Plain);
            Tensor masked = tiny.Model.Logits(BackboneBatch.Texts(padded, null, mask), ForwardPass.Plain);
            Tensor open = tiny.Model.Logits(BackboneBatch.Texts(padded, null, null), ForwardPass.Plain);

            float[] expected = TensorData.ToArray(plain);
            GoldenTensors.AssertClose(expected, TensorData.ToArray(masked), Reordered, $"{method}, {pooling}");
            Assert.IsGreaterThan(1e-3, GoldenTensors.LargestDifference(expected, TensorData.ToArray(open)));
        }
    }

    [TestMethod]
    public void Step_mask_stays_with_the_tokens_it_was_made_for()
    {
        TorchTests.Require();
        using var tiny = new TinyModel(new VptOptions { PromptCount = 2 }, "backbones/bert");
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        var tuning = (TrunkTuning)tiny.Model.Tuning;
        TrunkBlock block = tiny.Model.Trunk.Blocks[0];
        BackboneBatch batch = BackboneBatch.Texts(
            TensorData.From([2L, 5, 7], [1, 3]), null, TensorData.From([0L, 1, 1], [1, 3]));
        Tensor x = tuning.Begin(tiny.Model.Trunk, batch, ForwardPass.Plain);
        Tensor other = x.clone();
        other.narrow(1, 0, 1).zero_();

        Tensor one = tuning.Step(block, x, batch.Mask, ForwardPass.Plain);
        Tensor two = tuning.Step(block, other, batch.Mask, ForwardPass.Plain);

        float[] Rest(Tensor y) => TensorData.ToArray(y.narrow(1, 1, 4));
        CollectionAssert.AreEqual(Rest(one), Rest(two), "what is masked is not seen");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Step_sequence_has_the_same_length_in_all_blocks(bool deep)
    {
        TorchTests.Require();
        using var tiny = new TinyModel(new VptOptions { PromptCount = 3, Deep = deep });
        using var scope = NewDisposeScope();
        var tuning = (TrunkTuning)tiny.Model.Tuning;

        Tensor x = tuning.Begin(tiny.Model.Trunk, tiny.Batch, ForwardPass.Plain);
        long tokens = x.size(1);
        foreach (TrunkBlock block in tiny.Model.Trunk.Blocks)
        {
            x = tuning.Step(block, x, null, ForwardPass.Plain);
            Assert.AreEqual(tokens + 3, x.size(1));
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Step_deep_prompts_replace_what_the_block_before_made_of_its_own(bool deep)
    {
        TorchTests.Require();
        using var tiny = new TinyModel(new VptOptions { PromptCount = 3, Deep = deep });
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        var tuning = (TrunkTuning)tiny.Model.Tuning;
        IReadOnlyList<TrunkBlock> blocks = tiny.Model.Trunk.Blocks;
        Tensor x = tuning.Step(
            blocks[0], tuning.Begin(tiny.Model.Trunk, tiny.Batch, ForwardPass.Plain), null, ForwardPass.Plain);
        Tensor spoilt = x.clone();
        spoilt.narrow(1, 1, 3).zero_();

        float[] one = TensorData.ToArray(tuning.Step(blocks[1], x, null, ForwardPass.Plain));
        float[] other = TensorData.ToArray(tuning.Step(blocks[1], spoilt, null, ForwardPass.Plain));

        Assert.AreEqual(deep, one.SequenceEqual(other));
    }

    [TestMethod]
    public void End_mean_of_images_leaves_prompts_out()
    {
        TorchTests.Require();
        using var tiny = new TinyModel(
            new VptOptions { PromptCount = 3 }, "backbones/dinov2_registers",
            pooling: BackbonePooling.ClassTokenAndMean);
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        Trunk trunk = tiny.Model.Trunk;
        Tensor x = trunk.Embed(tiny.Batch);
        Tensor prompts = ones([x.size(0), 3, x.size(2)], float32);
        Tensor with = cat([x.narrow(1, 0, 1), prompts, x.narrow(1, 1, x.size(1) - 1)], 1);

        Tensor feature = ((TrunkTuning)tiny.Model.Tuning).End(trunk, with, tiny.Batch, ForwardPass.Plain);

        CollectionAssert.AreEqual(TensorData.ToArray(trunk.Pool(x, null)), TensorData.ToArray(feature));
    }

    [TestMethod]
    public void Create_prompts_start_evenly_within_the_bound()
    {
        TorchTests.Require();
        AssertBound("methods/backbone", Math.Sqrt(6.0 / ((3 * 4 * 4) + 32)));
        AssertBound("backbones/bert", Math.Sqrt(3.0 / 32));
    }

    [TestMethod]
    public void Attend_with_a_prefix_is_a_weighted_mean_of_attention_with_and_without_it()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        var random = new SeededRandom(2);
        Tensor Rows(long count) => TensorInit.Normal(random, [1, count, 4], 1, CPU);
        (Tensor q, Tensor k, Tensor v, Tensor pk, Tensor pv) = (Rows(3), Rows(5), Rows(5), Rows(2), Rows(2));
        BlockOperators plain = BlockOperators.Plain;
        Tensor Mass(Tensor keys) => q.matmul(keys.transpose(1, 2)).mul(0.5).exp().sum(-1).unsqueeze(-1); // 1 / sqrt 4

        Tensor w = Mass(pk).div(Mass(pk).add(Mass(k)));
        Tensor expected = plain.Attend(q, k, v, 1, null).mul(1 - w).add(plain.Attend(q, pk, pv, 1, null).mul(w));

        Tensor actual = plain.Attend(q, cat([pk, k], 1), cat([pv, v], 1), 1, null);
        GoldenTensors.AssertClose(TensorData.ToArray(expected), TensorData.ToArray(actual), Reordered, "identity");
    }

    private static void AssertBound(string set, double bound)
    {
        using var tiny = new TinyModel(new VptOptions { PromptCount = 50 }, set);
        float[] values = [.. tiny.Model.Tuning.Tensors.SelectMany(t => TensorData.ToArray(t.Tensor))];
        Assert.IsLessThanOrEqualTo((float)bound, values.Max(MathF.Abs));
        Assert.AreEqual(bound, values.Max(), 0.01 * bound);
        Assert.AreEqual(0, values.Average(), 0.05 * bound);
    }

    // Keys and values of a prefix belong together, so both take the same order.
    private static void Permute(TinyModel tiny, int seed)
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        foreach (TrainedTensor trained in tiny.Model.Tuning.Tensors)
        {
            int[] order = [0, 1, 2, 3, 4];
            new SeededRandom(seed).Shuffle(order.AsSpan());
            Tensor rows = TensorData.From([.. order.Select(i => (long)i)], [5]);
            trained.Tensor.copy_(trained.Tensor.index_select(0, rows));
        }
    }
}
