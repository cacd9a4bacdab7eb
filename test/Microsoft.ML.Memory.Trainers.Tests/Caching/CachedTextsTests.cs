// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Memory.Trainers.Tests.FineTuning;
using Microsoft.ML.Memory.Trainers.Tests.Tuning;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Caching;

/// <summary>A cache of texts keeps each by its own tokens.</summary>
[TestClass]
public sealed class CachedTextsTests
{
    private const double Rounding = 1e-3; // three epochs of AdamW on batches that were padded to other lengths
    private static readonly TextKey[] _texts = [new(2, 5), new(4, 6)];

    public static IEnumerable<object[]> Methods =>
    [
        [new LinearProbeOptions()], [new VqtOptions()], [new LstOptions { Reduction = 4 }], [new SherlOptions()],
        [new UniPtOptions()], [new UniPtOptions { Anchor = UniPtAnchor.AllTokens }],
        [new R2Options { HeadCount = 4, LayerCount = 2 }],
    ];

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Losses_of_texts_with_a_cache_are_those_without(FineTuneOptions options)
    {
        TorchTests.Require();

        double[] online = Losses(options, cached: false), cached = Losses(options, cached: true);

        Assert.AreNotEqual(online[0], online[^1]);
        CollectionAssert.AreEqual(online, cached);
    }

    [TestMethod]
    [DataRow("vqt")]
    [DataRow("lst")]
    [DataRow("sherl")]
    [DataRow("unipt")]
    [DataRow("r2")]
    [DataRow("probe")]
    public void Fit_of_texts_with_a_cache_comes_to_the_same(string method)
    {
        TorchTests.Require();
        using var folder = new TemporaryFolder();
        using Backbone backbone = TinyTexts.Create(folder.File("backbone"));
        FineTuneOptions options = method switch
        {
            "vqt" => new VqtOptions(),
            "lst" => new LstOptions { Reduction = 4 },
            "sherl" => new SherlOptions { Reduction = 4 },
            "unipt" => new UniPtOptions { Reduction = 4 },
            "r2" => new R2Options { HeadCount = 4, LayerCount = 2, Dropout = 0 },
            _ => new LinearProbeOptions(),
        };
        options = options with { EpochCount = 3, BatchSize = 4, ValidationFraction = 0.2 };

        TinyPrediction[] online = Predict(backbone, options);
        TinyPrediction[] cached = Predict(backbone, options with { CacheFeatures = true });

        for (int row = 0; row < online.Length; row++)
        {
            for (int c = 0; c < 2; c++)
                Assert.AreEqual(online[row].Score[c], cached[row].Score[c], Rounding, $"row {row}");
        }
    }

