// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>A labelled point in three dimensions.</summary>
internal sealed class Point
{
    public string Label { get; set; } = "";

    public long Id { get; set; }

    public float Weight { get; set; } = 1;

    [VectorType(3)]
    public float[] Features { get; set; } = [0, 0, 0];
}

/// <summary>What a memory says of a point.</summary>
internal sealed class PointPrediction
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}

/// <summary>Seeded points around one centre a class, overlapping enough to be wrong at times.</summary>
internal static class Points
{
    public static readonly string[] Names = ["ant", "bee", "cat", "dog"];

    public static Point[] Draw(int count, int seed, int classCount = 3, long firstId = 0)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(
            index => DrawOne(random, random.Next(classCount), firstId + index))];
    }

    public static IDataView View(MLContext mlContext, IEnumerable<Point> points)
        => mlContext.Data.LoadFromEnumerable(points);

    public static IEstimator<ITransformer> Pipeline(MLContext mlContext, VisualMemoryOptions? options = null)
        => mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(
                mlContext.MulticlassClassification.Trainers.VisualMemory(
                    options ?? new VisualMemoryOptions { NeighborCount = 5 }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    /// <summary>Fits the memory alone, on labels already mapped to keys.</summary>
    public static VisualMemoryTransformer FitMemory(
        MLContext mlContext, IEnumerable<Point> points, VisualMemoryOptions? options = null)
        => mlContext.MulticlassClassification.Trainers
            .VisualMemory(options ?? new VisualMemoryOptions { NeighborCount = 5 })
            .Fit(Keyed(mlContext, points));

    public static IDataView Keyed(MLContext mlContext, IEnumerable<Point> points)
    {
        IDataView view = View(mlContext, points);
        return mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
    }

    public static PointPrediction[] Predict(MLContext mlContext, ITransformer model, IEnumerable<Point> points)
        => [.. mlContext.Data.CreateEnumerable<PointPrediction>(
            model.Transform(View(mlContext, points)), reuseRowObject: false)];

    public static void AssertSame(IReadOnlyList<PointPrediction> expected, IReadOnlyList<PointPrediction> actual)
    {
        Assert.AreEqual(expected.Count, actual.Count);
        for (int row = 0; row < expected.Count; row++)
        {
            Assert.AreEqual(expected[row].PredictedLabel, actual[row].PredictedLabel, $"row {row}");
            CollectionAssert.AreEqual(expected[row].Score, actual[row].Score, $"row {row}");
        }
    }

    private static Point DrawOne(Random random, int label, long id)
    {
        float[] features = [.. Enumerable.Range(0, 3).Select(_ => (float)(random.NextDouble() - 0.5))];
        features[label % 3] += 0.6f;
        if (label >= 3) features[0] -= 1.5f;
        return new Point { Label = Names[label], Id = id, Features = features };
    }
}
