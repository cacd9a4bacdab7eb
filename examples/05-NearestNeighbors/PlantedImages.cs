// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;

namespace NearestNeighborsExample;

/// <summary>Images with copies of some of them behind: every other copy is exact, the rest are a bit noisy.</summary>
internal sealed class PlantedImages
{
    private const int Noise = 3; // grey levels up or down

    private PlantedImages(ImageSet images, long firstCopy)
    {
        Images = images;
        FirstCopy = firstCopy;
    }

    /// <summary>The images, then the copies.</summary>
    public ImageSet Images { get; }

    /// <summary>Id of the first copy: those after it are copies as well.</summary>
    public long FirstCopy { get; }

    public static PlantedImages Of(ImageSet images, int copies, int seed)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[(images.Count + copies) * ImageSet.PixelCount];
        byte[] labels = new byte[images.Count + copies];
        for (int id = 0; id < labels.Length; id++)
        {
            int copy = id - images.Count;
            int source = copy < 0 ? id : random.Next(images.Count);
            Span<byte> image = pixels.AsSpan(id * ImageSet.PixelCount, ImageSet.PixelCount);
            images.PixelsOf(source).CopyTo(image);
            labels[id] = (byte)IndexOf(images.ClassNames, images.LabelOf(source));
            if (copy < 0 || copy % 2 == 0) continue;
            foreach (ref byte pixel in image)
                pixel = (byte)Math.Clamp(pixel + random.Next(-Noise, Noise + 1), byte.MinValue, byte.MaxValue);
        }

        return new PlantedImages(new ImageSet(pixels, labels, images.ClassNames), images.Count);
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
        => Enumerable.Range(0, names.Count).First(index => names[index] == name);
}
