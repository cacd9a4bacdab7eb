// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace ExampleData;

/// <summary>Labelled grey images of 28 x 28 pixels; the id of an image is its place in the set.</summary>
/// <param name="pixels">[n, 784], each 0 to 255.</param>
/// <param name="labels">[n], each an index into <paramref name="classNames"/>.</param>
/// <param name="classNames">Name of each class.</param>
internal sealed class ImageSet(byte[] pixels, byte[] labels, IReadOnlyList<string> classNames)
{
    public const int Side = 28;
    public const int PixelCount = Side * Side;

    public int Count => labels.Length;

    public IReadOnlyList<string> ClassNames => classNames;

    public string LabelOf(int id) => classNames[labels[id]];

    public ReadOnlySpan<byte> PixelsOf(int id) => pixels.AsSpan(id * PixelCount, PixelCount);

    /// <summary>Lists the ids of the images whose class fits a condition.</summary>
    public int[] Where(Func<string, bool> classFits)
        => [.. Enumerable.Range(0, Count).Where(id => classFits(classNames[labels[id]]))];

    /// <summary>Gives the first images only.</summary>
    public ImageSet Take(int count)
        => count >= Count ? this : new ImageSet(pixels[..(count * PixelCount)], labels[..count], classNames);

    /// <summary>Gives rows for ML.NET, made while they are read: one object serves a whole pass.</summary>
    /// <param name="ids">Which images; null gives all.</param>
    /// <param name="title">What the progress bar calls a pass.</param>
    public IEnumerable<ImageRow> Rows(string title, int[]? ids = null)
    {
        var progress = new ConsoleProgress(title);
        var row = new ImageRow();
        int count = ids?.Length ?? Count;
        for (int index = 0; index < count; index++)
        {
            int id = ids?[index] ?? index;
            row.Id = id;
            row.Label = LabelOf(id);
            ReadOnlySpan<byte> image = PixelsOf(id);
            for (int pixel = 0; pixel < PixelCount; pixel++) row.Features[pixel] = image[pixel];
            progress.Report(index + 1, count);
            yield return row;
        }
    }
}
