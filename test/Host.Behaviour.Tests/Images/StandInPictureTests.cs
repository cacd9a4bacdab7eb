// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Images;

/// <summary>Where the stand-in is stricter than the real host, or a guess.</summary>
[TestClass]
public sealed class StandInPictureTests
{
    // 8 x 8 pixels, compressed by libjpeg-turbo 2.1.5 from i * 7 mod 256.
    private const string CmykJpeg =
        "/9j/7gAOQWRvYmUAZAAAAAAC/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwP"
        + "FxgWFBgSFBUU/9sAQwEDBAQFBAUJBQUJFA0LDRQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU"
        + "/8AAFAgACAAIBAERAAIRAQMRAQQRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQEC"
        + "AwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hp"
        + "anN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX2"
        + "9/j5+v/EAB8BAAMBAQEBAQEBAQEAAAAAAAABAgMEBQYHCAkKC//EALURAAIBAgQEAwQHBQQEAAECdwABAgMRBAUhMQYSQVEHYXETIjKB"
        + "CBRCkaGxwQkjM1LwFWJy0QoWJDThJfEXGBkaJicoKSo1Njc4OTpDREVGR0hJSlNUVVZXWFlaY2RlZmdoaWpzdHV2d3h5eoKDhIWGh4iJ"
        + "ipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uLj5OXm5+jp6vLz9PX29/j5+v/aAA4EAQACEQMRBAAA"
        + "PwBh8Tahp+rzfDz45XDX2l3TeTpfjPUMeZZvgKsV7IR88TY/4+GJZGJMhKMXiVatSq0qcY0+WcbptPSS+y3HpJaptO0ly+6pKUp6UaSo"
        + "pxi2023q23dtt6tt2u9FtFaK0UkmReFtUtNdg+IHwKtft2lXW+41bwdYyKsli4VnaWyjJG+JtpH2dMurlRErIwSL/9k=";

    [TestInitialize]
    public void RequireStandIn()
    {
        if (!Pictures.AreOfStandIn)
            Assert.Inconclusive("The real host takes these pictures, or some of them.");
        Pictures.RequireDecoders();
    }

    [TestMethod]
    [DataRow("fish.png")]
    [DataRow("tomato.jpg")]
    public void CreateFromStream_truncated_sample_is_refused(string name)
    {
        byte[] file = File.ReadAllBytes(Pictures.Sample(name));

        foreach (int length in new[] { 100, file.Length / 2, file.Length - 300 })
            Assert.ThrowsExactly<ArgumentException>(() => Pictures.Decode(file[..length]), $"{length}");
    }

    [TestMethod]
    public void CreateFromStream_damaged_chunk_is_refused()
    {
        byte[] file = Png.Of(4, 4, Png.Grey, 8, new byte[16]);
        file[^20] ^= 1;

        Assert.ThrowsExactly<ArgumentException>(() => Pictures.Decode(file));
    }

    [TestMethod]
    public void CreateFromStream_four_printing_colours_are_refused() =>
        Assert.ThrowsExactly<ArgumentException>(() => Pictures.Decode(Convert.FromBase64String(CmykJpeg)));

    // As drawing libraries keep pictures; what is not opaque is not in the recorded behaviour.
    [TestMethod]
    public void Pixels_colours_are_multiplied_by_alpha()
    {
        using MLImage image = Pictures.Decode(Png.Of(2, 1, Png.Rgba, 8, [255, 100, 0, 128, 9, 9, 9, 0]));

        Assert.AreEqual("0,50,128,128 0,0,0,0", Pictures.Text(image));
    }

    [TestMethod]
    public void CreateFromStream_more_pixels_than_are_taken_is_refused()
    {
        byte[] rows = new byte[12_000 * (12_000 / 8)];

        Assert.ThrowsExactly<ArgumentException>(() => Pictures.Decode(Png.Of(12_000, 12_000, Png.Grey, 1, rows)));
    }
}
