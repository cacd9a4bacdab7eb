// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>How a vector is read as pixels: [height, width, channel].</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows, from the top.</param>
/// <param name="Channels">1 for grey; 3 for red, green and blue.</param>
/// <param name="Low">The value that is dark.</param>
/// <param name="High">The value that is bright.</param>
internal sealed record PictureShape(int Width, int Height, int Channels, float Low, float High)
{
    private const int StripWidth = 32;

    /// <summary>Draws a vector as the picture that it is.</summary>
    /// <returns>A PNG file.</returns>
    public byte[] Draw(ReadOnlySpan<float> vector)
        => PngFile.Write(Width, Height, Channels, Bytes(vector, vector.Length, Low, High));

    /// <summary>Draws a vector that is no picture: a grey cell a value, from its least to its largest.</summary>
    /// <returns>A PNG file.</returns>
    public static byte[] DrawStrip(ReadOnlySpan<float> vector)
    {
        float low = float.MaxValue;
        float high = float.MinValue;
        foreach (float value in vector)
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        int width = Math.Min(vector.Length, Math.Max(StripWidth, (int)Math.Ceiling(Math.Sqrt(vector.Length))));
        int height = (vector.Length + width - 1) / width;
        return PngFile.Write(width, height, 1, Bytes(vector, width * height, low, high));
    }

    /// <summary>Gives a byte a value, and dark ones after the last; values out of range are dark or bright.</summary>
    private static byte[] Bytes(ReadOnlySpan<float> vector, int count, float low, float high)
    {
        byte[] bytes = new byte[count];
        double range = (double)high - low;
        for (int place = 0; place < vector.Length && range > 0; place++)
            bytes[place] = (byte)Math.Round(255 * Math.Clamp((vector[place] - (double)low) / range, 0, 1));
        return bytes;
    }
}
