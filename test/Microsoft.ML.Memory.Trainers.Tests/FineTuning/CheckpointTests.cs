// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Trainers.Tests.FineTuning;

[TestClass]
public sealed class CheckpointTests
{
    private readonly TemporaryFolder _folder = new();

    [TestInitialize]
    public void RequireTorch() => TorchTests.Require();

    [TestCleanup]
    public void DeleteFolder() => _folder.Dispose();

    public static IEnumerable<object[]> Methods =>
    [
        [TinyImages.Options],
        [new R2Options { HeadCount = 4, LayerCount = 2, CacheFeatures = true }],
        [new LstOptions { Reduction = 4, Dropout = 0.1, Initialization = LstInitialization.Fisher }],
        [new S2aOptions()],
        [new AdapterOptions { Bottleneck = 4, Dropout = 0.1, SavedActivations = ActivationSaving.Checkpoints }],
    ];

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Fit_that_was_cancelled_in_epoch_3_goes_on_to_the_same_bits(FineTuneOptions method)
    {
        using Backbone backbone = Backbone.Create(TinyImages.Config, 5);
        TinyImage[] images = TinyImages.Draw(60, seed: 1);
        FineTuneOptions options = method with
        {
            ValidationFraction = 0.2,
            EpochCount = 6,
            BatchSize = 16,
            LearningRate = 0.02,
        };
        FineTuneTransformer whole = TinyImages.Fit(new MLContext(0), backbone, options, images);

        CancelInEpoch3(backbone, options, images);
        var resumed = new MLContext(0);
        List<string> log = [];
        resumed.Log += (_, message) => log.Add(message.RawMessage);
        FineTuneTransformer gone = TinyImages.Fit(resumed, backbone, options with { CheckpointPath = Path }, images);

        Tensors.AssertSame(whole, gone);
        Assert.AreEqual(whole.Model.Report.BestEpoch, gone.Model.Report.BestEpoch);
        CollectionAssert.AreEqual(
            whole.Model.Report.Epochs.Select(e => e.Loss).ToArray(),
            gone.Model.Report.Epochs.Select(e => e.Loss).ToArray());
        CollectionAssert.Contains(log, $"Went on after epoch 2 from '{Path}'.");
    }

    [TestMethod]
    public void Fit_from_the_checkpoint_of_other_options_is_refused()
    {
        using Backbone backbone = Backbone.Create(TinyImages.Config, 5);
        LoraOptions options = TinyImages.Options with { CheckpointPath = Path, EpochCount = 1 };
        TinyImage[] images = TinyImages.Draw(12, seed: 1);
        TinyImages.Fit(new MLContext(0), backbone, options, images);

        Refusal.Assert<InvalidDataException>(
            "FineTuneOptions.CheckpointPath must name a checkpoint of the same options, backbone and data. "
            + $"Got '{Path}' with another TrunkPrecision, Seed. Delete it, or choose another path.",
            () => TinyImages.Fit(new MLContext(0), backbone,
                options with { Seed = 43, TrunkPrecision = TrunkPrecision.BFloat16 }, images));
        Refusal.Assert<InvalidDataException>(
            "FineTuneOptions.CheckpointPath must name a checkpoint of the same options, backbone and data. "
            + $"Got '{Path}' of another backbone or other data. Delete it, or choose another path.",
            () => TinyImages.Fit(new MLContext(0), backbone, options, TinyImages.Draw(12, seed: 2)));
        var probe = new LinearProbeOptions { CheckpointPath = Path, EpochCount = 1 };
        InvalidDataException e = Assert.ThrowsExactly<InvalidDataException>(
            () => TinyImages.Fit(new MLContext(0), backbone, probe, images));
        StringAssert.Contains(e.Message, $"Got '{Path}' with another method, ");
    }

    [TestMethod]
    [DataRow("{")]
    [DataRow("null")]
    [DataRow("[1]")]
    [DataRow("{\"a\":1,\"a\":2}")]
    public void Fit_from_a_checkpoint_of_forged_options_is_refused(string told)
    {
        using Backbone backbone = Backbone.Create(TinyImages.Config, 5);
        LoraOptions options = TinyImages.Options with { CheckpointPath = Path, EpochCount = 1 };
        TinyImage[] images = TinyImages.Draw(12, seed: 1);
        TinyImages.Fit(new MLContext(0), backbone, options, images);
        Forge("options", told);

        InvalidDataException e = Assert.ThrowsExactly<InvalidDataException>(
            () => TinyImages.Fit(new MLContext(0), backbone, options with { Seed = 43 }, images));

        StringAssert.Contains(
            e.Message, $"Got '{Path}' of another training. Delete it, or choose another path.");
    }

    [TestMethod]
    public void Fit_from_a_finished_checkpoint_trains_no_more()
    {
        using Backbone backbone = Backbone.Create(TinyImages.Config, 5);
        LoraOptions options = TinyImages.Options with { CheckpointPath = Path, EpochCount = 2 };
        TinyImage[] images = TinyImages.Draw(12, seed: 1);
        FineTuneTransformer first = TinyImages.Fit(new MLContext(0), backbone, options, images);
        byte[] file = File.ReadAllBytes(Path);

        FineTuneTransformer again = TinyImages.Fit(new MLContext(0), backbone, options, images);

        Tensors.AssertSame(first, again);
        CollectionAssert.AreEqual(file, File.ReadAllBytes(Path));
    }

