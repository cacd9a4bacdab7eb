// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.FineTuning;

namespace Microsoft.ML.Memory.Trainers.Tests.Training;

/// <summary>Places where training cannot leave its files.</summary>
[TestClass]
public sealed class TrainingPathsTests
{
    private static readonly LinearProbeOptions _options = new() { EpochCount = 1, CacheFeatures = true };
    private readonly TemporaryFolder _folder = new();
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

    [TestMethod]
    public void Fit_that_is_to_leave_a_file_in_no_folder_is_refused()
    {
        string folder = _folder.File("none"), path = Path.Combine(folder, "file");

        Refusal.Assert<DirectoryNotFoundException>(Message("CachePath"), () => Fit(_options with { CachePath = path }));
        Refusal.Assert<DirectoryNotFoundException>(
            Message("CheckpointPath"), () => Fit(_options with { CheckpointPath = path }));

        string Message(string option) => $"FineTuneOptions.{option} must be a file in a folder that exists. Got "
            + $"'{path}', but no folder '{folder}'. Make it, or choose another path.";
    }

    [TestMethod]
    public void Fit_that_is_to_leave_a_file_in_place_of_a_folder_is_refused()
    {
        Refusal.Assert<IOException>(Message("CachePath"), () => Fit(_options with { CachePath = _folder.Path }));
        Refusal.Assert<IOException>(
            Message("CheckpointPath"), () => Fit(_options with { CheckpointPath = _folder.Path }));

        string Message(string option) => $"FineTuneOptions.{option} must be a file in a folder that exists. Got "
            + $"'{_folder.Path}', which is a folder. Choose another path.";
    }

    [TestMethod]
    public void Fit_that_is_to_leave_two_files_in_one_place_is_refused() => Refusal.Assert<ArgumentException>(
        "LinearProbeOptions.CachePath must be another file than CheckpointPath. Got one.",
        () => Fit(_options with { CachePath = "one", CheckpointPath = "one" }));

    [TestMethod]
    public void Fit_that_finds_something_else_than_a_cache_is_refused()
    {
        string path = _folder.File("cache");
        File.WriteAllText(path, "x");

        Refusal.Assert<InvalidDataException>(
            "FineTuneOptions.CachePath must name a feature cache of the same method, backbone and rows. Got "
            + $"'{path}': Section 'header' of the memory file, at byte 0, must be complete. Got the end of the file at "
            + "byte 1. Delete it, or choose another path.",
            () => Fit(_options with { CachePath = path }));
        Assert.AreEqual("x", File.ReadAllText(path));
    }

    [TestMethod]
    public void Create_a_cache_where_nobody_may_write_is_refused()
    {
        string path = Path.Combine(_folder.File("none"), "cache");
        var layout = new FeatureCacheLayout("hash", "key", [[2]], 3, FeatureCachePrecision.Single);

        IOException error = Assert.ThrowsExactly<IOException>(() => FeatureCache.Create(path, layout).Dispose());

        Assert.AreEqual(
            $"The feature cache must be a file that can be written. Got '{path}': "
            + $"{error.InnerException!.Message.TrimEnd('.')}. Set CachePath to another place, or CacheFeatures to "
            + "false.",
            error.Message);
    }

    private void Fit(FineTuneOptions options) =>
        TinyImages.Fit(new MLContext(0), _backbone, options, TinyImages.Draw(12, 1)).Dispose();
}
