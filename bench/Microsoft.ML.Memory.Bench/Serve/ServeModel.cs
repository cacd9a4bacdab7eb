// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Bench;

/// <summary>The model that is served, and the requests that it gets.</summary>
internal static class ServeModel
{
    private const int QueryCount = 500;

    /// <summary>Saves a visual memory of images: a bank of as many rows of 784 values.</summary>
    public static void Save(DigitImages images, string path)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView rows = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, images.Count).Select(row => new Image
        {
            Label = images.Labels[row].ToString(CultureInfo.InvariantCulture),
            Features = images.Pixels[(row * DigitImages.Dimension)..((row + 1) * DigitImages.Dimension)],
        }));
        ITransformer model = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.MulticlassClassification.Trainers.VisualMemory(new VisualMemoryOptions()))
            .Fit(rows);
        mlContext.Model.Save(model, rows.Schema, path);
    }

    /// <summary>Gives requests that ask about the first images.</summary>
    public static byte[][] Queries(DigitImages images) => [.. Enumerable.Range(0, QueryCount).Select(
        row => LoadConnection.Request("POST", "/v1/predict", $"{{\"Features\":{Features(images, row)}}}"))];

    /// <summary>Gives a request that adds an image.</summary>
    public static byte[] Example(DigitImages images, int row)
    {
        int image = row % images.Count;
        return LoadConnection.Request(
            "POST",
            "/v1/examples",
            $"{{\"rows\":[{{\"Label\":\"{images.Labels[image]}\",\"Features\":{Features(images, image)}}}]}}");
    }

    /// <summary>Gives images of the data folder, or random ones where there is none.</summary>
    public static DigitImages Images(BenchReport report, string part, int count)
    {
        if (DigitImages.Read("mnist", part) is { } images) return images.Take(count);
        report.Note("Without the data folder the images are random.");
        var random = new Random(7);
        return new DigitImages(
            [.. Enumerable.Range(0, count * DigitImages.Dimension).Select(_ => (float)random.Next(256))],
            [.. Enumerable.Range(0, count).Select(_ => random.Next(10))]);
    }

    private static string Features(DigitImages images, int row)
    {
        var text = new StringBuilder("[");
        for (int place = 0; place < DigitImages.Dimension; place++)
        {
            if (place > 0) text.Append(',');
            text.Append(CultureInfo.InvariantCulture, $"{images.Pixels[(row * DigitImages.Dimension) + place]}");
        }

        return text.Append(']').ToString();
    }

    private sealed class Image
    {
        public string Label { get; set; } = "";

        [VectorType(DigitImages.Dimension)]
        public float[] Features { get; set; } = [];
    }
}
