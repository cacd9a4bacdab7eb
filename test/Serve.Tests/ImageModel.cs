// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Memory;
using Microsoft.ML.Transforms.Image;

namespace MemoryServe;

/// <summary>A small model whose only input is an image.</summary>
internal static class ImageModel
{
    /// <summary>Pixels in a row and rows of its images.</summary>
    public const int Side = 4;

    /// <summary>Serves a model that tells dark images from light ones, read only.</summary>
    public static async Task<ServerUnderTest> StartAsync(params (string Name, string Value)[] settings)
    {
        ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path), null, settings);
        var mlContext = new MLContext(seed: 1);
        ImageRow[] rows = [.. Enumerable.Range(0, 20).Select(index => new ImageRow
        {
            Label = index % 2 == 0 ? "dark" : "light",
            Image = Decode(TestPng.Write(Side, (byte)(index % 2 == 0 ? index : 255 - index))),
        })];
        ITransformer model = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.Transforms.CustomMapping<ImageInput, ImageFeatures>(
                ImageFeatures.Fill, contractName: null))
            .Append(mlContext.MulticlassClassification.Trainers.VisualMemory(new VisualMemoryOptions
            {
                NeighborCount = 3,
                Metric = Metric.SquaredEuclidean,
            }))
            .Fit(mlContext.Data.LoadFromEnumerable(rows));
        DataViewSchema schema = mlContext.Data.LoadFromEnumerable(Array.Empty<ImageRow>()).Schema;
        server.Get<ModelHost>().Exchange(
            new Deployment("images", new ReadOnlyStore(new ServedModel(model, schema)), default));
        return server;
    }

    private static MLImage Decode(byte[] file) => MLImage.CreateFromStream(new MemoryStream(file));

    private sealed class ImageRow
    {
        public string Label { get; set; } = "";

        [ImageType(Side, Side)]
        public MLImage? Image { get; set; }
    }

    private sealed class ImageInput
    {
        [ImageType(Side, Side)]
        public MLImage? Image { get; set; }
    }

    private sealed class ImageFeatures
    {
        [VectorType(Side * Side)]
        public float[] Features { get; set; } = [];

        public static void Fill(ImageInput input, ImageFeatures output)
        {
            int step = input.Image!.BitsPerPixel / 8;
            byte[] pixels = input.Image.Pixels.ToArray();
            output.Features = [.. Enumerable.Range(0, Side * Side).Select(pixel => (float)pixels[pixel * step])];
        }
    }
}
