// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What becomes of images that each carry their own size.</summary>
internal sealed class SizedImages
{
    private readonly EmbedOnnxOptions _options;
    private readonly ImageInputOptions _image;
    private readonly ImageTarget _target;

    /// <exception cref="ArgumentException">The options do not fit such images or the network.</exception>
    public SizedImages(EmbedOnnxOptions options, ImageInputOptions image, ImageTarget target, string columnName)
    {
        _options = options;
        _image = image;
        _target = target;
        ColumnName = columnName;
        if (image is not { Width: null, Height: null, Channels: null } && image.Resize != ImageResize.None)
        {
            throw new ArgumentException(
                $"EmbedOnnxOptions.Image.Width, Height and Channels must be null, since the images of column "
                + $"'{columnName}' carry their own. Got {image.Width ?? 0} x {image.Height ?? 0} x "
                + $"{image.Channels ?? 0}.");
        }

        if (target.ChannelCount is not (1 or 3))
        {
            throw new ArgumentException(
                $"The network must read 1 or 3 channels to be fed the images of column '{columnName}'. "
                + $"Got {target.ChannelCount}.");
        }

        PlanOf(target.Width, target.Height);
    }

    public string ColumnName { get; }

    /// <summary>Plans images of a size.</summary>
    public ImagePlan PlanOf(int width, int height)
        => new(_target, _image with { Width = width, Height = height, Channels = _target.ChannelCount });

    /// <summary>Refuses an image that is larger than it may be, before it is decoded.</summary>
    public void RequireSize(int width, int height, long row)
    {
        long pixels = (long)width * height;
        bool fits = width is >= 1 and <= ImageInputOptions.MostSide && height is >= 1 and <= ImageInputOptions.MostSide
            && pixels <= _options.MaxImagePixels;
        if (!fits)
        {
            throw new InvalidOperationException(
                $"Column '{ColumnName}' must hold images of at most {_options.MaxImagePixels} pixels and sides of at "
                + $"most {ImageInputOptions.MostSide}. Got {width} x {height} in row {row}. "
                + "Raise EmbedOnnxOptions.MaxImagePixels, or make them smaller.");
        }

        if (_image.Resize == ImageResize.None && (width != _target.Width || height != _target.Height))
        {
            throw new InvalidOperationException(
                $"Column '{ColumnName}' must hold images of {_target.Width} x {_target.Height} pixels, as the network "
                + $"reads, where EmbedOnnxOptions.Image.Resize is None. Got {width} x {height} in row {row}.");
        }
    }

    /// <summary>Refuses a file that is larger than it may be.</summary>
    public void RequireBytes(int count, long row)
    {
        if (count <= _options.MaxImageBytes) return;
        throw new InvalidOperationException(
            $"Column '{ColumnName}' must hold images of at most {_options.MaxImageBytes} bytes. Got {count} in row "
            + $"{row}. Raise EmbedOnnxOptions.MaxImageBytes, or make them smaller.");
    }

    /// <summary>Converts an image of four bytes a pixel.</summary>
    public void Convert(
        ReadOnlySpan<byte> pixels, int width, int height, PixelOrder order, ImageScratch scratch,
        Span<float> destination)
        => scratch.Of(width, height, this).Convert(pixels, order, isGrey: _target.ChannelCount == 1, destination);
}
