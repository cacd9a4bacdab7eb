// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Trainers.Tests.FineTuning;

/// <summary>A labelled image of 8 x 8 grey pixels.</summary>
internal sealed class TinyImage
{
    public string Label { get; set; } = "";

    [VectorType(64)]
    public float[] Features { get; set; } = new float[64];
}

/// <summary>What a tuned backbone says of an image.</summary>
internal sealed class TinyPrediction
{
    public string? PredictedLabel { get; set; }

    public float[] Score { get; set; } = [];

    public float[] Tuned { get; set; } = [];
}

/// <summary>Seeded images of three classes, of which each has another bright part, and a backbone for them.</summary>
internal static class TinyImages
{
    public static readonly string[] Names = ["ant", "bee", "cat"];

    public static BackboneConfig Config => new()
    {
        HiddenSize = 16,
        LayerCount = 2,
        HeadCount = 2,
        IntermediateSize = 32,
        PatchSize = 4,
        ImageSize = 8,
        ChannelCount = 1,
    };

    public static LoraOptions Options => new()
    {
        OutputFeatureColumnName = "Tuned",
        EpochCount = 6,
        BatchSize = 16,
        LearningRate = 0.02,
        Dropout = 0.1,
    };

    public static TinyImage[] Draw(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(index => DrawOne(random, index % Names.Length))];
    }

    public static IEstimator<ITransformer> Pipeline(
        MLContext mlContext, Backbone backbone, FineTuneOptions? options = null)
        => mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.MulticlassClassification.Trainers.FineTune(backbone, options ?? Options))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    /// <summary>Fits the backbone alone, on labels already mapped to keys.</summary>
    public static FineTuneTransformer Fit(
        MLContext mlContext, Backbone backbone, FineTuneOptions options, IEnumerable<TinyImage> images)
    {
        IDataView view = mlContext.Data.LoadFromEnumerable(images);
        IDataView keyed = mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
        return mlContext.MulticlassClassification.Trainers.FineTune(backbone, options).Fit(keyed);
    }

    public static TinyPrediction[] Predict(MLContext mlContext, ITransformer model, IEnumerable<TinyImage> images)
        => [.. mlContext.Data.CreateEnumerable<TinyPrediction>(
            model.Transform(mlContext.Data.LoadFromEnumerable(images)), reuseRowObject: false)];

    public static void AssertSame(TinyPrediction[] expected, TinyPrediction[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int row = 0; row < expected.Length; row++)
        {
            Assert.AreEqual(expected[row].PredictedLabel, actual[row].PredictedLabel, $"row {row}");
            CollectionAssert.AreEqual(expected[row].Score, actual[row].Score, $"row {row}");
            CollectionAssert.AreEqual(expected[row].Tuned, actual[row].Tuned, $"row {row}");
        }
    }

    private static TinyImage DrawOne(Random random, int label)
    {
        float[] pixels = [.. Enumerable.Range(0, 64).Select(_ => random.NextSingle() - 0.5f)];
        for (int i = 0; i < 16; i++) pixels[(label * 16) + i] += 1;
        return new TinyImage { Label = Names[label], Features = pixels };
    }
}
