// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.IO.Compression;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Embedding;

/// <summary>Published networks, with the outputs that were published with them.</summary>
[TestClass]
public sealed class RealNetworkTests
{
    // The published logits were computed with other kernels: they agree to 3 units of 6081.
    private const float Published = 3;

    // Half precision, as the issue asks for.
    private const float Half = 1e-2f;

    private static readonly MLContext _mlContext = new(seed: 0);

    [TestInitialize]
    public void NeedRuntime() => OnnxHere.Require();

    [TestMethod]
    public void SqueezeNet_gives_its_published_output_and_knows_the_fish()
    {
        float[] expected = Values(RealData.Path("onnx", "SqueezeNet_fp16_fish_expected.csv"));
        string[] names = File.ReadAllLines(RealData.Path("onnx", "imagenet_synset.txt"));
        byte[] fish = File.ReadAllBytes(RealData.Path("images", "fish.png"));
        byte[] kitten = File.ReadAllBytes(RealData.Path("images", "kitten_224.png"));
        using EmbedOnnxTransformer encoder = Encoders.Fit(SqueezeNet());

        float[][] codes = Encoders.Encode(
            encoder, new EmbedRow { File = fish }, new EmbedRow { File = kitten }, new EmbedRow { File = fish });

        Assert.AreEqual(32, encoder.BatchSize, "the first dimension is freed");
        Assert.HasCount(expected.Length, codes[0]);
        for (int i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], codes[0][i], Half, $"class {i}");
        StringAssert.Contains(names[Array.IndexOf(codes[0], codes[0].Max())], "tench");
        StringAssert.Contains(names[Array.IndexOf(codes[1], codes[1].Max())], "tabby");
        CollectionAssert.AreEqual(codes[0], codes[2]);
    }

    [TestMethod]
    public void SqueezeNet_together_gives_what_single_images_give()
    {
        var random = new Random(1);
        EmbedRow[] rows = [.. Enumerable.Range(0, 6).Select(i =>
        {
            byte[] pixels = new byte[3 * 40 * (30 + i)];
            random.NextBytes(pixels);
            return new EmbedRow { File = PngFile.Write(40, 30 + i, pixels) };
        })];
        EmbedOnnxOptions options = SqueezeNet() with
        {
            OutputTensor = "fire9/concat_2",
            Pooling = EmbedPooling.Mean,
        };
        using EmbedOnnxTransformer single = Encoders.Fit(options with { BatchSize = 1 });
        using EmbedOnnxTransformer block = Encoders.Fit(options);

        float[][] codes = Encoders.Encode(block, rows), expected = Encoders.Encode(single, rows);

        Assert.AreEqual(512, block.FeatureCount);
        Assert.AreEqual(single.EncoderFingerprint, block.EncoderFingerprint);
        float largest = expected.Max(code => code.Max());
        for (int row = 0; row < rows.Length; row++)
        {
            for (int i = 0; i < 512; i++)
                Assert.AreEqual(expected[row][i], codes[row][i], Half * largest, $"row {row}, channel {i}");
        }
    }

    [TestMethod]
    public void Mnist_gives_its_published_logits()
    {
        float[] expected = Values(RealData.Path("onnx", "mnist_8_expected.csv"));
        byte[] digit = File.ReadAllBytes(RealData.Path("images", "mnist_28.png"));

        float[] logits = Encoders.Encode(Mnist("File", ImagePresets.Raw), new EmbedRow { File = digit })[0];

        Assert.HasCount(expected.Length, logits);
        for (int i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], logits[i], Published, $"logit {i}");
    }

    [TestMethod]
    public void Mnist_features_help_a_memory_of_few_noisy_digits()
    {
        Digit[] train = Digits("train", 300, noise: 0, seed: 1), test = Digits("t10k", 500, noise: 60, seed: 2);
        EmbedOnnxOptions options = Mnist("Pixels", ImagePresets.Raw) with
        {
            OutputTensor = "Pooling160_Output_0_reshape0",
        };
        using EmbedOnnxTransformer encoder = _mlContext.Transforms.EmbedOnnx(options)
            .Fit(_mlContext.Data.LoadFromEnumerable(train));

        double raw = Accuracy("Numbers", train, test, null), encoded = Accuracy("Code", train, test, encoder);

        Assert.AreEqual(32, encoder.BatchSize, "the reshape is freed with the first dimension");
        Assert.AreEqual(256, encoder.FeatureCount);
        Assert.IsGreaterThan(raw + 0.03, encoded, $"raw pixels {raw:F3}, features {encoded:F3}");
    }

    private static EmbedOnnxOptions SqueezeNet() => new()
    {
        ModelFile = RealData.Path("onnx", "SqueezeNet_fp16.onnx"),
        InputColumnName = "File",
        OutputColumnName = "Code",
        Image = ImagePresets.Raw with { ChannelOrder = ImageChannelOrder.Bgr },
    };

    private static EmbedOnnxOptions Mnist(string column, ImageInputOptions image) => new()
    {
        ModelFile = RealData.Path("onnx", "mnist.onnx"),
        InputColumnName = column,
        OutputColumnName = "Code",
        Image = image,
    };

    private static double Accuracy(string features, Digit[] train, Digit[] test, EmbedOnnxTransformer? encoder)
    {
        IDataView View(Digit[] digits)
        {
            IDataView view = _mlContext.Data.LoadFromEnumerable(digits);
            return encoder is null ? view : encoder.Transform(view);
        }

        ITransformer memory = _mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(_mlContext.MulticlassClassification.Trainers.VisualMemory(
                new VisualMemoryOptions { FeatureColumnName = features, NeighborCount = 5 }))
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(View(train));
        DigitPrediction[] predictions =
            [.. _mlContext.Data.CreateEnumerable<DigitPrediction>(memory.Transform(View(test)), reuseRowObject: false)];
        return predictions.Zip(test).Average(pair => pair.First.PredictedLabel == pair.Second.Label ? 1.0 : 0);
    }

    private static Digit[] Digits(string set, int count, int noise, int seed)
    {
        using Stream images = Open("mnist", $"{set}-images-idx3-ubyte.gz", 16);
        using Stream labels = Open("mnist", $"{set}-labels-idx1-ubyte.gz", 8);
        var random = new Random(seed);
        var digits = new Digit[count];
        for (int i = 0; i < count; i++)
        {
            byte[] pixels = new byte[784];
            images.ReadExactly(pixels);
            for (int p = 0; p < pixels.Length; p++)
                pixels[p] = (byte)Math.Clamp(pixels[p] + random.Next(-noise, noise + 1), 0, 255);
            digits[i] = new Digit
            {
                Label = $"{labels.ReadByte()}",
                Pixels = pixels,
                Numbers = [.. pixels.Select(pixel => (float)pixel)],
            };
        }

        return digits;
    }

    private static GZipStream Open(string folder, string name, int header)
    {
        var stream = new GZipStream(File.OpenRead(RealData.Path(folder, name)), CompressionMode.Decompress);
        stream.ReadExactly(new byte[header]);
        return stream;
    }

    private static float[] Values(string path) => [.. File.ReadLines(path).Skip(1).Select(
        line => float.Parse(line.Split(',')[1], CultureInfo.InvariantCulture))];

    private sealed class Digit
    {
        public string Label { get; set; } = "";

        [VectorType(784)]
        public byte[] Pixels { get; set; } = [];

        [VectorType(784)]
        public float[] Numbers { get; set; } = [];
    }

    private sealed class DigitPrediction
    {
        public string PredictedLabel { get; set; } = "";
    }
}