    [TestMethod]
    [DataRow("epochs", "null", "best epoch 1 of 0")]
    [DataRow("epochs", "[null]", "an epoch that is null")]
    [DataRow("steps", "0", "0 steps")]
    [DataRow("bestEpoch", "2", "best epoch 2 of 1")]
    public void Fit_from_a_forged_checkpoint_is_refused(string field, string value, string got)
    {
        using Backbone backbone = Backbone.Create(TinyImages.Config, 5);
        LoraOptions options = TinyImages.Options with { CheckpointPath = Path, EpochCount = 1 };
        TinyImage[] images = TinyImages.Draw(12, seed: 1);
        TinyImages.Fit(new MLContext(0), backbone, options, images);
        Forge(field, value);

        Refusal.Assert<InvalidDataException>(
            $"The checkpoint '{Path}' must say how far it has come. Got {got}. Delete it.",
            () => TinyImages.Fit(new MLContext(0), backbone, options, images));
    }

    [TestMethod]
    public void Fit_from_a_checkpoint_of_the_same_weights_run_in_another_way_is_refused()
    {
        using Backbone backbone = Backbone.Create(TinyImages.Config, 5);
        using Backbone means = Backbone.Create(
            TinyImages.Config, 5, new BackboneOptions { Pooling = BackbonePooling.Mean });
        using Backbone heads = Backbone.Create(TinyImages.Config with { HeadCount = 4 }, 5);
        LoraOptions options = TinyImages.Options with { CheckpointPath = Path, EpochCount = 1 };
        TinyImage[] images = TinyImages.Draw(12, seed: 1);
        TinyImages.Fit(new MLContext(0), backbone, options, images).Dispose();

        foreach (Backbone other in new[] { means, heads })
        {
            Assert.AreEqual(backbone.Hash, other.Hash);
            Refusal.Assert<InvalidDataException>(
                "FineTuneOptions.CheckpointPath must name a checkpoint of the same options, backbone and data. Got "
                + $"'{Path}' with a backbone of another kind, pooling or rule of positions. Delete it, or choose "
                + "another path.",
                () => TinyImages.Fit(new MLContext(0), other, options, images));
        }
    }

    [TestMethod]
    public void Fit_from_a_checkpoint_that_does_not_say_how_the_backbone_was_run_goes_on()
    {
        using Backbone backbone = Backbone.Create(TinyImages.Config, 5);
        LoraOptions options = TinyImages.Options with { CheckpointPath = Path, EpochCount = 1 };
        TinyImage[] images = TinyImages.Draw(12, seed: 1);
        using FineTuneTransformer first = TinyImages.Fit(new MLContext(0), backbone, options, images);
        Forge((writer, _) => writer.Metadata.Remove("network"));

        using FineTuneTransformer again = TinyImages.Fit(new MLContext(0), backbone, options, images);

        Tensors.AssertSame(first, again);
    }

    [TestMethod]
    [DataRow("best.head.weight", float.NaN, "NaN")]
    [DataRow("current.head.bias", float.NegativeInfinity, "-Infinity")]
    [DataRow("moment.head.bias.second", float.NaN, "NaN")]
    public void Fit_from_a_checkpoint_of_weights_that_are_not_finite_is_refused(string tensor, float value, string got)
    {
        using Backbone backbone = Backbone.Create(TinyImages.Config, 5);
        LoraOptions options = TinyImages.Options with { CheckpointPath = Path, EpochCount = 1 };
        TinyImage[] images = TinyImages.Draw(12, seed: 1);
        TinyImages.Fit(new MLContext(0), backbone, options, images).Dispose();
        Forge((_, values) => values[tensor][1] = value);

        Refusal.Assert<InvalidDataException>(
            $"Tensor '{tensor}' of '{Path}' must be finite. Got {got} at 1.",
            () => TinyImages.Fit(new MLContext(0), backbone, options, images));
    }

    private void Forge(string field, string value) => Forge((writer, _) => writer.Metadata[field] = value);

    private void Forge(Action<SafetensorsWriter, Dictionary<string, float[]>> change)
    {
        var writer = new SafetensorsWriter();
        using (SafetensorsFile file = SafetensorsFile.Open(Path))
        {
            Dictionary<string, float[]> values = file.Tensors.Keys.ToDictionary(n => n, file.ReadSingles);
            foreach ((string key, string told) in file.Metadata) writer.Metadata[key] = told;
            change(writer, values);
            foreach ((string name, TensorEntry entry) in file.Tensors)
                writer.Add(name, entry.Shape.ToArray(), values[name]);
        }

        writer.Save(Path);
    }

    private string Path => _folder.File("checkpoint.safetensors");

    private void CancelInEpoch3(Backbone backbone, FineTuneOptions options, TinyImage[] images)
    {
        using var stop = new CancellationTokenSource();
        var mlContext = new MLContext(0);
        mlContext.Log += (_, message) =>
        {
            if (message.RawMessage.StartsWith("Epoch 2 of 6", StringComparison.Ordinal)) stop.Cancel();
        };
        FineTuneOptions stopped = options with { CheckpointPath = Path, CancellationToken = stop.Token };

        Assert.ThrowsExactly<OperationCanceledException>(() => TinyImages.Fit(mlContext, backbone, stopped, images));
    }
}
