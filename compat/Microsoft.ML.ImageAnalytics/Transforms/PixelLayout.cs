// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Which bytes of the pixels make a vector, in which order and scale.</summary>
internal sealed class PixelLayout
{
    private const int PixelBytes = 4;

    // Places of the colours in a Bgra32 pixel.
    private const int Blue = 0;
    private const int Green = 1;
    private const int Red = 2;
    private const int Alpha = 3;

    private readonly int[] _planes;

    public PixelLayout(
        ImagePixelExtractingEstimator.ColorBits colors,
        ImagePixelExtractingEstimator.ColorsOrder order,
        bool isInterleaved,
        float offset,
        float scale,
        bool isFloat)
    {
        if ((colors & ImagePixelExtractingEstimator.ColorBits.All) == 0
            || (colors & ~ImagePixelExtractingEstimator.ColorBits.All) != 0)
            throw new ArgumentOutOfRangeException(nameof(colors), "At least one colour must be extracted.");
        Colors = colors;
        Order = order;
        IsInterleaved = isInterleaved;
        Offset = offset;
        Scale = scale;
        IsFloat = isFloat;
        _planes = [.. PlacesOf(order).Where(place => (colors & BitOf(place)) != 0)];
    }

    public ImagePixelExtractingEstimator.ColorBits Colors { get; }

    public ImagePixelExtractingEstimator.ColorsOrder Order { get; }

    public bool IsInterleaved { get; }

    public float Offset { get; }

    public float Scale { get; }

    public bool IsFloat { get; }

    public PrimitiveDataViewType ItemType => IsFloat ? NumberDataViewType.Single : NumberDataViewType.Byte;

    public VectorDataViewType TypeFor(ImageDataViewType image) => IsInterleaved
        ? new VectorDataViewType(ItemType, image.Height, image.Width, _planes.Length)
        : new VectorDataViewType(ItemType, _planes.Length, image.Height, image.Width);

    /// <summary>The plan's bytes of a picture, before offset and scale.</summary>
    public void Extract(MLImage image, Span<byte> values)
    {
        ReadOnlySpan<byte> pixels = image.Pixels;
        bool redFirst = image.PixelFormat == MLPixelFormat.Rgba32;
        int count = pixels.Length / PixelBytes;
        for (int plane = 0; plane < _planes.Length; plane++)
        {
            int from = redFirst && _planes[plane] != Alpha ? Red - _planes[plane] : _planes[plane];
            int to = IsInterleaved ? plane : plane * count;
            int step = IsInterleaved ? _planes.Length : 1;
            for (int pixel = 0; pixel < count; pixel++, from += PixelBytes, to += step)
                values[to] = pixels[from];
        }
    }

    private static int[] PlacesOf(ImagePixelExtractingEstimator.ColorsOrder order) => order switch
    {
        ImagePixelExtractingEstimator.ColorsOrder.ARGB => [Alpha, Red, Green, Blue],
        ImagePixelExtractingEstimator.ColorsOrder.ARBG => [Alpha, Red, Blue, Green],
        ImagePixelExtractingEstimator.ColorsOrder.ABRG => [Alpha, Blue, Red, Green],
        ImagePixelExtractingEstimator.ColorsOrder.ABGR => [Alpha, Blue, Green, Red],
        ImagePixelExtractingEstimator.ColorsOrder.AGRB => [Alpha, Green, Red, Blue],
        ImagePixelExtractingEstimator.ColorsOrder.AGBR => [Alpha, Green, Blue, Red],
        _ => throw new ArgumentOutOfRangeException(nameof(order), "The order must be one of those that have names."),
    };

    private static ImagePixelExtractingEstimator.ColorBits BitOf(int place) => place switch
    {
        Blue => ImagePixelExtractingEstimator.ColorBits.Blue,
        Green => ImagePixelExtractingEstimator.ColorBits.Green,
        Red => ImagePixelExtractingEstimator.ColorBits.Red,
        _ => ImagePixelExtractingEstimator.ColorBits.Alpha,
    };
}
