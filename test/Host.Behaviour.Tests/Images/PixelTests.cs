// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Images;

/// <summary>Pictures of pixels that are there already.</summary>
[TestClass]
public sealed class PixelTests
{
    private static readonly byte[] _two = [1, 2, 3, 255, 4, 5, 6, 255];

    [TestInitialize]
    public void RequireDecoders() => Pictures.RequireDecoders();

    [TestMethod]
    public void CreateFromPixels_keeps_size_format_and_pixels()
    {
        using MLImage image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, _two);

        Assert.AreEqual((2, 1, 32), (image.Width, image.Height, image.BitsPerPixel));
        Assert.AreEqual(MLPixelFormat.Bgra32, image.PixelFormat);
        CollectionAssert.AreEqual(_two, image.Pixels.ToArray());
        Assert.IsNull(image.Tag);
    }

    [TestMethod]
    public void CreateFromPixels_later_changes_do_not_show()
    {
        byte[] pixels = [.. _two];
        using MLImage image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, pixels);

        pixels[0] = 99;

        CollectionAssert.AreEqual(_two, image.Pixels.ToArray());
    }

    [TestMethod]
    [DataRow(MLPixelFormat.Bgra32, new byte[] { 1, 2, 3, 4, 5, 6 })]
    [DataRow(MLPixelFormat.Rgba32, new byte[] { 3, 2, 1, 6, 5, 4 })]
    public void GetBGRPixels_is_blue_first_whatever_the_format(MLPixelFormat format, byte[] expected)
    {
        using MLImage image = MLImage.CreateFromPixels(2, 1, format, _two);

        CollectionAssert.AreEqual(expected, image.GetBGRPixels);
    }

    [TestMethod]
    [DataRow(0, 1)]
    [DataRow(1, 0)]
    [DataRow(-1, 1)]
    [DataRow(3, 1)]
    public void CreateFromPixels_size_that_does_not_fit_throws(int width, int height) =>
        Assert.Throws<ArgumentException>(() => MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, _two));

    [TestMethod]
    public void CreateFromPixels_unknown_format_throws() =>
        Assert.Throws<ArgumentException>(() => MLImage.CreateFromPixels(2, 1, MLPixelFormat.Unknown, _two));

    [TestMethod]
    public void Tag_is_kept()
    {
        using MLImage image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, _two);

        image.Tag = "left";

        Assert.AreEqual("left", image.Tag);
    }

    [TestMethod]
    public void Width_of_a_disposed_picture_throws()
    {
        MLImage image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, _two);

        image.Dispose();
        image.Dispose();

        Assert.Throws<InvalidOperationException>(() => image.Width);
    }

    [TestMethod]
    public void CreateFromStream_starts_where_the_stream_stands_and_leaves_it_open()
    {
        byte[] file = Png.Of(1, 1, Png.Grey, 8, [7]);
        MemoryStream stream = new([1, 2, 3, .. file, 4, 5]) { Position = 3 };

        using MLImage image = MLImage.CreateFromStream(stream);

        Assert.AreEqual("7,7,7,255", Pictures.Text(image));
        Assert.IsTrue(stream.CanRead);
    }
}
