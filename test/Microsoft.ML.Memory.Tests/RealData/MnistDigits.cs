// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;

namespace Microsoft.ML.Memory.Tests.RealData;

/// <summary>Handwritten digits of MNIST, 28 x 28 pixels and a label a row.</summary>
internal sealed record MnistDigits(float[] Rows, int[] Labels)
{
    public const int Dimension = 28 * 28;
    public const int ClassCount = 10;

    private const int ImageHeader = 16;
    private const int LabelHeader = 8;

    /// <summary>Reads the first training images.</summary>
    public static MnistDigits Train(int count) => Read("train", count);

    /// <summary>Reads the first test images.</summary>
    public static MnistDigits Test(int count) => Read("t10k", count);

    public BankSnapshot Memory()
    {
        var bank = new MemoryBank(Dimension);
        bank.AddRange(Rows, Labels);
        return bank.Snapshot();
    }

    private static MnistDigits Read(string part, int count) => new(
        Array.ConvertAll(
            Bytes($"{part}-images-idx3-ubyte.gz", ImageHeader, count * Dimension), pixel => (float)pixel),
        Array.ConvertAll(Bytes($"{part}-labels-idx1-ubyte.gz", LabelHeader, count), label => (int)label));

    private static byte[] Bytes(string file, int header, int count)
    {
        string path = SharedFolder.PathOf($"data/mnist/{file}");
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        byte[] bytes = new byte[header + count];
        stream.ReadExactly(bytes);
        return bytes[header..];
    }
}
