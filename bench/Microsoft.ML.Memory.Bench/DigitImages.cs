// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.IO.Compression;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Images and labels in gzipped idx files, 28 x 28 bytes an image, pixels as floats [n, 784].</summary>
internal sealed record DigitImages(float[] Pixels, int[] Labels)
{
    public const int Dimension = 784;

    private const int ImageHeader = 16;
    private const int LabelHeader = 8;

    public int Count => Labels.Length;

    /// <summary>Reads a part of a set; null where the data folder is not on this machine.</summary>
    /// <param name="set">Folder of the set, such as mnist.</param>
    /// <param name="part">Start of the file names, train or t10k.</param>
    public static DigitImages? Read(string set, string part)
    {
        if (DataFiles.Find(set) is not { } folder) return null;
        byte[] images = Inflate(Path.Combine(folder, part + "-images-idx3-ubyte.gz"));
        byte[] labels = Inflate(Path.Combine(folder, part + "-labels-idx1-ubyte.gz"));
        int count = BinaryPrimitives.ReadInt32BigEndian(images.AsSpan(4));
        if (images.Length != ImageHeader + (count * Dimension) || labels.Length != LabelHeader + count)
            throw new InvalidDataException(
                $"{set}/{part} must hold {count} images and labels. Got files of other sizes.");
        return new DigitImages(
            Array.ConvertAll(images[ImageHeader..], pixel => (float)pixel),
            Array.ConvertAll(labels[LabelHeader..], label => (int)label));
    }

    /// <summary>Gives the first rows.</summary>
    public DigitImages Take(int count) => Slice(0, count);

    /// <summary>Gives rows in the middle.</summary>
    public DigitImages Slice(int first, int count)
        => new(Pixels[(first * Dimension)..((first + count) * Dimension)], Labels[first..(first + count)]);

    private static byte[] Inflate(string path)
    {
        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var content = new MemoryStream();
        gzip.CopyTo(content);
        return content.ToArray();
    }
}
