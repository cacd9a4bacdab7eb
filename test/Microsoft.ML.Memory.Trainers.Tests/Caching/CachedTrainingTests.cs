// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Tuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Caching;

/// <summary>Training on cached taps is training on the trunk.</summary>
[TestClass]
public sealed class CachedTrainingTests
{
    private const double LearningRate = 1e-2;
    private const double HalfTolerance = 1e-2;
    private const double Rounding = 1e-5; // matrix products round a row by its place in the batch

    private static readonly long[][] _fixed = [[0, 1, 2], [0, 1, 2], [0, 1, 2], [0, 1, 2]];
    private static readonly long[][] _shuffled = [[0, 1, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0]];

    public static IEnumerable<object[]> Methods =>
    [
        [new LinearProbeOptions()], [new VqtOptions()], [new LstOptions { Reduction = 4 }], [new UniPtOptions()],
        [new SherlOptions()], [new R2Options { HeadCount = 4 }],
    ];

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Losses_with_a_cache_are_those_without(FineTuneOptions options)
    {
        TorchTests.Require();

        double[] online = Losses(options, _fixed, null);

        Assert.AreNotEqual(online[0], online[^1]);
        CollectionAssert.AreEqual(online, Losses(options, _fixed, FeatureCachePrecision.Single));
        Near(Losses(options, _shuffled, null), Losses(options, _shuffled, FeatureCachePrecision.Single), Rounding);
        Near(online, Losses(options, _fixed, FeatureCachePrecision.Half), HalfTolerance);
    }

    private static void Near(double[] expected, double[] actual, double tolerance)
    {
        for (int i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], actual[i], tolerance, $"step {i}");
    }

    private static double[] Losses(FineTuneOptions options, long[][] orders, FeatureCachePrecision? precision)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var readout = new ReadoutCase(options);
        using var optimizer = new AdamW(readout.Model.Tensors, 0.01);
        using var generator = new Generator(4);
        using FeatureCache? cache = precision is { } p ? Filled(readout, folder.File("c"), p) : null;
        var pass = new ForwardPass { Dropout = generator };
        return [.. orders.Select(Step)];

        double Step(long[] order)
        {
            using var inner = NewDisposeScope();
            Tensor places = tensor(order);
            var batch = BackboneBatch.Images(readout.Batch.Pixels!.index_select(0, places));
            Tensor feature = cache is null
                ? readout.Tuning.Feature(readout.Trunk, batch, pass)
                : readout.Tuning.Read(readout.Trunk, cache.Read(order), null, pass);
            Tensor loss = nn.functional.cross_entropy(
                readout.Model.Head.Apply(feature), readout.Labels.index_select(0, places));
            optimizer.ClearGradients();
            loss.backward();
            optimizer.Step(LearningRate);
            return loss.item<float>();
        }
    }

    private static FeatureCache Filled(ReadoutCase readout, string path, FeatureCachePrecision precision)
    {
        using var scope = NewDisposeScope();
        Tensor[] taps = readout.Tap();
        long[][] shapes = [.. taps.Select(t => t.shape[1..])];
        var layout = new FeatureCacheLayout(readout.Backbone.Hash, "key", shapes, 3, precision);
        FeatureCache cache = FeatureCache.Create(path, layout);
        cache.Write(0, taps);
        return cache;
    }
}
