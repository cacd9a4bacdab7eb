// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;

namespace OnnxEncoderExample;

/// <summary>Moves images to the right and down.</summary>
internal static class MovedImages
{
    public static ImageSet Of(ImageSet images, int distance)
    {
        byte[] pixels = new byte[images.Count * ImageSet.PixelCount], labels = new byte[images.Count];
        for (int id = 0; id < images.Count; id++)
        {
            labels[id] = (byte)images.ClassNames.Index().First(name => name.Item == images.LabelOf(id)).Index;
            ReadOnlySpan<byte> image = images.PixelsOf(id);
            Span<byte> moved = pixels.AsSpan(id * ImageSet.PixelCount, ImageSet.PixelCount);
            for (int y = distance; y < ImageSet.Side; y++)
            {
                image.Slice((y - distance) * ImageSet.Side, ImageSet.Side - distance)
                    .CopyTo(moved[((y * ImageSet.Side) + distance)..]);
            }
        }

        return new ImageSet(pixels, labels, images.ClassNames);
    }
}
