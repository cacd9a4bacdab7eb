// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Images;

[TestClass]
public sealed class ImageHeaderTests
{
    [TestMethod]
    public void SizeOf_a_png_is_in_its_first_chunk() =>
        Assert.AreEqual((5, 7), ImageHeader.SizeOf(PngFile.Write(5, 7, new byte[105])));

    [TestMethod]
    public void SizeOf_a_jpeg_is_in_its_frame_behind_other_segments()
    {
        byte[] jpeg =
        [
            0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF, 0xC4, 0, 3, 9, 0xFF, 0xC2, 0, 8, 8, 1, 2, 3, 4, 5,
        ];

        Assert.AreEqual((0x0304, 0x0102), ImageHeader.SizeOf(jpeg));
    }

    [TestMethod]
    [DataRow("hotdog.jpg")]
    [DataRow("banana.jpg")]
    public void SizeOf_a_photo_is_found(string name)
    {
        (int width, int height) = ImageHeader.SizeOf(File.ReadAllBytes(RealData.Path("images", name)))!.Value;

        Assert.IsTrue(width >= 100 && height >= 100 && width <= 5000 && height <= 5000);
    }

    [TestMethod]
    public void SizeOf_other_or_cut_bytes_is_unknown()
    {
        byte[] png = PngFile.Write(2, 2, new byte[12]);

        Assert.IsNull(ImageHeader.SizeOf([]));
        Assert.IsNull(ImageHeader.SizeOf("GIF89a"u8));
        Assert.IsNull(ImageHeader.SizeOf(png.AsSpan(0, 20)));
        Assert.IsNull(ImageHeader.SizeOf([0xFF, 0xD8, 0xFF, 0xC0, 0, 8, 8, 0]));
        Assert.IsNull(ImageHeader.SizeOf([0xFF, 0xD8, 0xFF, 0xE0, 0, 1]));
        Assert.IsNull(ImageHeader.SizeOf([0xFF, 0xD8, 0xFF, 0xDA, 0, 4, 0, 0]));
    }
}
