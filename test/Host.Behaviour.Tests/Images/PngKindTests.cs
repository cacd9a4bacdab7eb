// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Images;

/// <summary>Every kind of PNG comes out as four bytes a pixel.</summary>
[TestClass]
public sealed class PngKindTests
{
    [TestInitialize]
    public void RequireDecoders() => Pictures.RequireDecoders();

    [TestMethod]
    public void Grey_of_8_bits() => Check(
        Png.Of(3, 1, Png.Grey, 8, [0, 100, 255]), "0,0,0,255 100,100,100,255 255,255,255,255");

    [TestMethod]
    public void Grey_of_1_bit() => Check(
        Png.Of(4, 2, Png.Grey, 1, [0b0101_0000, 0b1010_0000]),
        "0,0,0,255 255,255,255,255 0,0,0,255 255,255,255,255 "
        + "255,255,255,255 0,0,0,255 255,255,255,255 0,0,0,255");

    [TestMethod]
    public void Colours_of_16_bits() => Check(
        Png.Of(2, 1, Png.Rgb, 16, [0, 0, 0xFF, 0xFF, 0x80, 0x80, 0x10, 0x10, 0x20, 0x20, 0x30, 0x30]),
        "128,255,0,255 48,32,16,255");

    [TestMethod]
    public void Palette_of_2_bits() => Check(
        Png.Of(3, 1, Png.Palette, 2, [0b00_01_10_00], Png.Chunk("PLTE", 1, 2, 3, 10, 20, 30, 255, 0, 0)),
        "3,2,1,255 30,20,10,255 0,0,255,255");

    [TestMethod]
    public void Palette_with_a_transparent_entry() => Check(
        Png.Of(2, 1, Png.Palette, 8, [0, 1], Png.Chunk("PLTE", 1, 2, 3, 0, 0, 0), Png.Chunk("tRNS", 255, 0)),
        "3,2,1,255 0,0,0,0");

    [TestMethod]
    public void Grey_with_alpha() => Check(Png.Of(2, 1, Png.GreyAlpha, 8, [70, 255, 0, 0]), "70,70,70,255 0,0,0,0");

    [TestMethod]
    public void Interlaced_greys_lie_where_they_belong()
    {
        byte[] greys = [.. Enumerable.Range(0, 9 * 11).Select(i => (byte)(i * 2))];

        using MLImage image = Pictures.Decode(Png.InterlacedGreys(9, 11, greys));

        Assert.AreEqual((9, 11), (image.Width, image.Height));
        CollectionAssert.AreEqual(greys, image.GetBGRPixels.Where((_, i) => i % 3 == 0).ToArray());
    }

    [TestMethod]
    public void Gamma_and_colour_space_leave_the_stored_values() => Check(
        Png.Of(2, 1, Png.Grey, 8, [60, 200], Png.Chunk("gAMA", 0, 1, 0x86, 0xA0)),
        "60,60,60,255 200,200,200,255");

    private static void Check(byte[] file, string expected)
    {
        using MLImage image = Pictures.Decode(file);

        Assert.AreEqual(expected, Pictures.Text(image));
    }
}
