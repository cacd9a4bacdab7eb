// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data.Decoding;

/// <summary>What a decoder gives: blue, green, red and alpha of each pixel, row after row.</summary>
internal readonly record struct Picture(int Width, int Height, byte[] Pixels)
{
    public const int PixelBytes = 4;

    private const long MaxPixels = 1L << 27;

    /// <summary>Makes room for a picture whose size a file declares; null where it is none or too large.</summary>
    public static byte[] Reserve(long width, long height)
    {
        bool isSize = width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue;
        return isSize && width * height <= MaxPixels ? new byte[width * height * PixelBytes] : null;
    }
}
