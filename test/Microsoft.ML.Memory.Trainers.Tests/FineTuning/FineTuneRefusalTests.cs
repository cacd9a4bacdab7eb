// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory.Trainers.Tests.FineTuning;

/// <summary>Settings and data that do not go together, and hosts that lack what is asked for.</summary>
[TestClass]
public sealed class FineTuneRefusalTests
{
    private readonly MLContext _mlContext = new(seed: 0);
    private readonly List<string> _warnings = [];
    private Backbone _backbone = null!;

    public static IEnumerable<object[]> Readouts =>
    [
        [new LinearProbeOptions()], [new VqtOptions()], [new LstOptions { Reduction = 4 }], [new UniPtOptions()],
        [new SherlOptions()], [new R2Options { HeadCount = 4, LayerCount = 2 }],
    ];

    [TestInitialize]
    public void MakeBackbone()
    {
        TorchTests.Require();
        _backbone = Backbone.Create(TinyImages.Config, 5);
        _mlContext.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning) _warnings.Add(message.RawMessage);
        };
    }

    [TestCleanup]
    public void DisposeBackbone() => _backbone?.Dispose();

    [TestMethod]
    [DynamicData(nameof(Readouts))]
    public void FineTune_saving_less_of_a_backbone_that_is_only_read_is_refused(FineTuneOptions options) =>
        Refusal.Assert<ArgumentException>(
            $"{options.GetType().Name}.SavedActivations must be All for a method that only reads the backbone. "
            + "Got FourBit.",
            () => Make(_backbone, options with { SavedActivations = ActivationSaving.FourBit }));

    [TestMethod]
    public void FineTune_a_cache_for_gradients_in_the_backbone_is_refused() => Refusal.Assert<ArgumentException>(
        "LoraOptions.CacheFeatures must be false for a method whose gradients enter the backbone. Got True.",
        () => Make(_backbone, TinyImages.Options with { CacheFeatures = true }));

    [TestMethod]
    [DataRow("Score")]
    [DataRow("PredictedLabel")]
    public void FineTune_a_feature_column_in_place_of_the_prediction_is_refused(string name) =>
        Refusal.Assert<ArgumentException>(
            "LoraOptions.OutputFeatureColumnName must be another name than those of the prediction. "
            + $"Got {name}.",
            () => Make(_backbone, TinyImages.Options with { OutputFeatureColumnName = name }));

    [TestMethod]
    public void FineTune_a_backbone_that_was_disposed_of_is_refused()
    {
        Backbone gone = Backbone.Create(TinyImages.Config, 5);
        FineTuneTrainer trainer = Make(gone, TinyImages.Options);
        gone.Dispose();

        Assert.ThrowsExactly<ObjectDisposedException>(() => Make(gone, TinyImages.Options));
        Assert.ThrowsExactly<ObjectDisposedException>(() => trainer.Fit(Keyed(6)));
    }

    [TestMethod]
    public void Predict_with_what_was_disposed_of_is_refused()
    {
        Backbone backbone = Backbone.Create(TinyImages.Config, 5);
        FineTuneTransformer one = Make(backbone, TinyImages.Options with { EpochCount = 1 }).Fit(Keyed(6));
        FineTuneTransformer other = Make(backbone, TinyImages.Options with { EpochCount = 1 }).Fit(Keyed(6));
        one.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(
            () => one.Transform(Keyed(6)).GetColumn<float[]>("Score").ToArray());

        backbone.Dispose();

        Assert.ThrowsExactly<ObjectDisposedException>(
            () => other.Transform(Keyed(6)).GetColumn<float[]>("Score").ToArray());
    }

    [TestMethod]
    public void Fit_on_a_GPU_that_is_not_there_is_refused()
    {
        if (TorchSharp.torch.cuda.is_available()) Assert.Inconclusive("There is a GPU.");
        _mlContext.GpuDeviceId = 0;

        Refusal.Assert<InvalidOperationException>(
            "MLContext.GpuDeviceId must be the number of a CUDA device, below 0. Got 0. Set it to null, or "
            + "MLContext.FallbackToCpu to true.",
            () => Make(_backbone, TinyImages.Options).Fit(Keyed(6)));
    }

    [TestMethod]
    public void Fit_on_a_GPU_that_is_not_there_may_fall_back()
    {
        if (TorchSharp.torch.cuda.is_available()) Assert.Inconclusive("There is a GPU.");
        FineTuneOptions options = TinyImages.Options with { EpochCount = 1 };
        using FineTuneTransformer expected = Make(_backbone, options).Fit(Keyed(6));
        _mlContext.GpuDeviceId = 0;
        _mlContext.FallbackToCpu = true;

        using FineTuneTransformer model = Make(_backbone, options).Fit(Keyed(6));

        Tensors.AssertSame(expected, model);
        CollectionAssert.Contains(
            _warnings, "MLContext.GpuDeviceId must be the number of a CUDA device, below 0. Got 0. The CPU is used.");
    }

    [TestMethod]
    public void Fit_with_a_token_that_is_cancelled_reads_no_row() => Assert.ThrowsExactly<OperationCanceledException>(
        () => Make(_backbone, TinyImages.Options with { CancellationToken = new CancellationToken(true) })
            .Fit(Unread()));

    [TestMethod]
    public void Fit_what_does_not_fit_the_backbone_reads_no_row() => Refusal.Assert<ArgumentException>(
        "R2Options.LayerCount must be at most the backbone's number of blocks 2. Got 4.",
        () => Make(_backbone, new R2Options()).Fit(Unread()));

    [TestMethod]
    public void Fit_a_batch_beyond_the_data_takes_all_rows()
    {
        FineTuneOptions options = TinyImages.Options with { EpochCount = 1, Dropout = 0 };
        using FineTuneTransformer expected = Make(_backbone, options with { BatchSize = 6 }).Fit(Keyed(6));

        using FineTuneTransformer model = Make(_backbone, options with { BatchSize = int.MaxValue }).Fit(Keyed(6));

        Tensors.AssertSame(expected, model);
    }

    [TestMethod]
    public void Fit_without_a_row_held_out_or_of_a_class_warns()
    {
        TinyImage[] images = TinyImages.Draw(4, seed: 1);
        RowSplit none = new(0.01, 0);
        long one = Enumerable.Range(0, 1000).First(s => new RowSplit(0.5, s) is var split && split.IsHeldOut(1)
            && !split.IsHeldOut(0) && !split.IsHeldOut(2) && !split.IsHeldOut(3));
        Assert.IsFalse(Enumerable.Range(0, 4).Any(i => none.IsHeldOut(i)));
        FineTuneOptions options = TinyImages.Options with { EpochCount = 1 };

        TinyImages.Fit(_mlContext, _backbone, options with { ValidationFraction = 0.01, Seed = 0 }, images).Dispose();
        TinyImages.Fit(_mlContext, _backbone, options with { ValidationFraction = 0.5, Seed = one }, images).Dispose();

        CollectionAssert.AreEqual(
            new[]
            {
                "FineTuneOptions.ValidationFraction should hold a row out. Got 0.01 of 4 rows. The last epoch is kept.",
                "FineTuneTrainer should see a row of every class to train on. Got none of 'bee'. It will hardly be "
                + "predicted.",
            },
            _warnings);
    }

    [TestMethod]
    public void Fit_one_feature_token_for_a_mean_of_patches_is_refused()
    {
        using Backbone mean = Backbone.Create(
            TinyImages.Config, 5, new BackboneOptions { Pooling = BackbonePooling.Mean });

        Refusal.Assert<ArgumentException>(
            "FineTuneOptions.FeatureTokenCount must be from 2 to "
            + (Array.MaxLength / 16).ToString(CultureInfo.InvariantCulture)
            + " for the backbone and its pooling. Got 1.",
            () => Make(mean, TinyImages.Options with { FeatureTokenCount = 1 }).Fit(Keyed(6)));
    }

    private FineTuneTrainer Make(Backbone backbone, FineTuneOptions options) =>
        _mlContext.MulticlassClassification.Trainers.FineTune(backbone, options);

    private IDataView Keyed(int count)
    {
        IDataView view = _mlContext.Data.LoadFromEnumerable(TinyImages.Draw(count, seed: 1));
        return _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
    }

    /// <summary>Rows that fail the test when one is read.</summary>
    private IDataView Unread()
    {
        IDataView view = _mlContext.Data.LoadFromEnumerable(Enumerable.Repeat(0, 3).Select(TinyImage (_) =>
            throw new AssertFailedException("A row was read.")));
        IDataView keys = _mlContext.Data.LoadFromEnumerable(TinyImages.Draw(3, 1).Select(i => new { i.Label }));
        return _mlContext.Transforms.Conversion.MapValueToKey("Label", keyData: keys).Fit(view).Transform(view);
    }
}
