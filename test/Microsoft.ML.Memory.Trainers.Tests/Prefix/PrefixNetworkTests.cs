// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.FineTuning;
using Microsoft.ML.Memory.Trainers.Tests.Golden;
using Microsoft.ML.Memory.Trainers.Tests.Tuning;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Prefix;

/// <summary>Prefixes that a network makes in training, and that are rows afterwards.</summary>
[TestClass]
public sealed class PrefixNetworkTests
{
    private static readonly PrefixOptions _options = new() { Length = 2, ReparametrizationWidth = 3 };
    private readonly MLContext _mlContext = new(1);

    [TestMethod]
    public void Rows_are_those_of_the_network_by_hand()
    {
        TorchTests.Require();
        using var scope = NewDisposeScope();
        var network = new PrefixNetwork(
            TensorData.From([1f, 2f], [1, 2]),
            new LinearLayer("first", TensorData.From([0.5f, 0, 0, 0.25f], [2, 2]), TensorData.From([0f, -0.5f], [2])),
            new LinearLayer("second", TensorData.From([1f, 0, 0, 1, 2, 0, 0, 2], [4, 2]),
                TensorData.From([0f, 0, 1, 1], [4])));
        float first = (float)Math.Tanh(0.5);

        GoldenTensors.AssertClose([first, 0], TensorData.ToArray(network.Rows(0, false)), 1e-6, "keys");
        GoldenTensors.AssertClose(
            [(2 * first) + 1, 1], TensorData.ToArray(network.Rows(0, true)), 1e-6, "values");
    }

    [TestMethod]
    public void Folded_rows_score_as_the_network_to_the_last_bit()
    {
        TorchTests.Require();
        using var tiny = new TinyModel(_options);
        double before = tiny.Loss();
        tiny.Train(5, check: new GradientCheck(tiny.Model));
        using var scope = NewDisposeScope();

        using TunedModel folded = tiny.Model.On(tiny.Backbone, _options.Fitted);

        using IDisposable frozen = no_grad();
        CollectionAssert.AreEqual(
            tiny.Logits(), TensorData.ToArray(folded.Logits(tiny.Batch, ForwardPass.Plain)));
        Assert.IsLessThan(before, tiny.Loss());
        CollectionAssert.AreEqual(
            new[] { "prefix.table", "prefix.fc1.weight", "prefix.fc1.bias", "prefix.fc2.weight", "prefix.fc2.bias" },
            tiny.Model.Tuning.Tensors.Select(t => t.Name).ToArray());
        Assert.IsTrue(folded.Tuning.Tensors.All(t => t.Name.Contains(".prefix_", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Fit_leaves_rows_alone_and_loads_with_the_same_scores()
    {
        TorchTests.Require();
        using Backbone backbone = Backbone.Create(TinyImages.Config, 3);
        TinyImage[] test = TinyImages.Draw(6, 2);
        ITransformer model = TinyImages.Pipeline(
            _mlContext, backbone, _options with { EpochCount = 2, OutputFeatureColumnName = "Tuned" })
            .Fit(_mlContext.Data.LoadFromEnumerable(TinyImages.Draw(24, 1)));
        using var file = new MemoryStream();

        _mlContext.Model.Save(model, null, file);
        file.Position = 0;
        ITransformer loaded = _mlContext.Model.Load(file, out _);

        TinyImages.AssertSame(
            TinyImages.Predict(_mlContext, model, test), TinyImages.Predict(_mlContext, loaded, test));
        FineTuneTransformer tuned = ((IEnumerable<ITransformer>)model).OfType<FineTuneTransformer>().Single();
        Assert.IsNull(((PrefixOptions)tuned.Options).ReparametrizationWidth);
        Assert.HasCount(6, tuned.Model.Tuned.Tensors, "keys and values of two blocks, and the head");
    }

    [TestMethod]
    public void FineTune_with_a_network_without_width_is_refused()
    {
        using Backbone backbone = Backbone.Create(TinyImages.Config, 3);

        Refusal.Assert<ArgumentException>(
            "PrefixOptions.ReparametrizationWidth must be null or in [1, 65536]. Got 0.",
            () => _mlContext.MulticlassClassification.Trainers.FineTune(
                backbone, new PrefixOptions { ReparametrizationWidth = 0 }));
    }
}
