// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Trainers.Tests.FineTuning;
using TorchSharp;

namespace Microsoft.ML.Memory.Trainers.Tests.MemoryUse;

/// <summary>No tensor outlives what made it: none waits for the collector, which does not see native memory.</summary>
[TestClass]
public sealed class LiveTensorTests
{
    private static readonly AdapterOptions _dropped = new() { Bottleneck = 4, Dropout = 0.1 };
    private static readonly VqtOptions _chosen = new() { QueryCount = 2, KeepFeatures = 0.5 };

    public static IEnumerable<object[]> Methods =>
    [
        [TinyImages.Options],
        [TinyImages.Options with { TrunkPrecision = TrunkPrecision.BFloat16 }],
        [TinyImages.Options with { SavedActivations = ActivationSaving.FourBitRecomputed, ActivationBits = 3 }],
        [new BitFitOptions { SavedActivations = ActivationSaving.FourBitEverything }],
        [new FullFineTuneOptions()],
        [_dropped],
        [_dropped with { SavedActivations = ActivationSaving.Checkpoints }],
        [new PrefixOptions { Length = 2, ReparametrizationWidth = 4 }],
        [new VptOptions { PromptCount = 2 }],
        [new S2aOptions()],
        [new LinearProbeOptions()],
        [new LinearProbeOptions { CacheFeatures = true }],
        [new LinearProbeOptions { CacheFeatures = true, CachePrecision = FeatureCachePrecision.Half }],
        [_chosen],
        [_chosen with { CacheFeatures = true }],
        [new LstOptions { Reduction = 4, Dropout = 0.1, Initialization = LstInitialization.Fisher }],
        [new LstOptions { Reduction = 4, CacheFeatures = true, Initialization = LstInitialization.Fisher }],
        [new LstOptions { Reduction = 4, FeatureTokenCount = 4 }],
        [new UniPtOptions { CacheFeatures = true }],
        [new UniPtOptions { Anchor = UniPtAnchor.AllTokens }],
        [new SherlOptions()],
        [new SherlOptions { CacheFeatures = true }],
        [new R2Options { HeadCount = 4, LayerCount = 2, CacheFeatures = true }],
    ];

    /// <summary>What training or making a method ends with.</summary>
    public static IEnumerable<object[]> Refused =>
    [
        [TinyImages.Options with { LearningRate = 1e30 }],
        [new S2aOptions { ChannelGroup = 5 }],
        [new VqtOptions { KeepFeatures = 0.01 }],
        [new LstOptions { Reduction = 5 }],
        [new LoraOptions { TargetModules = ["visual_projection"] }],
    ];

    private static long Live => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    [TestInitialize]
    public void Initialize() => TorchTests.Require();

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Fit_and_predict_leave_no_tensor(FineTuneOptions method)
    {
        FineTuneOptions options = method with { EpochCount = 3, BatchSize = 8, ValidationFraction = 0.2 };
        TinyImage[] images = TinyImages.Draw(24, seed: 1);
        var mlContext = new MLContext(0);
        long before = Live;

        using (Backbone backbone = Backbone.Create(TinyImages.Config, 5))
        using (FineTuneTransformer tuned = TinyImages.Fit(mlContext, backbone, options, images))
        {
            IDataView scored = tuned.Transform(mlContext.Data.LoadFromEnumerable(images));
            foreach (float[] scores in scored.GetColumn<float[]>("Score")) Assert.HasCount(3, scores);
        }

        Assert.AreEqual(before, Live);
    }

    [TestMethod]
    [DynamicData(nameof(Refused))]
    public void Fit_that_is_refused_leaves_no_tensor(FineTuneOptions options)
    {
        TinyImage[] images = TinyImages.Draw(24, seed: 1);
        var mlContext = new MLContext(0);
        using Backbone backbone = Backbone.Create(TinyImages.Config, 5);
        long before = Live;

        Assert.Throws<Exception>(() => TinyImages.Fit(mlContext, backbone, options, images));

        Assert.AreEqual(before, Live);
    }

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Fit_that_is_cancelled_leaves_no_tensor(FineTuneOptions method)
    {
        TinyImage[] images = TinyImages.Draw(24, seed: 1);
        using var stop = new CancellationTokenSource();
        FineTuneOptions options = method with { EpochCount = 3, BatchSize = 8, CancellationToken = stop.Token };
        var mlContext = new MLContext(0);
        mlContext.Log += (_, message) =>
        {
            if (message.RawMessage.StartsWith("Epoch 2 of", StringComparison.Ordinal)) stop.Cancel();
        };
        using Backbone backbone = Backbone.Create(TinyImages.Config, 5);
        using Backbone rounded = options.TrunkPrecision == TrunkPrecision.BFloat16 ? Rounded() : backbone;
        long before = Live;

        Assert.ThrowsExactly<OperationCanceledException>(() => TinyImages.Fit(mlContext, rounded, options, images));

        Assert.AreEqual(before, Live);
    }

    [TestMethod]
    public void Saving_moving_and_merging_leave_no_tensor()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(0);
        TinyImage[] images = TinyImages.Draw(24, seed: 1);
        LoraOptions options = TinyImages.Options with { EpochCount = 1, TargetModules = ["all-linear"] };
        long before = Live;

        using (Backbone backbone = Backbone.Create(TinyImages.Config, 5))
        using (FineTuneTransformer tuned = TinyImages.Fit(mlContext, backbone, options, images))
        {
            mlContext.Model.Save(tuned, null, folder.File("model"));
            using var loaded = (FineTuneTransformer)mlContext.Model.Load(folder.File("model"), out _);
            using FineTuneTransformer moved = loaded.On(backbone);
            moved.Model.Merge();
            moved.Model.Unmerge();
            moved.Model.Merge();
            moved.Model.SaveAdapter(folder.File("adapter"));
            using Backbone own = moved.Model.ToBackbone();
            own.Save(folder.File("own"));
            using Backbone read = Backbone.Load(folder.File("own"));
            using LoraAdapter adapter = LoraAdapter.Load(folder.File("adapter"), backbone);
            using Backbone merged = adapter.Merge();
            using var set = new AdapterSet(mlContext, backbone);
            set.Add("a", adapter);
            set.Add("b", folder.File("adapter"));
            using FineTuneTransformer both = set.Mix([("a", 1), ("b", 0.5)], "a");
            set.Remove("a");
        }

        Assert.AreEqual(before, Live);
    }

    // With the rounded weights, which it keeps.
    private static Backbone Rounded()
    {
        Backbone backbone = Backbone.Create(TinyImages.Config, 5);
        backbone.With(new Dictionary<string, torch.Tensor>(), TrunkPrecision.BFloat16);
        return backbone;
    }
}
