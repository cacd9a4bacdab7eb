// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace MemoryServe;

/// <summary>Pixels of a picture and values a pixel.</summary>
internal readonly record struct PictureSize(int Width, int Height, int Channels)
{
    /// <summary>What a setting must be, as an error says it.</summary>
    public const string Expected = "width x height such as 28x28, with three channels such as 32x32x3, or none";

    private const string NoPixels = "none";
    private const int LongestSide = 4096;
    private const int LeastSide = 8;

    /// <summary>Values of a picture.</summary>
    public int ValueCount => Width * Height * Channels;

    /// <summary>Reads a setting.</summary>
    /// <param name="text">The setting.</param>
    /// <param name="size">Receives the size; null where vectors are no pixels.</param>
    public static bool TryParse(string text, out PictureSize? size)
    {
        size = null;
        if (text == NoPixels) return true;
        int[] numbers = [.. text.Split('x').Select(
            part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        bool isSize = numbers is [>= 1 and <= LongestSide, >= 1 and <= LongestSide]
            or [>= 1 and <= LongestSide, >= 1 and <= LongestSide, 1 or 3];
        if (isSize) size = new PictureSize(numbers[0], numbers[1], numbers.Length == 3 ? numbers[2] : 1);
        return isSize;
    }

    /// <summary>Gives the square picture that has so many values, grey or in colours; null where there is none.
    /// </summary>
    public static PictureSize? Square(int valueCount)
    {
        foreach (int channels in (int[])[1, 3])
        {
            int side = (int)Math.Sqrt(valueCount / channels);
            if (side is >= LeastSide and <= LongestSide && side * side * channels == valueCount)
                return new PictureSize(side, side, channels);
        }

        return null;
    }

    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}{(Channels == 3 ? "x3" : "")}");
}
