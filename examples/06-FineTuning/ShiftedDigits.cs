// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;

namespace FineTuningExample;

/// <summary>Digits as the backbone has not seen them: turned by a quarter, dark on a light ground.</summary>
internal static class ShiftedDigits
{
    public static ImageSet Draw(int count, int seed)
    {
        ImageSet upright = DrawnDigits.Draw(count, seed);
        byte[] pixels = new byte[count * ImageSet.PixelCount];
        byte[] labels = new byte[count];
        for (int id = 0; id < count; id++)
        {
            ReadOnlySpan<byte> image = upright.PixelsOf(id);
            labels[id] = (byte)(id % upright.ClassNames.Count); // as they are drawn, in turn
            for (int pixel = 0; pixel < ImageSet.PixelCount; pixel++)
            {
                (int y, int x) = Math.DivRem(pixel, ImageSet.Side);
                byte from = image[(x * ImageSet.Side) + ImageSet.Side - 1 - y];
                pixels[(id * ImageSet.PixelCount) + pixel] = (byte)(byte.MaxValue - from);
            }
        }

        return new ImageSet(pixels, labels, upright.ClassNames);
    }
}
