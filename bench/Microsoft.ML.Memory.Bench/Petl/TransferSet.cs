// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Few labelled images of another kind than the backbone was pretrained on: 1,000 to train, the rest to test.
/// </summary>
/// <param name="Name">Name in the report.</param>
/// <param name="Train">Rows [784] of pixels in [-1, 1], and their classes.</param>
/// <param name="Test">The same, never trained on.</param>
internal sealed record TransferSet(string Name, TransferRow[] Train, TransferRow[] Test)
{
    private const int Side = 28;
    private const int TrainCount = 1000;
    private const int TestCount = 1000;
    private const int CifarSide = 32;
    private const int CifarBytes = 1 + (3 * CifarSide * CifarSide);

    /// <summary>Reads what is on this machine.</summary>
    public static IEnumerable<TransferSet> All()
    {
        if (DigitImages.Read("mnist", "train") is { } digits && DigitImages.Read("mnist", "t10k") is { } digitTest)
            yield return new("MNIST", Rows(digits.Take(TrainCount)), Rows(digitTest.Take(TestCount)));
        if (UspsDigits.Read() is { } usps)
        {
            TransferRow[] rows = Rows(usps);
            yield return new("USPS", rows[..TrainCount], rows[^TestCount..]);
        }

        if (DataFiles.Find("cifar10") is { } folder)
        {
            TransferRow[] train = Cifar(Path.Combine(folder, "cifar10_train_2000.bin.gz"));
            yield return new("CIFAR-10", train[..TrainCount], Cifar(Path.Combine(folder, "cifar10_test_1000.bin.gz")));
        }
    }

    private static TransferRow[] Rows(DigitImages images) =>
    [
        .. Enumerable.Range(0, images.Count).Select(i => new TransferRow
        {
            Label = (uint)images.Labels[i],
            Features = Array.ConvertAll(
                images.Pixels[(i * DigitImages.Dimension)..((i + 1) * DigitImages.Dimension)], p => (p / 127.5f) - 1),
        }),
    ];

    // Grey, and the middle 28 x 28 of 32 x 32.
    private static TransferRow[] Cifar(string path)
    {
        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var content = new MemoryStream();
        gzip.CopyTo(content);
        return [.. content.ToArray().Chunk(CifarBytes).Select(Grey)];
    }

    private static TransferRow Grey(byte[] image)
    {
        const int margin = (CifarSide - Side) / 2, plane = CifarSide * CifarSide;
        var pixels = new float[Side * Side];
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                int at = 1 + ((y + margin) * CifarSide) + x + margin;
                float grey = (0.299f * image[at]) + (0.587f * image[at + plane]) + (0.114f * image[at + (2 * plane)]);
                pixels[(y * Side) + x] = (grey / 127.5f) - 1;
            }
        }

        return new TransferRow { Label = image[0], Features = pixels };
    }
}

/// <summary>One image as ML.NET reads it.</summary>
internal sealed class TransferRow
{
    public uint Label { get; set; }

    [VectorType(DigitImages.Dimension)]
    public float[] Features { get; set; } = [];
}
