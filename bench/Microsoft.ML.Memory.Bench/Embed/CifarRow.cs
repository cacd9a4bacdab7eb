// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Bench;

/// <summary>A coloured image of 32 x 32 pixels with its class.</summary>
internal sealed class CifarRow
{
    private const int PixelCount = 3 * 32 * 32;

    public string Label { get; set; } = "";

    [VectorType(PixelCount)]
    public byte[] Pixels { get; set; } = [];

    [VectorType(PixelCount)]
    public float[] Numbers { get; set; } = [];

    public static CifarRow[] Read(string path)
    {
        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var content = new MemoryStream();
        gzip.CopyTo(content);
        return [.. content.ToArray().Chunk(1 + PixelCount).Select(record => new CifarRow
        {
            Label = $"{record[0]}",
            Pixels = record[1..],
            Numbers = [.. record.Skip(1).Select(pixel => (float)pixel)],
        })];
    }

    /// <summary>Gives the share of rows that a memory of others names rightly.</summary>
    public static double Accuracy(
        MLContext mlContext, string features, CifarRow[] train, CifarRow[] test, ITransformer? encoder)
    {
        IDataView View(CifarRow[] rows)
        {
            IDataView view = mlContext.Data.LoadFromEnumerable(rows);
            return encoder is null ? view : encoder.Transform(view);
        }

        ITransformer model = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.MulticlassClassification.Trainers.VisualMemory(
                new VisualMemoryOptions { FeatureColumnName = features, NeighborCount = 10 }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(View(train));
        IEnumerable<Prediction> predictions = mlContext.Data.CreateEnumerable<Prediction>(
            model.Transform(View(test)), reuseRowObject: false);
        return predictions.Zip(test).Average(pair => pair.First.PredictedLabel == pair.Second.Label ? 1.0 : 0);
    }

    private sealed class Prediction
    {
        public string PredictedLabel { get; set; } = "";
    }
}
