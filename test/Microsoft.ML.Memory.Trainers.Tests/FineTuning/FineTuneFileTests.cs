// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Memory.Storage;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.FineTuning;

/// <summary>The stream of a saved model, whole and forged.</summary>
[TestClass]
public sealed class FineTuneFileTests
{
    private static readonly LoraOptions _options = TinyImages.Options with { EpochCount = 1, EmbedBackbone = true };
    private readonly MLContext _mlContext = new(seed: 0);
    private Backbone _backbone = null!;
    private FineTuneTransformer _model = null!;

    [TestInitialize]
    public void FitModel()
    {
        TorchTests.Require();
        _backbone = Backbone.Create(TinyImages.Config, 5);
        _model = TinyImages.Fit(_mlContext, _backbone, _options, TinyImages.Draw(12, 1));
    }

    [TestCleanup]
    public void DisposeModel()
    {
        _model?.Dispose();
        _backbone?.Dispose();
    }

    [TestMethod]
    public void Write_what_was_read_gives_the_same_bytes()
    {
        byte[] bytes = Written(_model);
        using FineTuneTransformer read = Read(bytes);

        CollectionAssert.AreEqual(bytes, Written(_model));
        CollectionAssert.AreEqual(bytes, Written(read));
    }

    [TestMethod]
    public void Read_a_file_that_is_cut_off_is_refused()
    {
        byte[] bytes = Written(_model);

        for (int length = 0; length < bytes.Length; length += 131)
            Assert.ThrowsExactly<InvalidDataException>(() => Read(bytes[..length]), $"of {length} bytes");
    }

    [TestMethod]
    public void Read_leaves_no_tensor_in_the_callers_scope()
    {
        byte[] bytes = Written(_model), other = Written(Claiming(new BitFitOptions { EmbedBackbone = true }));
        using TorchSharp.DisposeScope scope = NewDisposeScope();

        Read(bytes).Dispose();
        Assert.ThrowsExactly<InvalidDataException>(() => Read(other));

        Assert.AreEqual(0, scope.DisposablesCount);
    }

    [TestMethod]
    public void Read_the_tensors_of_another_method_is_refused() => Refusal.Assert<InvalidDataException>(
        "The model file must hold a tensor 'embeddings.cls_token' of [1, 1, 16]. Got none. Save the model again.",
        () => Read(Written(Claiming(new FullFineTuneOptions { EmbedBackbone = true }))));

    [TestMethod]
    public void Read_tensors_of_another_rank_is_refused()
    {
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(
            () => Read(Written(Claiming(_options with { Rank = 4 }))));

        Assert.AreEqual(
            "The model file must hold a tensor 'encoder.layer.0.attention.attention.query.lora_A.weight' of [4, 16]. "
            + "Got [8, 16]. Save the model again.", error.Message);
    }

    public static IEnumerable<object[]> Greedy =>
    [
        [new VqtOptions { QueryCount = 65536 }, 2L * 65536 * 16],
        [new PrefixOptions { Length = 65536 }, 4L * 65536 * 16],
        [new VptOptions { PromptCount = 65536 }, 2L * 65536 * 16],
        [new VptOptions { PromptCount = 65536, Deep = false }, 65536L * 16],
        [new AdapterOptions { Bottleneck = 65536 }, 4L * 65536 * 16],
        [new S2aOptions { Rank = 65536 }, 2L * 65536 * 21],
        [new R2Options { Width = 4096 }, 15L * 4096 * 4096],
        [new LoraOptions { Rank = 65536 }, 4L * 65536 * 32],
    ];

    [TestMethod]
    [DynamicData(nameof(Greedy))]
    public void Read_settings_that_ask_for_more_than_the_file_holds_takes_no_memory(
        FineTuneOptions options, long numbers)
    {
        long stored = _model.Model.Tuned.Tensors.Sum(t => t.Tensor.numel());

        Refusal.Assert<InvalidDataException>(
            $"The model file must hold what its settings ask for, at least {numbers} numbers for "
            + $"{options.GetType().Name}. Got {stored}. Save the model again.",
            () => Read(Written(Claiming(options with { EmbedBackbone = true }))));
    }

    [TestMethod]
    public void Read_classes_that_ask_for_more_than_the_file_holds_takes_no_memory()
    {
        long stored = _model.Model.Tuned.Tensors.Sum(t => t.Tensor.numel());
        var claiming = new FineTuneTransformer(
            _model.Environment, _options, _model.Model, ClassTable.Numbered(int.MaxValue));

        Refusal.Assert<InvalidDataException>(
            $"The model file must hold what its settings ask for, at least {16L * int.MaxValue} numbers for "
            + $"LoraOptions. Got {stored}. Save the model again.",
            () => Read(Written(claiming)));
    }

    [TestMethod]
    public void Read_settings_that_do_not_fit_the_backbone_is_refused() => Refusal.Assert<InvalidDataException>(
        "The settings of a model must fit its backbone. Got: SherlOptions.LateCount must be below the backbone's "
        + "number of blocks 2. Got 7.",
        () => Read(Written(Claiming(new SherlOptions { LateCount = 7, EmbedBackbone = true }))));

