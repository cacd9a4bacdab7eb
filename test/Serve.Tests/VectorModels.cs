// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Memory;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;

namespace MemoryServe;

/// <summary>Trains and saves visual memories for the tests of the inspector.</summary>
internal static class VectorModels
{
    public const int ImageSide = 4;

    /// <summary>Gives rows whose values are whole numbers from 0 on, below a limit.</summary>
    public static VectorRow[] Rows(int count, int dimension, int limit, int classCount = 3)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count).Select(index => new VectorRow
        {
            Id = index,
            Label = $"class {index % classCount}",
            Features = [.. Enumerable.Range(0, dimension).Select(_ => (float)random.Next(limit))],
        })];
    }

    /// <summary>Saves a visual memory of rows as they are.</summary>
    public static void Save(string path, IReadOnlyList<VectorRow> rows, bool hasWeights = false)
    {
        var mlContext = new MLContext(seed: 1);
        SchemaDefinition definition = SchemaDefinition.Create(typeof(VectorRow));
        definition["Features"].ColumnType = new VectorDataViewType(
            NumberDataViewType.Single, rows[0].Features.Length);
        IDataView data = mlContext.Data.LoadFromEnumerable(rows, definition);
        ITransformer model = mlContext.Transforms.Conversion
            .MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(mlContext.MulticlassClassification.Trainers.VisualMemory(new VisualMemoryOptions
            {
                IdColumnName = "Id",
                ExampleWeightColumnName = hasWeights ? "Weight" : null,
                Metric = Metric.SquaredEuclidean,
                NeighborCount = 5,
            }))
            .Fit(data);
        mlContext.Model.Save(model, data.Schema, path);
    }

    /// <summary>Saves a visual memory whose input is an image; the server names that column.</summary>
    public static void SaveImages(string path)
    {
        var mlContext = new MLContext(seed: 1);
        PictureRow[] rows = [.. Enumerable.Range(0, 20).Select(index => new PictureRow
        {
            Id = index,
            Label = index % 2 == 0 ? "dark" : "light",
            Image = Decode(TestPng.Write(ImageSide, (byte)(index % 2 == 0 ? index : 255 - index))),
        })];
        IDataView data = mlContext.Data.LoadFromEnumerable(rows);
        ITransformer model = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.Transforms.ResizeImages("Sized", ImageSide, ImageSide, "Image"))
            .Append(mlContext.Transforms.ExtractPixels("Features", "Sized", interleavePixelColors: true))
            .Append(mlContext.MulticlassClassification.Trainers.VisualMemory(new VisualMemoryOptions
            {
                IdColumnName = "Id",
                Metric = Metric.SquaredEuclidean,
                NeighborCount = 3,
            }))
            .Fit(data);
        IDataView plain = mlContext.Data.LoadFromEnumerable(Array.Empty<PlainRow>());
        mlContext.Model.Save(model, plain.Schema, path);
    }

    public static MLImage Decode(byte[] file) => MLImage.CreateFromStream(new MemoryStream(file));

    private sealed class PictureRow
    {
        public long Id { get; set; }

        public string Label { get; set; } = "";

        [ImageType(ImageSide, ImageSide)]
        public MLImage? Image { get; set; }
    }

    private sealed class PlainRow
    {
        public long Id { get; set; }

        public string Label { get; set; } = "";
    }
}
