// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>Options with everything on, and predictions of memories that reject.</summary>
internal static class Trusting
{
    public static IEnumerable<VisualMemoryOptions> EveryOption()
    {
        PruningKind[] prunings = Enum.GetValues<PruningKind>();
        UnknownScoreKind[] scores = Enum.GetValues<UnknownScoreKind>();
        for (int index = 0; index < scores.Length; index++)
        {
            yield return new VisualMemoryOptions
            {
                NeighborCount = 6,
                IdColumnName = "Id",
                NeighborColumns = NeighborColumns.Weights,
                Pruning = new PruningOptions { Kind = prunings[index % prunings.Length], NeighborCount = 7 },
                Calibration = index % 2 == 0 ? CalibrationKind.PowerTemperature : CalibrationKind.None,
                Rejection = new RejectionOptions { Score = scores[index], KeptRate = 0.9 },
                ClassMap = index % 3 == 1
                    ? new ClassMap(new Dictionary<string, string> { ["ant"] = "insect", ["bee"] = "insect" })
                    : null,
            };
        }
    }

    public static TrustPrediction[] Predict(
        MLContext mlContext, VisualMemoryTransformer memory, IEnumerable<Point> points)
    {
        IDataView scored = memory.Transform(Points.View(mlContext, points));
        IDataView named = mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored).Transform(scored);
        return [.. mlContext.Data.CreateEnumerable<TrustPrediction>(named, reuseRowObject: false)];
    }

    public static void AssertSame(TrustPrediction[] expected, TrustPrediction[] actual, string what)
    {
        Assert.HasCount(expected.Length, actual);
        for (int row = 0; row < expected.Length; row++)
        {
            Assert.AreEqual(expected[row].PredictedLabel, actual[row].PredictedLabel, $"{what}, row {row}");
            CollectionAssert.AreEqual(expected[row].Score, actual[row].Score, $"{what}, row {row}");
            CollectionAssert.AreEqual(
                expected[row].NeighborWeights, actual[row].NeighborWeights, $"{what}, row {row}");
            Assert.AreEqual(expected[row].UnknownScore, actual[row].UnknownScore, $"{what}, row {row}");
            Assert.AreEqual(expected[row].IsUnknown, actual[row].IsUnknown, $"{what}, row {row}");
        }
    }

    public static byte[] Saved(MLContext mlContext, ITransformer model)
    {
        string path = Path.GetTempFileName();
        try
        {
            mlContext.Model.Save(model, null, path);
            return ModelFiles.MemoryStreamOf(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static VisualMemoryTransformer Reload(MLContext mlContext, ITransformer model)
    {
        using var file = new MemoryStream();
        mlContext.Model.Save(model, null, file);
        file.Position = 0;
        return mlContext.Model.Load(file, out _).FindMemory<VisualMemoryTransformer>();
    }
}