    [TestMethod]
    [DataRow("{\"method\":\"voodoo\"}")]
    [DataRow("{\"Rank\":4}")]
    [DataRow("null")]
    [DataRow("[]")]
    [DataRow("")]
    [DataRow("{\"method\":\"lora\",\"Rank\":\"four\"}")]
    [DataRow("{\"method\":\"lora\",\"Rank\":null}")]
    [DataRow("{\"method\":\"lora\",\"Rank\":99999999999}")]
    [DataRow("{\"method\":\"lora\",\"Rank\":0}")]
    [DataRow("{\"method\":\"lora\",\"LabelColumnName\":null}")]
    [DataRow("{\"method\":\"lora\",\"ModulesToSave\":null}")]
    [DataRow("{\"method\":\"lora\",\"RankPattern\":[null]}")]
    [DataRow("{\"method\":\"lora\",\"RankPattern\":[{\"Key\":null,\"Value\":1}]}")]
    [DataRow("{\"method\":\"lora\",\"TargetModules\":[null]}")]
    [DataRow("{\"method\":\"lora\",\"Image\":{\"Mean\":null}}")]
    [DataRow("{\"method\":\"lora\",\"SavedActivations\":77}")]
    [DataRow("{\"method\":\"lst\",\"Blocks\":[]}")]
    [DataRow("{\"method\":\"lst\",\"Blocks\":[-1]}")]
    [DataRow("{\"method\":\"vqt\",\"QueryCount\":-1}")]
    [DataRow("{\"method\":\"vqt\",\"QueryCount\":2147483647}")]
    [DataRow("{\"method\":\"vqt\",\"KeepFeatures\":2}")]
    [DataRow("{\"method\":\"r2\",\"QueryCount\":2147483647}")]
    [DataRow("{\"method\":\"r2\",\"Width\":4097}")]
    [DataRow("{\"method\":\"s2a\",\"Rank\":2147483647}")]
    [DataRow("{\"method\":\"s2a\",\"ChannelGroup\":0}")]
    public void Read_settings_that_are_none_is_refused(string settings)
    {
        using var stream = new MemoryStream();
        var writer = new SectionWriter(stream);
        writer.Write("fineTune", fields =>
        {
            fields.Write(settings);
            fields.Write("{}");
        });
        writer.End();

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => Read(stream.ToArray()));

        // Anything else would be that the next section is missing.
        Assert.DoesNotContain("must come next", error.Message);
    }

    [TestMethod]
    public void Read_settings_that_are_for_training_alone_is_refused() => Refusal.Assert<InvalidDataException>(
        "The settings of a model must be those of one that is trained. Got PrefixOptions with what is there for "
        + "training alone. Save the model again.",
        () => Read(Written(Claiming(new PrefixOptions { ReparametrizationWidth = 65536, EmbedBackbone = true }))));

    [TestMethod]
    public void Read_a_report_without_epochs_is_refused()
    {
        using var stream = new MemoryStream();
        var writer = new SectionWriter(stream);
        writer.Write("fineTune", fields =>
        {
            fields.Write("{\"method\":\"lora\"}");
            fields.Write("{\"Epochs\":null}");
        });
        writer.End();

        Refusal.Assert<InvalidDataException>(
            "The report of a model must have epochs. Got null.", () => Read(stream.ToArray()));
    }

    [TestMethod]
    public void Read_numbers_that_are_not_finite_is_refused()
    {
        using (no_grad()) _model.Model.Tuned.Head.Bias!.fill_(float.NaN);

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => Read(Written(_model)));

        Assert.EndsWith("must be finite. Got NaN or infinity.", error.Message);
    }

    [TestMethod]
    public void Read_an_embedded_backbone_with_a_tensor_of_no_backbone_is_refused()
    {
        AssertEmbeddedRefused(
            "extra", [2], "The model file must hold the tensors of its backbone only. Got 'extra' besides.");
        AssertEmbeddedRefused(
            "pooler.dense.weight", [3, 3],
            "The model file must hold the backbone's 'pooler.dense.weight' of [16, 16]. Got another or none. Save the "
            + "model again.");
    }

    private void AssertEmbeddedRefused(string name, long[] shape, string message)
    {
        using var scope = NewDisposeScope();
        var tensors = _backbone.Tensors.ToDictionary(t => t.Key, t => t.Value.clone());
        tensors.Add(name, zeros(shape));
        using var backbone = new Backbone(_backbone.Config, _backbone.Options, tensors, "forged");
        using FineTuneTransformer model = TinyImages.Fit(_mlContext, backbone, _options, TinyImages.Draw(12, 1));
        byte[] bytes = Written(model);

        Refusal.Assert<InvalidDataException>(message, () => Read(bytes));
    }

    private FineTuneTransformer Claiming(FineTuneOptions options) =>
        new(_model.Environment, options, _model.Model, _model.Classes);

    private FineTuneTransformer Read(byte[] bytes) => FineTuneFile.Read(
        new MemoryStream(bytes), HostAccess.EnvironmentOf(_mlContext.MulticlassClassification.Trainers));

    private static byte[] Written(FineTuneTransformer model)
    {
        using var stream = new MemoryStream();
        FineTuneFile.Write(stream, model);
        return stream.ToArray();
    }
}
