// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What one thread needs for images: the converters of the sizes met last.</summary>
internal sealed class ImageScratch
{
    private const int MostSizes = 8;
    private readonly List<(ImagePlan Plan, ImageConverter Converter)> _converters = [];
    private readonly ImageBuffers _buffers = new();

    /// <summary>Pixels of a decoded image; grows with them.</summary>
    public byte[] Pixels { get; set; } = [];

    /// <summary>Gives the converter of a plan.</summary>
    public ImageConverter Of(ImagePlan plan, string columnName)
        => Find(known => ReferenceEquals(known, plan))
            ?? Keep(plan, new ImageConverter(plan, columnName, _buffers));

    /// <summary>Gives the converter of images of a size.</summary>
    public ImageConverter Of(int width, int height, SizedImages images)
    {
        ImageConverter? known = Find(plan => plan.SourceWidth == width && plan.SourceHeight == height);
        if (known is not null) return known;
        ImagePlan plan = images.PlanOf(width, height);
        return Keep(plan, new ImageConverter(plan, images.ColumnName, _buffers));
    }

    private ImageConverter? Find(Predicate<ImagePlan> fits)
    {
        int at = _converters.FindIndex(known => fits(known.Plan));
        if (at < 0) return null;
        (ImagePlan, ImageConverter Converter) found = _converters[at];
        if (at == 0) return found.Converter;
        _converters.RemoveAt(at);
        _converters.Insert(0, found);
        return found.Converter;
    }

    private ImageConverter Keep(ImagePlan plan, ImageConverter converter)
    {
        _converters.Insert(0, (plan, converter));
        if (_converters.Count > MostSizes) _converters.RemoveAt(MostSizes);
        return converter;
    }
}
