// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The pixels of an image on a contact sheet.</summary>
/// <remarks>The pixels are not copied: they must not change while a sheet is drawn.</remarks>
public sealed class SheetImage
{
    /// <summary>Checks and keeps the pixels.</summary>
    /// <param name="width">Pixels in a row, in [1, 4096].</param>
    /// <param name="height">Rows, in [1, 4096].</param>
    /// <param name="pixels">
    /// Rows from the top, 0 dark and 255 bright: [height, width] grey, or [height, width, 3] red, green and blue.
    /// </param>
    /// <exception cref="ArgumentException">A size is out of range or the number of pixels is neither.</exception>
    public SheetImage(int width, int height, ReadOnlyMemory<byte> pixels)
    {
        const int LongestSide = 4096;
        if (width is < 1 or > LongestSide || height is < 1 or > LongestSide)
            throw new ArgumentException(
                $"SheetImage's width and height must be in [1, {LongestSide}]. Got {width} and {height}.");
        if (pixels.Length != width * height && pixels.Length != width * height * 3)
        {
            throw new ArgumentException(
                $"pixels must be {width * height} grey or {width * height * 3} colour values long for "
                + $"[{height}, {width}]. Got {pixels.Length}.",
                nameof(pixels));
        }

        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>[height, width] grey, or [height, width, 3] red, green and blue.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }

    /// <summary>Whether the pixels have three values each.</summary>
    public bool IsColored => Pixels.Length != Width * Height;
}
