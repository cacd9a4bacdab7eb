// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;
using Microsoft.ML.Memory.Trainers.Tests.FineTuning;

namespace Microsoft.ML.Memory.Trainers.Tests.Caching;

/// <summary>A cache that stays for the next training.</summary>
[TestClass]
public sealed class KeptCacheTests
{
    private readonly TemporaryFolder _folder = new();
    private readonly TinyImage[] _images = TinyImages.Draw(24, seed: 1);
    private Backbone _backbone = null!;

    [TestInitialize]
    public void CreateBackbone()
    {
        TorchTests.Require();
        _backbone = Backbone.Create(TinyImages.Config, 5);
    }

    [TestCleanup]
    public void Clean()
    {
        _backbone?.Dispose();
        _folder.Dispose();
    }

    private string Path => _folder.File("cache");

    private LstOptions Options => new()
    {
        Reduction = 4,
        EpochCount = 2,
        BatchSize = 8,
        CacheFeatures = true,
        CachePath = Path,
    };

    [TestMethod]
    public void Fit_of_a_kept_cache_gives_the_bits_of_the_fit_that_made_it()
    {
        using FineTuneTransformer first = Fit(Options);
        List<string> log = [];

        using FineTuneTransformer second = Fit(Options, log);
        using FineTuneTransformer none = Fit(Options with { CachePath = null });

        Tensors.AssertSame(first, second);
        Tensors.AssertSame(first, none);
        CollectionAssert.Contains(log, $"Took what the method reads of the backbone from '{Path}'.");
        CollectionAssert.AreEqual(new[] { Path }, Directory.GetFiles(_folder.Path));
    }

    [TestMethod]
    public void Fit_of_a_damaged_cache_is_refused()
    {
        Fit(Options).Dispose();
        byte[] bytes = File.ReadAllBytes(Path);
        bytes[4096 + 20] ^= 1; // in the first row
        File.WriteAllBytes(Path, bytes);

        Refusal.Assert<InvalidDataException>(
            $"Row 0 of the feature cache '{Path}' must match its checksum. Got other bytes. Make it anew.",
            () => Fit(Options));
    }

    [TestMethod]
    public void Fit_of_the_cache_of_something_else_is_refused()
    {
        Fit(Options).Dispose();
        using Backbone other = Backbone.Create(TinyImages.Config, 6);

        Refused("must be of this method and data, 'LstOptions ", () => Fit(Options, images: TinyImages.Draw(24, 2)));
        Refused("must be of this method and data, 'LinearProbeOptions ",
            () => Fit(new LinearProbeOptions { CacheFeatures = true, CachePath = Path }));
        Refused($"must be of this backbone, '{other.Hash}'", () => Fit(Options, backbone: other));
        Refused("must have this precision, '1'",
            () => Fit(Options with { CachePrecision = FeatureCachePrecision.Half }));
        Fit(Options with { LearningRate = 1, Seed = 3, EpochCount = 1, Dropout = 0.1 }).Dispose();

        static void Refused(string what, Func<FineTuneTransformer> fit) =>
            Assert.Contains(what, Assert.ThrowsExactly<InvalidDataException>(fit).Message);
    }

    [TestMethod]
    public void Fit_of_the_cache_of_other_blocks_is_refused()
    {
        Fit(Options with { Blocks = [0] }).Dispose();

        InvalidDataException error =
            Assert.ThrowsExactly<InvalidDataException>(() => Fit(Options with { Blocks = [1] }));

        Assert.Contains("must be of this method and data", error.Message);
    }

    [TestMethod]
    public void Fit_that_is_cancelled_before_the_cache_is_whole_leaves_none()
    {
        using var stop = new CancellationTokenSource();
        var mlContext = new MLContext(0);
        mlContext.Log += (_, message) =>
        {
            if (message.RawMessage.StartsWith("Training ", StringComparison.Ordinal)) stop.Cancel();
        };

        Assert.ThrowsExactly<OperationCanceledException>(() => TinyImages.Fit(
            mlContext, _backbone, Options with { CancellationToken = stop.Token }, _images));

        Assert.IsEmpty(Directory.GetFiles(_folder.Path));
    }

    [TestMethod]
    public void Fit_leaves_alone_what_another_training_is_filling()
    {
        using var other = new FileStream(Path + ".part", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);

        Fit(Options).Dispose();

        CollectionAssert.AreEquivalent(new[] { Path, other.Name }, Directory.GetFiles(_folder.Path));
    }

    [TestMethod]
    public void Place_behind_a_faster_training_keeps_what_that_one_wrote()
    {
        string part = _folder.File("part");
        File.WriteAllText(Path, "first");
        File.WriteAllText(part, "second");

        TapCache.Place(part, Path);

        Assert.AreEqual("first", File.ReadAllText(Path));
    }

    [TestMethod]
    public void Fit_with_half_precision_takes_half_the_disk_for_nearly_the_same_losses()
    {
        using FineTuneTransformer exact = Fit(Options);
        using FineTuneTransformer rounded = Fit(Options with
        {
            CachePath = _folder.File("half"),
            CachePrecision = FeatureCachePrecision.Half,
        });

        const double Start = 4096;
        double share = (new FileInfo(_folder.File("half")).Length - Start) / (new FileInfo(Path).Length - Start);
        Assert.AreEqual(0.5, share, 0.05);
        foreach ((EpochReport one, EpochReport other) in
            exact.Model.Report.Epochs.Zip(rounded.Model.Report.Epochs))
            Assert.AreEqual(one.Loss, other.Loss, 1e-3);
    }

    [TestMethod]
    public void Validate_of_bad_settings_names_them_all() => Refusal.Assert<ArgumentException>(
        "UniPtOptions.CachePath must be null without CacheFeatures. Got c. "
        + "UniPtOptions.CachePrecision must be Single without CacheFeatures. Got Half.",
        () => Fit(new UniPtOptions { CachePath = "c", CachePrecision = FeatureCachePrecision.Half }));

    [TestMethod]
    public void Settings_without_them_are_written_as_they_were_before()
    {
        string json = JsonSerializer.Serialize<FineTuneOptions>(Options);

        Assert.DoesNotContain("CachePath", json);
        Assert.DoesNotContain("CachePrecision", json);
    }

    private FineTuneTransformer Fit(FineTuneOptions options, List<string>? log = null, TinyImage[]? images = null,
        Backbone? backbone = null)
    {
        var mlContext = new MLContext(0);
        mlContext.Log += (_, message) => log?.Add(message.RawMessage);
        return TinyImages.Fit(mlContext, backbone ?? _backbone, options, images ?? _images);
    }
}
