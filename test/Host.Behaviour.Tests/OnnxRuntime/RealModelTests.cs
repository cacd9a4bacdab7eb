// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.IO.Compression;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Host.Behaviour.Tests.OnnxRuntime;

/// <summary>Published networks with their published outputs.</summary>
[TestClass]
public sealed class RealModelTests : OnnxRuntimeTests
{
    // The published values were computed with other kernels: they agree to 4 units of 6081.
    private const double Published = 4;

    [TestMethod]
    public void Mnist_gives_its_published_logits()
    {
        float[] expected = [.. File.ReadLines(DataFile("onnx", "mnist_8_expected.csv")).Skip(1)
            .Select(line => float.Parse(line.Split(',')[1], CultureInfo.InvariantCulture))];
        float[] pixels = GreyPixels(DataFile("images", "mnist_28.png"), 28);
        using var session = new InferenceSession(DataFile("onnx", "mnist.onnx"));
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [1, 1, 28, 28]);

        using var results = session.Run(options, ["Input3"], [input], ["Plus214_Output_0"]);

        float[] logits = results[0].GetTensorDataAsSpan<float>().ToArray();
        Assert.HasCount(10, logits);
        for (int i = 0; i < logits.Length; i++)
            Assert.AreEqual(expected[i], logits[i], Published, $"logit {i}");
    }

    [TestMethod]
    public void SqueezeNet_in_halves_gives_probabilities()
    {
        using var session = new InferenceSession(DataFile("onnx", "SqueezeNet_fp16.onnx"));
        using var options = new RunOptions();
        Float16[] pixels = new Float16[3 * 224 * 224];
        Array.Fill(pixels, (Float16)128f);
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [1, 3, 224, 224]);

        using var results = session.Run(options, ["data_0"], [input], ["softmaxout_1"]);

        Assert.AreEqual(TensorElementType.Float16, session.InputMetadata["data_0"].ElementDataType);
        CollectionAssert.AreEqual(new[] { 1, 3, 224, 224 }, session.InputMetadata["data_0"].Dimensions);
        float[] probabilities = [.. results[0].GetTensorDataAsSpan<Float16>().ToArray().Select(p => (float)p)];
        Assert.HasCount(1000, probabilities);
        // A thousand halves, each rounded.
        Assert.AreEqual(1, probabilities.Sum(), 0.01);
        Assert.IsTrue(probabilities.All(p => p is >= 0 and <= 1));
    }

    private static string DataFile(params string[] parts)
    {
        string folder = Environment.GetEnvironmentVariable("MEMORY_ML_DATA");
        for (DirectoryInfo up = new(AppContext.BaseDirectory); folder is null && up is not null; up = up.Parent)
        {
            string candidate = Path.Combine(up.FullName, "shared", "data");
            if (Directory.Exists(candidate))
                folder = candidate;
        }
        string path = Path.Combine([folder ?? "", .. parts]);
        if (!File.Exists(path))
        {
            Assert.Inconclusive(
                $"'{string.Join('/', parts)}' is not here. Set MEMORY_ML_DATA to the folder that has it.");
        }
        return path;
    }

    // This one file is grey, one chunk, and no row of it is filtered: each is a zero and its pixels.
    private static float[] GreyPixels(string path, int size)
    {
        byte[] file = File.ReadAllBytes(path);
        int start = file.AsSpan().IndexOf("IDAT"u8) + 4;
        using var rows = new ZLibStream(new MemoryStream(file, start, file.Length - start), CompressionMode.Decompress);
        byte[] raw = new byte[size * (size + 1)];
        rows.ReadExactly(raw);
        return [.. raw.Where((_, i) => i % (size + 1) != 0).Select(b => (float)b)];
    }
}
