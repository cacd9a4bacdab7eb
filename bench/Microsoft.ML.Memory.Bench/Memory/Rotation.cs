// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>Turns images about their centre, bilinearly, with black beyond the edge.</summary>
internal static class Rotation
{
    private const int Side = 28;
    private const double Center = (Side - 1) / 2.0;

    public static DigitImages Turn(DigitImages images, double degrees)
    {
        if (degrees == 0) return images;
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        float[] turned = new float[images.Pixels.Length];
        for (int start = 0; start < turned.Length; start += DigitImages.Dimension)
        {
            ReadOnlySpan<float> image = images.Pixels.AsSpan(start, DigitImages.Dimension);
            for (int pixel = 0; pixel < DigitImages.Dimension; pixel++)
            {
                double x = (pixel % Side) - Center, y = (pixel / Side) - Center;
                turned[start + pixel] = At(image, (cos * x) - (sin * y) + Center, (sin * x) + (cos * y) + Center);
            }
        }

        return images with { Pixels = turned };
    }

    private static float At(ReadOnlySpan<float> image, double x, double y)
    {
        int left = (int)Math.Floor(x), top = (int)Math.Floor(y);
        double right = x - left, below = y - top;
        return MathF.Floor((float)(
            ((1 - right) * (1 - below) * Pixel(image, left, top))
            + (right * (1 - below) * Pixel(image, left + 1, top))
            + ((1 - right) * below * Pixel(image, left, top + 1))
            + (right * below * Pixel(image, left + 1, top + 1)) + 0.5));
    }

    private static double Pixel(ReadOnlySpan<float> image, int x, int y)
        => (uint)x < Side && (uint)y < Side ? image[(y * Side) + x] : 0;
}
