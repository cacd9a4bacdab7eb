// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;

namespace AdaNpcExample;

/// <summary>Turns images about their centre, bilinearly, with black beyond the edge.</summary>
internal static class Turning
{
    private const double Center = (ImageSet.Side - 1) / 2.0;

    public static IEnumerable<ImageRow> Rows(ImageSet images, IEnumerable<int> ids, double degrees)
    {
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        foreach (int id in ids)
        {
            var row = new ImageRow { Id = id, Label = images.LabelOf(id) };
            for (int pixel = 0; pixel < ImageSet.PixelCount; pixel++)
            {
                double x = (pixel % ImageSet.Side) - Center, y = (pixel / ImageSet.Side) - Center;
                row.Features[pixel] = At(
                    images.PixelsOf(id), (cos * x) - (sin * y) + Center, (sin * x) + (cos * y) + Center);
            }

            yield return row;
        }
    }

    private static float At(ReadOnlySpan<byte> image, double x, double y)
    {
        int left = (int)Math.Floor(x), top = (int)Math.Floor(y);
        double right = x - left, below = y - top;
        return (float)(
            ((1 - right) * (1 - below) * Pixel(image, left, top))
            + (right * (1 - below) * Pixel(image, left + 1, top))
            + ((1 - right) * below * Pixel(image, left, top + 1))
            + (right * below * Pixel(image, left + 1, top + 1)));
    }

    private static double Pixel(ReadOnlySpan<byte> image, int x, int y)
        => (uint)x < ImageSet.Side && (uint)y < ImageSet.Side ? image[(y * ImageSet.Side) + x] : 0;
}
