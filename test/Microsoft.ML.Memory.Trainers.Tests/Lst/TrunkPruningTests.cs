// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using Microsoft.ML.Memory.Trainers.Tests.Tuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Lst;

[TestClass]
public sealed class TrunkPruningTests
{
    private const double Rounding = 1e-5;

    [TestMethod]
    [DataRow("methods/backbone", LstInitialization.Magnitude)]
    [DataRow("methods/backbone", LstInitialization.Fisher)]
    [DataRow("backbones/bert", LstInitialization.Magnitude)]
    [DataRow("backbones/clip_vision", LstInitialization.Magnitude)]
    [DataRow("backbones/dinov2_swiglu", LstInitialization.Magnitude)]
    public void Create_without_reduction_copies_the_blocks_of_the_trunk(string folder, LstInitialization first)
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using Backbone backbone = Load(folder);
        using LstTuning tuning = Create(backbone, new LstOptions { Reduction = 1, Initialization = first });
        BackboneBatch batch = ReadoutCase.BatchFor(backbone.Config);
        Tensor[] states = backbone.Trunk.HiddenStates(batch);

        foreach (TrunkBlock side in tuning.SideBlocks)
        {
            TrunkBlock block = backbone.Trunk.Blocks[side.Index];
            foreach ((LinearLayer copy, LinearLayer layer) in side.Linears.Zip(block.Linears))
            {
                bool scaled = block.Scale1 is not null && (layer == block.Output || layer == block.Down);
                if (!scaled) Same(layer.Weight, copy.Weight);
                if (!scaled && layer.Bias is { } bias) Same(bias, copy.Bias!);
            }

            Tensor y = side.Apply(states[side.Index], batch.Mask, BlockChanges.None, ForwardPass.Plain);
            GoldenTensors.AssertClose(
                TensorData.ToArray(states[side.Index + 1]), TensorData.ToArray(y), Rounding, "block");
        }
    }

    [TestMethod]
    public void Create_keeps_the_same_rows_of_queries_keys_and_values()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using Backbone backbone = Load("methods/backbone");
        using LstTuning tuning = Create(backbone, new LstOptions { Reduction = 4 });
        TrunkBlock side = tuning.SideBlocks.First(), block = backbone.Trunk.Blocks[0];

        int[] rows = Places(block.Query.Bias!, side.Query.Bias!);

        Assert.AreEqual(8, rows.Length);
        CollectionAssert.AreEqual(Enumerable.Range(rows[0], 8).ToArray(), rows); // a whole head of width 8
        Assert.AreEqual(0, rows[0] % 8);
        CollectionAssert.AreEqual(rows, Places(block.Key.Bias!, side.Key.Bias!));
        CollectionAssert.AreEqual(rows, Places(block.Value.Bias!, side.Value.Bias!));
        int[] channels = Places(block.Norm1.Weight, side.Norm1.Weight);
        CollectionAssert.AreEqual(Part(block.Query.Weight, rows, channels), TensorData.ToArray(side.Query.Weight));
        int[] after = Places(block.Norm2.Weight, side.Norm2.Weight);
        CollectionAssert.AreEqual(Part(block.Output.Weight, after, rows), TensorData.ToArray(side.Output.Weight));
        int[] inner = Places(block.Up.Bias!, side.Up.Bias!);
        Assert.AreEqual(32, inner.Length);
        CollectionAssert.AreEqual(Part(block.Up.Weight, inner, after), TensorData.ToArray(side.Up.Weight));
    }

    [TestMethod]
    public void LearnFirstValues_keeps_the_channels_with_the_largest_squared_gradients()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using Backbone backbone = Load("methods/backbone");
        Tensor images = ReadoutCase.BatchFor(backbone.Config).Pixels!;

        long[] labels = [0, 2, 1];
        double[] together = Scores([(images, labels)]);
        double[] alone = Scores([.. labels.Select((label, i) => (images.narrow(0, i, 1), new[] { label }))]);

        CollectionAssert.AreEqual(alone, together);
        Assert.IsTrue(together.All(s => s > 0));
        Assert.IsTrue(backbone.Tensors.Values.All(t => !t.requires_grad));

        double[] Scores((Tensor Pixels, long[] Labels)[] batches) => TrunkImportance
            .Fisher(backbone, 3, batches.Select(b => (BackboneBatch.Images(b.Pixels), tensor(b.Labels)))).Channels();
    }

    [TestMethod]
    public void Best_keeps_the_first_of_equals_in_ascending_order()
    {
        CollectionAssert.AreEqual(new[] { 1, 2, 4 }, TrunkPruning.Best([0, 3, 5, 1, 3, 3], 3));
        CollectionAssert.AreEqual(new[] { 0, 1 }, TrunkPruning.Best([1, 1, 1], 2));
    }

    [TestMethod]
    public void Create_with_random_values_does_not_read_the_backbone()
    {
        TorchTests.Require();
        using Backbone backbone = Load("methods/backbone");
        using LstTuning random = Create(backbone, new LstOptions { Initialization = LstInitialization.Random });

        Assert.IsTrue(TensorData.ToArray(random.SideBlocks.First().Query.Bias!).All(b => b == 0));
        Assert.AreEqual(0, random.FirstValueExamples);
    }

    private static LstTuning Create(Backbone backbone, LstOptions options)
    {
        using var scope = NewDisposeScope();
        var tuning = (LstTuning)options.Create(backbone, new SeededRandom(1));
        if (tuning.FirstValueExamples > 0)
        {
            BackboneBatch batch = ReadoutCase.BatchFor(backbone.Config);
            tuning.LearnFirstValues(backbone, 3, [(batch, tensor([0L, 2L, 1L]))]);
        }

        return tuning;
    }

    private static Backbone Load(string folder) => Backbone.Load(GoldenFiles.PathOf(folder));

    private static void Same(Tensor expected, Tensor actual) =>
        CollectionAssert.AreEqual(TensorData.ToArray(expected), TensorData.ToArray(actual));

    private static int[] Places(Tensor all, Tensor kept)
    {
        float[] values = TensorData.ToArray(all);
        return [.. TensorData.ToArray(kept).Select(v => Array.IndexOf(values, v))];
    }

    private static float[] Part(Tensor matrix, int[] rows, int[] columns)
    {
        float[] values = TensorData.ToArray(matrix);
        int width = (int)matrix.size(1);
        return [.. rows.SelectMany(r => columns.Select(c => values[(r * width) + c]))];
    }
}