    [TestMethod]
    public void Read_of_texts_in_any_order_gives_what_was_written_and_zeros_behind()
    {
        TorchTests.Require();
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), RoundTripHolds)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40).WithReplay(20_261_121, 7));
    }

    [TestMethod]
    public void Read_of_another_text_is_refused()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = folder.File("c");
        Kept(path);
        using FeatureCache cache = FeatureCache.Open(path, Layout());

        Refusal.Assert<InvalidDataException>(
            $"Row 0 of the feature cache '{path}' must have 3 tokens. Got 2. Make it anew.",
            () => cache.Read([0], texts: [new TextKey(3, 5)]));
        Refusal.Assert<InvalidDataException>(
            $"Row 0 of the feature cache '{path}' must match its checksum. Got other bytes. Make it anew.",
            () => cache.Read([0], texts: [new TextKey(2, 4)]));
        Refusal.Assert<ArgumentException>(
            "texts must be 1. Got 0. (Parameter 'texts')", () => cache.Read([0]));
        Refusal.Assert<ArgumentException>(
            "A text must have 1 to 4 tokens. Got 5. (Parameter 'texts')", () => cache.Read([0], texts: [new(5, 5)]));
    }

    [TestMethod]
    public void Open_of_a_file_of_texts_with_any_damaged_byte_is_refused_or_its_row_is()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        Kept(folder.File("c"));
        byte[] good = File.ReadAllBytes(folder.File("c"));
        const int Header = 109, Rows = 4096, RowStride = 64;
        int[] lengths = [.. _texts.Select(t => 8 + (sizeof(float) * ((3 * t.TokenCount) + 2)))];
        var meaningful = Enumerable.Range(0, good.Length)
            .Where(p => p < Header || (p >= Rows && (p - Rows) % RowStride < lengths[(p - Rows) / RowStride]));

        foreach (int place in meaningful)
        {
            byte[] bad = [.. good];
            bad[place] ^= 4;
            File.WriteAllBytes(folder.File("bad"), bad);
            Assert.ThrowsExactly<InvalidDataException>(() => ReadAll(folder.File("bad")), $"byte {place}");
        }
    }

    [TestMethod]
    public void Open_of_texts_of_another_length_is_refused()
    {
        TorchTests.Require();
        using var folder = new TemporaryFolder();
        Kept(folder.File("c"));
        var longer = new FeatureCacheLayout("hash", "key", [[5, 3], [2]], 2, FeatureCachePrecision.Single, 5);

        Refusal.Assert<InvalidDataException>(
            "Section 'taps' of the memory file, at byte 20, must have texts of at most this number of tokens, '5'. "
            + "Got '4'.",
            () => FeatureCache.Open(folder.File("c"), longer).Dispose());
        Refusal.Assert<ArgumentException>(
            "shapes must have a row a token, 4. Got [5, 3].",
            () => _ = new FeatureCacheLayout("hash", "key", [[5, 3]], 2, FeatureCachePrecision.Single, 4));
        Refusal.Assert<ArgumentException>(
            "longestText must be at least 0. Got -1.",
            () => _ = new FeatureCacheLayout("hash", "key", [[5, 3]], 2, FeatureCachePrecision.Single, -1));
    }

    private static FeatureCacheLayout Layout() =>
        new("hash", "key", [[4, 3], [2]], 2, FeatureCachePrecision.Single, 4);

    private static void Kept(string path)
    {
        using var scope = NewDisposeScope();
        using FeatureCache cache = FeatureCache.Create(path, Layout(), keep: true);
        var random = new SeededRandom(1);
        cache.Write(
            0, [TensorInit.Normal(random, [2, 4, 3], 1, CPU), TensorInit.Normal(random, [2, 2], 1, CPU)], _texts);
    }

    private static void ReadAll(string path)
    {
        using var scope = NewDisposeScope();
        using FeatureCache cache = FeatureCache.Open(path, Layout());
        cache.Read([0, 1], texts: _texts);
    }

    private static bool RoundTripHolds(int seed)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var random = new SeededRandom(seed);
        int rows = 1 + random.Next(6), longest = 1 + random.Next(5);
        TextKey[] texts = [.. Enumerable.Range(0, rows).Select(i => new TextKey(1 + random.Next(longest), (uint)i))];
        var layout = new FeatureCacheLayout(
            "hash", "key", [[longest, 3], [2]], rows, FeatureCachePrecision.Single, longest);
        using FeatureCache cache = FeatureCache.Create(folder.File("c"), layout);
        var written = new List<Tensor[]>();
        for (int row = 0; row < rows; row++)
        {
            long[] shape = [1, texts[row].TokenCount, 3];
            written.Add([TensorInit.Normal(random, shape, 1, CPU), TensorInit.Normal(random, [1, 2], 1, CPU)]);
            cache.Write(row, written[row], [texts[row]]);
        }

        long[] order = [.. Enumerable.Range(0, 8).Select(_ => (long)random.Next(rows))];
        Tensor[] read = cache.Read(order, texts: [.. order.Select(r => texts[r])]);

        bool holds = read[0].size(1) == order.Max(r => texts[r].TokenCount);
        for (int i = 0; i < order.Length; i++)
        {
            float[] own = TensorData.ToArray(written[(int)order[i]][0]);
            float[] padded = TensorData.ToArray(read[0].select(0, i));
            float[] fixedTap = TensorData.ToArray(written[(int)order[i]][1]);
            holds &= own.SequenceEqual(padded[..own.Length]) && padded[own.Length..].All(v => v == 0)
                && fixedTap.SequenceEqual(TensorData.ToArray(read[1].select(0, i)));
        }

        return holds;
    }

    private static double[] Losses(FineTuneOptions options, bool cached)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var readout = new ReadoutCase(options, "backbones/bert");
        using var optimizer = new AdamW(readout.Model.Tensors, 0.01);
        TextKey[] texts = [new(7, 1), new(5, 2), new(1, 3)]; // the lengths of the case's texts
        using FeatureCache? cache = cached ? Filled(readout, folder.File("c"), texts) : null;
        return [.. Enumerable.Range(0, 4).Select(_ => Step())];

        double Step()
        {
            using var inner = NewDisposeScope();
            BackboneBatch batch = cache is null
                ? readout.Batch
                : BackboneBatch.Tapped(cache.Read([0, 1, 2], texts: texts), readout.Batch.Mask);
            Tensor loss = nn.functional.cross_entropy(
                readout.Model.Logits(batch, ForwardPass.Plain), readout.Labels);
            optimizer.ClearGradients();
            loss.backward();
            optimizer.Step(1e-2);
            return loss.item<float>();
        }
    }

    private static FeatureCache Filled(ReadoutCase readout, string path, TextKey[] texts)
    {
        using var scope = NewDisposeScope();
        Tensor[] taps = readout.Tap();
        long[][] shapes = [.. taps.Select(t => t.shape[1..])];
        var layout = new FeatureCacheLayout(
            readout.Backbone.Hash, "key", shapes, 3, FeatureCachePrecision.Single, longestText: 7);
        FeatureCache cache = FeatureCache.Create(path, layout);
        cache.Write(0, taps, texts);
        return cache;
    }

    private static TinyPrediction[] Predict(Backbone backbone, FineTuneOptions options)
    {
        var context = new MLContext(1);
        ITransformer model = TinyTexts.Fit(context, backbone, options with { OutputFeatureColumnName = "Tuned" });
        return TinyTexts.Predict(context, model);
    }
}
