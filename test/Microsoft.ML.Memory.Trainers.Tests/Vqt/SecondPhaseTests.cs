// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;
using Microsoft.ML.Memory.Trainers.Tests.FineTuning;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Vqt;

/// <summary>The loss is lost while the head is trained again on the features that were kept.</summary>
[TestClass]
public sealed class SecondPhaseTests
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _mlContext = new(seed: 0);
    private readonly TinyImage[] _images = TinyImages.Draw(60, seed: 1);
    private Backbone _backbone = null!;

    private static VqtOptions Options => new()
    {
        KeepFeatures = 0.26,
        EpochCount = 4,
        BatchSize = 16,
        LearningRate = 0.05,
        ValidationFraction = 0.2,
    };

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
    [DataRow("Kept 12 of 48", "step 17, batch 1 of epoch 5", 4)]
    [DataRow("Epoch 5 of 8", "step 21, batch 1 of epoch 6", 5)]
    public void Fit_whose_loss_is_no_number_in_the_second_phase_keeps_what_was_learnt(
        string after, string place, int finished)
    {
        string path = _folder.File("checkpoint.safetensors");
        List<string> warnings = [];
        _mlContext.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning) warnings.Add(message.RawMessage);
            if (!message.RawMessage.StartsWith(after, StringComparison.Ordinal)) return;
            using IDisposable frozen = no_grad();
            _backbone.Trunk.FinalNorm!.Bias.fill_(float.NaN);
        };

        using FineTuneTransformer model = TinyImages.Fit(
            _mlContext, _backbone, Options with { CheckpointPath = path }, _images);

        FineTuneReport report = model.Model.Report;
        string stopped = $"The loss must be finite. Got NaN in {place}. Lower LearningRate.";
        Assert.AreEqual(stopped, report.Stopped);
        CollectionAssert.AreEqual(
            new[] { $"Training stopped early: {stopped} The best epoch is kept." }, warnings);
        Assert.HasCount(finished, report.Epochs);
        Assert.AreEqual(12, report.KeptFeatures);
        using SafetensorsFile state = SafetensorsFile.Open(finished == 4 ? path : path + TrainingRun.SecondSuffix);
        float[] best = state.ReadSingles("best.head.weight");
        Assert.AreEqual(
            JsonSerializer.Deserialize<int>(state.Metadata["bestEpoch"]) + (finished == 4 ? 0 : 4), report.BestEpoch);
        int[] kept = [.. TensorData.ToArray(model.Model.Tuned.Tensors.Single(t => t.Name == "features.kept").Tensor)
            .Select(f => (int)f)];
        CollectionAssert.AreEqual(
            Enumerable.Range(0, 3).SelectMany(c => kept.Select(f => best[(c * 48) + f])).ToArray(),
            TensorData.ToArray(model.Model.Tuned.Head.Weight));
    }
}
