// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace ExampleData;

/// <summary>Draws digits for when there is no data: strokes with a shaky hand, the same for the same seed.</summary>
internal static class DrawnDigits
{
    /// <summary>Points of each digit's strokes as xy on a grid of 0 to 9, strokes parted by a bar.</summary>
    private static readonly string[] _strokes =
    [
        "51 72 74 76 78 59 38 36 34 32 51",
        "33 51 59",
        "33 41 61 73 65 47 39 79",
        "32 51 72 63 45 65 77 59 38",
        "51 46 26 76|63 69",
        "71 41 34 54 76 68 49 38",
        "61 43 37 49 67 65 45 36",
        "31 71 49",
        "51 33 55 77 59 37 55 73 51",
        "73 51 33 45 65 73 69",
    ];

    /// <summary>Draws images of the ten digits in turn.</summary>
    public static ImageSet Draw(int count, int seed)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[count * ImageSet.PixelCount];
        byte[] labels = new byte[count];
        for (int index = 0; index < count; index++)
        {
            labels[index] = (byte)(index % _strokes.Length);
            Draw(_strokes[labels[index]], random, pixels.AsSpan(index * ImageSet.PixelCount, ImageSet.PixelCount));
        }

        return new ImageSet(pixels, labels, ImageCatalog.Mnist.ClassNames);
    }

    private static void Draw(string strokes, Random random, Span<byte> image)
    {
        double angle = Between(random, -0.35, 0.35);
        double size = Between(random, 1.7, 2.5);
        double stretch = Between(random, 0.8, 1.2);
        double slant = Between(random, -0.3, 0.3);
        double thickness = Between(random, 0.7, 1.7);
        (double X, double Y) center = (Between(random, 12.5, 14.5), Between(random, 12.5, 14.5));

        foreach (string stroke in strokes.Split('|'))
        {
            (double X, double Y)? former = null;
            foreach (string point in stroke.Split(' '))
            {
                double x = (point[0] - '5' + Between(random, -0.7, 0.7)) * size * stretch;
                double y = (point[1] - '5' + Between(random, -0.7, 0.7)) * size / stretch;
                x += slant * y;
                (double X, double Y) at = (
                    center.X + (x * Math.Cos(angle)) - (y * Math.Sin(angle)),
                    center.Y + (x * Math.Sin(angle)) + (y * Math.Cos(angle)));
                if (former is { } from) DrawLine(image, from, at, thickness);
                former = at;
            }
        }
    }

    private static void DrawLine(Span<byte> image, (double X, double Y) from, (double X, double Y) to, double thickness)
    {
        (double dx, double dy) = (to.X - from.X, to.Y - from.Y);
        double squaredLength = Math.Max((dx * dx) + (dy * dy), 1e-9); // both ends may coincide
        for (int index = 0; index < image.Length; index++)
        {
            (double x, double y) = ((index % ImageSet.Side) - from.X, (index / ImageSet.Side) - from.Y);
            double along = Math.Clamp(((x * dx) + (y * dy)) / squaredLength, 0, 1);
            double distance = double.Hypot(x - (along * dx), y - (along * dy));
            double ink = Math.Clamp(thickness + 0.5 - distance, 0, 1);
            image[index] = Math.Max(image[index], (byte)(255 * ink));
        }
    }

    private static double Between(Random random, double low, double high) => low + ((high - low) * random.NextDouble());
}
