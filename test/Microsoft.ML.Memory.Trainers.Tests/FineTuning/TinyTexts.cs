// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Trainers.Tests.FineTuning;

/// <summary>A labelled text.</summary>
internal sealed class TinyText
{
    public string Label { get; set; } = "";

    public string Features { get; set; } = "";
}

/// <summary>Texts of two classes, told apart by one word each, and a backbone for them.</summary>
internal static class TinyTexts
{
    public static readonly string[] Pieces =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "good", "bad", "it", "was", "really", "##ly", "."];

    public static BackboneConfig Config => new()
    {
        Kind = BackboneKind.Bert,
        HiddenSize = 16,
        LayerCount = 2,
        HeadCount = 2,
        IntermediateSize = 32,
        VocabularySize = 12,
        MaxPositions = 16,
    };

    /// <summary>Writes a backbone of random weights and its vocabulary to a folder.</summary>
    public static Backbone Create(string folder, BackboneOptions? options = null)
    {
        using (Backbone created = Backbone.Create(Config, 5)) created.Save(folder);
        File.WriteAllLines(Path.Combine(folder, "vocab.txt"), Pieces);
        return Backbone.Load(folder, options);
    }

    public static ITransformer Fit(MLContext mlContext, Backbone backbone, FineTuneOptions? options = null)
    {
        string[] frames = ["It was {0}.", "really {0}", "{0}", "was it {0} really", "{0}ly {0}."];
        IEnumerable<TinyText> texts = frames.SelectMany(f => new[]
        {
            new TinyText { Label = "praise", Features = string.Format(null, f, "good") },
            new TinyText { Label = "blame", Features = string.Format(null, f, "bad") },
        });
        options ??= new LoraOptions
        {
            EpochCount = 40,
            BatchSize = 5,
            LearningRate = 0.02,
            EmbedBackbone = true,
            OutputFeatureColumnName = "Tuned",
        };
        return mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.MulticlassClassification.Trainers.FineTune(backbone, options))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(mlContext.Data.LoadFromEnumerable(texts));
    }

    /// <summary>What is said of texts that were trained on, in other writing.</summary>
    public static TinyPrediction[] Predict(MLContext mlContext, ITransformer model)
    {
        TinyText[] texts =
        [
            new() { Features = "it was GOOD." }, new() { Features = "bad" }, new() { Features = "really  good" },
        ];
        return [.. mlContext.Data.CreateEnumerable<TinyPrediction>(
            model.Transform(mlContext.Data.LoadFromEnumerable(texts)), reuseRowObject: false)];
    }
}
