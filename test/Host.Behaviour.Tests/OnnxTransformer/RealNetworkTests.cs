// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Host.Behaviour.Tests.Images;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Host.Behaviour.Tests.Networks;

/// <summary>A picture, its pixels, and a published network with its published outputs.</summary>
[TestClass]
public sealed class RealNetworkTests : NetworkTests
{
    // The published values were computed with other kernels: they agree to 4 units of 6081.
    private const double Published = 4;

    [TestMethod]
    public void Mnist_gives_its_published_logits()
    {
        Pictures.RequireDecoders();
        using MLImage digit = MLImage.CreateFromFile(Pictures.Sample("mnist_28.png"));
        string folder = Path.Combine(Path.GetDirectoryName(Pictures.Sample("mnist_28.png")), "..", "onnx");
        float[] expected = [.. File.ReadLines(Path.Combine(folder, "mnist_8_expected.csv")).Skip(1)
            .Select(line => float.Parse(line.Split(',')[1], CultureInfo.InvariantCulture))];
        IDataView rows = Ml.Data.LoadFromEnumerable<Digit>([new() { Image = digit }]);
        IEstimator<ITransformer> chain = Ml.Transforms
            .ExtractPixels("Input3", "Image", ImagePixelExtractingEstimator.ColorBits.Red)
            .Append(Ml.Transforms.ApplyOnnxModel(Path.Combine(folder, "mnist.onnx")));

        float[] logits = Floats(chain.Fit(rows).Transform(rows), "Plus214_Output_0")[0];

        Assert.HasCount(10, logits);
        for (int i = 0; i < logits.Length; i++)
            Assert.AreEqual(expected[i], logits[i], Published, $"logit {i}");
    }

    private sealed class Digit
    {
        [ImageType(28, 28)]
        public MLImage Image { get; set; }
    }
}
