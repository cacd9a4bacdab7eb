// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.Memory.Trainers.Tests.FineTuning;

[TestClass]
public sealed class FineTuneSavingTests
{
    private readonly MLContext _mlContext = new(seed: 0);
    private readonly TemporaryFolder _folder = new();
    private Backbone _backbone = null!;

    [TestInitialize]
    public void SaveBackbone()
    {
        TorchTests.Require();
        using Backbone created = Backbone.Create(TinyImages.Config, 5);
        created.Save(BackboneFolder);
        _backbone = Backbone.Load(BackboneFolder);
    }

    [TestCleanup]
    public void DeleteFolder()
    {
        _backbone?.Dispose();
        _folder.Dispose();
    }

    [TestMethod]
    public void Load_in_the_same_process_predicts_the_same_bits()
    {
        ITransformer model = FitAndSave();

        ITransformer loaded = _mlContext.Model.Load(ModelPath, out _);

        TinyImages.AssertSame(Predict(model), Predict(loaded));
    }

    [TestMethod]
    public void A_fresh_process_that_registers_nothing_predicts_the_same()
    {
        ITransformer model = FitAndSave();
        TinyImage[] test = TinyImages.Draw(20, seed: 2);
        string input = _folder.File("rows.txt");
        File.WriteAllLines(input, test.Select(i => string.Join(
            ' ', i.Features.Select(v => v.ToString("R", CultureInfo.InvariantCulture)))));

        string[] lines = Programs.Run("FreshFineTune.dll", ModelPath, input);

        string[] expected =
        [
            .. Predict(model).Select(row =>
                $"{row.PredictedLabel} {string.Join(' ', row.Score.Select(BitConverter.SingleToUInt32Bits))}"),
        ];
        CollectionAssert.AreEqual(expected, lines);
    }

    [TestMethod]
    public void Load_then_save_gives_the_same_trained_tensors_and_options()
    {
        FineTuneTransformer model = TinyImages.Fit(
            _mlContext, _backbone, TinyImages.Options with { TargetModules = ["query", "dense"] },
            TinyImages.Draw(30, 1));
        _mlContext.Model.Save(model, null, ModelPath);

        var loaded = (FineTuneTransformer)_mlContext.Model.Load(ModelPath, out _);

        Tensors.AssertSame(model, loaded);
        var options = (LoraOptions)loaded.Options;
        CollectionAssert.AreEqual(new[] { "query", "dense" }, options.TargetModules!.ToArray());
        Assert.AreEqual(JsonSerializer.Serialize(model.Options), JsonSerializer.Serialize(loaded.Options));
        CollectionAssert.AreEqual(model.ClassNames.ToArray(), loaded.ClassNames.ToArray());
        CollectionAssert.AreEqual(model.Model.Report.Epochs.ToArray(), loaded.Model.Report.Epochs.ToArray());
    }

    [TestMethod]
    public void Load_with_the_backbone_embedded_needs_no_folder()
    {
        ITransformer model = FitAndSave(TinyImages.Options with { EmbedBackbone = true });
        Directory.Delete(BackboneFolder, recursive: true);

        ITransformer loaded = _mlContext.Model.Load(ModelPath, out _);

        TinyImages.AssertSame(Predict(model), Predict(loaded));
    }

    [TestMethod]
    public void Load_without_the_backbone_says_where_it_was_looked_for()
    {
        FitAndSave();
        Directory.Delete(BackboneFolder, recursive: true);
        string beside = Path.Combine(AppContext.BaseDirectory, "backbone");

        AssertLoadFails<DirectoryNotFoundException>(
            $"The backbone of the model must be in '{BackboneFolder}' or '{beside}'. Got no such folder. "
            + "Copy it there, or save the model with FineTuneOptions.EmbedBackbone.");
    }

    [TestMethod]
    public void Load_with_another_backbone_names_both_hashes()
    {
        FitAndSave();
        using Backbone other = Backbone.Create(TinyImages.Config, 6);
        other.Save(BackboneFolder);

        AssertLoadFails<InvalidDataException>(
            $"The backbone in '{BackboneFolder}' must be the one that the model was trained on, with hash "
            + $"{_backbone.Hash}. Got {other.Hash}. Restore it, or train again.");
    }

    [TestMethod]
    public void Load_with_the_weights_in_another_network_is_refused()
    {
        FitAndSave();
        string config = Path.Combine(BackboneFolder, "config.json");
        string text = File.ReadAllText(config);
        string other = text.Replace(
            "\"num_attention_heads\": 2", "\"num_attention_heads\": 4", StringComparison.Ordinal);
        Assert.AreNotEqual(text, other);
        File.WriteAllText(config, other);

        AssertLoadFails<InvalidDataException>(
            $"The config.json in '{BackboneFolder}' must be that of the backbone that the model was trained on. "
            + "Got another. Restore it, or train again.");
    }

    [TestMethod]
    public void Load_an_image_model_keeps_how_images_are_read()
    {
        ImageInputOptions image = ImagePresets.Vit with { Width = 4, Height = 16, Scale = 1, Mean = [0.1] };
        ITransformer model = FitAndSave(TinyImages.Options with { Image = image });

        ITransformer loaded = _mlContext.Model.Load(ModelPath, out _);

        TinyImages.AssertSame(Predict(model), Predict(loaded));
    }

    [TestMethod]
    public void Load_a_text_model_needs_neither_backbone_nor_vocabulary()
    {
        string folder = _folder.File("text-backbone");
        using Backbone backbone = TinyTexts.Create(folder, new BackboneOptions { Pooling = BackbonePooling.Mean });
        ITransformer model = TinyTexts.Fit(_mlContext, backbone);
        _mlContext.Model.Save(model, null, ModelPath);
        TinyPrediction[] before = TinyTexts.Predict(_mlContext, model);
        Directory.Delete(folder, recursive: true);

        ITransformer loaded = _mlContext.Model.Load(ModelPath, out _);

        TinyImages.AssertSame(before, TinyTexts.Predict(_mlContext, loaded));
        CollectionAssert.AreEqual(
            new[] { "praise", "blame", "praise" }, before.Select(p => p.PredictedLabel).ToArray());
    }

    private string BackboneFolder => _folder.File("backbone");

    private string ModelPath => _folder.File("model.zip");

    private void AssertLoadFails<TError>(string message)
        where TError : Exception
    {
        Exception error = Assert.Throws<Exception>(() => _mlContext.Model.Load(ModelPath, out _));

        // The host wraps what a loader throws.
        Assert.IsInstanceOfType<TError>(error.GetBaseException());
        Assert.AreEqual(message, error.GetBaseException().Message);
    }

    private TinyPrediction[] Predict(ITransformer model) =>
        TinyImages.Predict(_mlContext, model, TinyImages.Draw(20, seed: 2));

    private ITransformer FitAndSave(FineTuneOptions? options = null)
    {
        IDataView train = _mlContext.Data.LoadFromEnumerable(TinyImages.Draw(30, seed: 1));
        ITransformer model = TinyImages.Pipeline(_mlContext, _backbone, options).Fit(train);
        _mlContext.Model.Save(model, train.Schema, ModelPath);
        return model;
    }
}
