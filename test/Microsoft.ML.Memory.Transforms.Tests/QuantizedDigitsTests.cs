// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>Digits of MNIST in memories of codes, beside the memory that keeps all pixels.</summary>
[TestClass]
public sealed class QuantizedDigitsTests
{
    private const int Dimension = 784;
    private const int TrainRows = 6000;
    private const int TestRows = 1000;

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Codes_of_49_and_98_bytes_lose_little_of_the_accuracy()
    {
        IDataView train = Read("train", TrainRows), test = Read("t10k", TestRows);

        (double exact, long exactBytes) = Measure(train, test, new IndexOptions());
        (double short49, long short49Bytes) = Measure(train, test, Codes(49));
        (double short98, long short98Bytes) = Measure(train, test, Codes(98));

        double mostFrequent = test.GetColumn<uint>("Label").CountBy(label => label).Max(pair => pair.Value)
            / (double)TestRows;
        Assert.IsGreaterThan(mostFrequent + 0.75, short49, "the most frequent digit is a tenth of all");
        Assert.IsGreaterThanOrEqualTo(exact - 0.02, short49);
        Assert.IsGreaterThanOrEqualTo(exact - 0.01, short98);
        Assert.AreEqual(49, short49Bytes);
        Assert.AreEqual(98, short98Bytes);
        Assert.AreEqual(4 * Dimension, exactBytes);
    }

    private static IndexOptions Codes(int bytes) => new()
    {
        Strategy = SearchStrategy.Quantized,
        Quantization = new QuantizedSettings
        {
            SubspaceCount = bytes,
            TrainingCount = TrainRows,
            KeepVectors = false,
            Iterations = 3,
        },
    };

    /// <summary>Gives the accuracy of a memory and the bytes of a key.</summary>
    private (double Accuracy, long KeyBytes) Measure(IDataView train, IDataView test, IndexOptions index)
    {
        VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers
            .VisualMemory(new VisualMemoryOptions { NeighborCount = 5, Index = index })
            .Fit(train);
        uint[] labels = [.. test.GetColumn<uint>("Label")];
        uint[] predicted = [.. memory.Transform(test).GetColumn<uint>("PredictedLabel")];
        int right = labels.Zip(predicted).Count(pair => pair.First == pair.Second);
        return (right / (double)labels.Length, BankQuantizer.KeyBytes(Dimension, memory.Model.Quantizer));
    }

    private IDataView Read(string part, int count)
    {
        byte[] pixels = Bytes($"{part}-images-idx3-ubyte.gz", 16, count * Dimension);
        byte[] labels = Bytes($"{part}-labels-idx1-ubyte.gz", 8, count);
        return _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(row => new Digit
        {
            Label = labels[row],
            Features = Array.ConvertAll(
                pixels[(row * Dimension)..((row + 1) * Dimension)], pixel => (float)pixel),
        }).ToArray());
    }

    private static byte[] Bytes(string file, int header, int count)
    {
        using var stream = new GZipStream(
            File.OpenRead(RealData.Path("mnist", file)), CompressionMode.Decompress);
        byte[] bytes = new byte[header + count];
        stream.ReadExactly(bytes);
        return bytes[header..];
    }

    private sealed class Digit
    {
        [KeyType(10)]
        public uint Label { get; set; }

        [VectorType(Dimension)]
        public float[] Features { get; set; } = [];
    }
}
