// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Images;

/// <summary>The sample pictures come out as other tools decode them.</summary>
/// <remarks>
/// Sums by pngtopnm (netpbm 11.1.0) and "djpeg -dct int -ppm" (libjpeg-turbo 2.1.5), each of blue, green and red;
/// the last one weighs pixel i by 1 + i mod 251 and its blue, green and red by 1, 2 and 3, so that places count.
/// Decoders of JPEG may round differently: those sums may differ by a thousandth.
/// </remarks>
[TestClass]
public sealed class SamplePictureTests
{
    private const double JpegRounding = 1e-3;

    [TestMethod]
    [DataRow("fish.png", 224, 224, 2938108, 5514686, 4058872, 3285868578)]
    [DataRow("fish_112.png", 112, 112, 732203, 1376044, 1012112, 818328693)]
    [DataRow("kitten_224.png", 224, 224, 9837282, 9867663, 10170362, 7562338233)]
    [DataRow("mnist_28.png", 28, 28, 38444, 38444, 38444, 32585076)]
    [DataRow("banana.jpg", 800, 288, 50721319, 55382102, 57071902, 41911381382)]
    [DataRow("hotdog.jpg", 800, 391, 49443153, 55477091, 66290834, 45259996912)]
    [DataRow("tomato.jpg", 800, 534, 78772802, 83290804, 103090897, 69872607406)]
    public void CreateFromFile_sample_has_the_pixels_of_other_tools(
        string name, int width, int height, long blue, long green, long red, long weighted)
    {
        Pictures.RequireDecoders();
        string path = Pictures.Sample(name);

        using MLImage image = MLImage.CreateFromFile(path);

        Assert.AreEqual((width, height, 32), (image.Width, image.Height, image.BitsPerPixel));
        double tolerance = name.EndsWith(".png", StringComparison.Ordinal) ? 0 : JpegRounding;
        long[] sums = Sums(image.GetBGRPixels);
        long[] expected = [blue, green, red, weighted];
        for (int i = 0; i < sums.Length; i++)
            Assert.AreEqual(expected[i], sums[i], expected[i] * tolerance, $"Sum {i} of {name}");
    }

    [TestMethod]
    [DataRow("kitten_224.png")]
    [DataRow("tomato.jpg")]
    public void Pixels_of_an_opaque_sample_are_its_colours_and_full_alpha(string name)
    {
        Pictures.RequireDecoders();
        string path = Pictures.Sample(name);

        using MLImage image = MLImage.CreateFromFile(path);

        byte[] pixels = image.Pixels.ToArray();
        Assert.HasCount(image.Width * image.Height * 4, pixels);
        Assert.IsTrue(pixels.Where((_, i) => i % 4 == 3).All(alpha => alpha == byte.MaxValue));
        byte[][] colours = [.. image.GetBGRPixels.Chunk(3)];
        int first = image.PixelFormat == MLPixelFormat.Rgba32 ? 2 : 0;
        CollectionAssert.AreEqual(
            colours.Select(colour => colour[first]).ToArray(), pixels.Where((_, i) => i % 4 == 0).ToArray());
        CollectionAssert.AreEqual(
            colours.Select(colour => colour[1]).ToArray(), pixels.Where((_, i) => i % 4 == 1).ToArray());
    }

    private static long[] Sums(byte[] colours)
    {
        long[] sums = new long[4];
        for (int i = 0; i < colours.Length / 3; i++)
        {
            for (int colour = 0; colour < 3; colour++)
            {
                sums[colour] += colours[i * 3 + colour];
                sums[3] += (i % 251 + 1) * (colour + 1) * colours[i * 3 + colour];
            }
        }
        return sums;
    }
}
