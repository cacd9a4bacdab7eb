// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;

namespace MemoryServe;

/// <summary>Drawn digits, a few of them under a wrong name and a few of them twice.</summary>
internal sealed class PlantedMemory
{
    private const int DrawnCount = 600;
    private const int MislabelledCount = 8;
    private const int TwinCount = 5;
    private const int UnseenCount = 10;
    private const int DigitCount = 10;

    private readonly byte[] _pixels;
    private readonly byte[] _labels;

    private PlantedMemory(byte[] pixels, byte[] labels, ImageSet unseen)
    {
        _pixels = pixels;
        _labels = labels;
        Unseen = unseen;
    }

    public int Count => _labels.Length;

    /// <summary>Entries under a wrong name, no 3 among them, which others would take for the 8 that it is called.
    /// </summary>
    public static IEnumerable<int> Mislabelled
        => Enumerable.Range(0, MislabelledCount).Select(index => 70 + (index * 61)).Where(id => TruthOf(id) != 3);

    /// <summary>Entries that are there twice, and the second of each.</summary>
    public static IEnumerable<(int First, int Second)> Twins
        => Enumerable.Range(0, TwinCount).Select(index => (3 + (index * 101), DrawnCount + index));

    /// <summary>Digits that the memory does not hold.</summary>
    public ImageSet Unseen { get; }

    public static PlantedMemory Draw()
    {
        ImageSet drawn = DrawnDigits.Draw(DrawnCount, seed: 11);
        byte[] pixels = new byte[(DrawnCount + TwinCount) * ImageSet.PixelCount];
        byte[] labels = new byte[DrawnCount + TwinCount];
        for (int id = 0; id < DrawnCount; id++)
        {
            drawn.PixelsOf(id).CopyTo(pixels.AsSpan(id * ImageSet.PixelCount));
            labels[id] = TruthOf(id);
        }

        foreach ((int first, int second) in Twins)
        {
            drawn.PixelsOf(first).CopyTo(pixels.AsSpan(second * ImageSet.PixelCount));
            labels[second] = labels[first];
        }

        foreach (int id in Mislabelled) labels[id] = (byte)((labels[id] + 5) % DigitCount);
        return new PlantedMemory(pixels, labels, DrawnDigits.Draw(UnseenCount, seed: 12));
    }

    public static byte TruthOf(int id) => (byte)(id % DigitCount);

    public string LabelOf(int id) => ImageCatalog.Mnist.ClassNames[_labels[id]];

    public void Save(string path)
        => DemoModel.Save(new ImageSet(_pixels, _labels, ImageCatalog.Mnist.ClassNames), path);
}
