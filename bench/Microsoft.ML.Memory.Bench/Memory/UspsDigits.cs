// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.IO.Compression;

namespace Microsoft.ML.Memory.Bench;

/// <summary>The USPS test digits, 16 x 16, enlarged and centred as MNIST is, 28 x 28.</summary>
internal static class UspsDigits
{
    private const int Side = 16;
    private const int BoxSide = 20;
    private const int LargeSide = 28;
    private const int ImageHeader = 16;
    private const int LabelHeader = 8;

    /// <summary>Reads the digits; null where the data folder is not on this machine.</summary>
    public static DigitImages? Read()
    {
        if (DataFiles.Find("usps") is not { } folder) return null;
        byte[] images = Inflate(Path.Combine(folder, "usps-test-images-idx3-float.gz"));
        byte[] labels = Inflate(Path.Combine(folder, "usps-test-labels-idx1-ubyte.gz"))[LabelHeader..];
        float[] pixels = new float[labels.Length * LargeSide * LargeSide];
        float[] small = new float[Side * Side];
        for (int image = 0; image < labels.Length; image++)
        {
            int start = ImageHeader + (image * small.Length * sizeof(float));
            for (int pixel = 0; pixel < small.Length; pixel++)
                small[pixel] = BinaryPrimitives.ReadSingleBigEndian(images.AsSpan(start + (pixel * sizeof(float))));
            Enlarge(small, pixels.AsSpan(image * LargeSide * LargeSide, LargeSide * LargeSide));
        }

        return new DigitImages(pixels, Array.ConvertAll(labels, label => (int)label));
    }

    /// <summary>
    /// Enlarges to the 20 x 20 box of MNIST, then puts the centre of mass in the middle, as MNIST does.
    /// </summary>
    private static void Enlarge(float[] small, Span<float> large)
    {
        const double Scale = (double)Side / BoxSide;
        Span<float> box = stackalloc float[BoxSide * BoxSide];
        double mass = 0, massX = 0, massY = 0;
        for (int pixel = 0; pixel < box.Length; pixel++)
        {
            double x = Math.Clamp((((pixel % BoxSide) + 0.5) * Scale) - 0.5, 0, Side - 1);
            double y = Math.Clamp((((pixel / BoxSide) + 0.5) * Scale) - 0.5, 0, Side - 1);
            int left = Math.Min((int)x, Side - 2), top = Math.Min((int)y, Side - 2);
            double right = x - left, below = y - top;
            int corner = (top * Side) + left;
            box[pixel] = (float)(255 * (
                ((1 - right) * (1 - below) * small[corner]) + (right * (1 - below) * small[corner + 1])
                + ((1 - right) * below * small[corner + Side]) + (right * below * small[corner + Side + 1])));
            mass += box[pixel];
            massX += box[pixel] * (pixel % BoxSide);
            massY += box[pixel] * (pixel / BoxSide);
        }

        int offsetX = Math.Clamp((int)Math.Round(((LargeSide - 1) / 2.0) - (massX / mass)), 0, LargeSide - BoxSide);
        int offsetY = Math.Clamp((int)Math.Round(((LargeSide - 1) / 2.0) - (massY / mass)), 0, LargeSide - BoxSide);
        for (int y = 0; y < BoxSide; y++)
            box.Slice(y * BoxSide, BoxSide).CopyTo(large[(((y + offsetY) * LargeSide) + offsetX)..]);
    }

    private static byte[] Inflate(string path)
    {
        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var content = new MemoryStream();
        gzip.CopyTo(content);
        return content.ToArray();
    }
}
