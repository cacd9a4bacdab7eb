// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What an image column holds, and how it becomes what a network was pretrained on.</summary>
/// <remarks>
/// <para>A pixel v becomes (v · <see cref="Scale"/> - mean) / deviation of its channel, after resizing. A grey image
/// is given to each of the three channels of a network for colours.</para>
/// <para>Images that carry their own size (MLImage, encoded bytes) need no <see cref="Width"/>, <see cref="Height"/>,
/// <see cref="Channels"/> or <see cref="Layout"/>; their pixels are bytes, from 0 to 255.</para>
/// <para>Two records are equal where all values are, their lists being the same ones.</para>
/// </remarks>
public sealed record ImageInputOptions
{
    /// <summary>Largest side of an image.</summary>
    internal const int MostSide = 1 << 14;

    internal const int MostChannels = 64;

    /// <summary>Pixels of a row in the column; null, the default, is the network's own size.</summary>
    public int? Width { get; init; }

    /// <summary>Rows of pixels in the column; null, the default, is the network's own size.</summary>
    public int? Height { get; init; }

    /// <summary>Channels in the column: those of the network, or 1 for a network of 3; null, the default, is the
    /// network's own number.</summary>
    public int? Channels { get; init; }

    /// <summary>Order of the numbers. Default planar.</summary>
    public ImageLayout Layout { get; init; } = ImageLayout.Planar;

    /// <summary>Order in which the network reads colours; the column's is red, green, blue. Default the same.</summary>
    public ImageChannelOrder ChannelOrder { get; init; } = ImageChannelOrder.Rgb;

    /// <summary>Factor that brings pixels to [0, 1], above 0: 1/255 for bytes. Default 1.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>What is taken off each channel after scaling: one number for all or one for each, in the network's
    /// order; empty, the default, takes off nothing.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [];

    /// <summary>What each channel is then divided by, above 0: one number for all or one for each, in the network's
    /// order; empty, the default, divides by nothing.</summary>
    public IReadOnlyList<double> StandardDeviation { get; init; } = [];

    /// <summary>How images of another size are treated. Default not resized.</summary>
    public ImageResize Resize { get; init; } = ImageResize.None;

    /// <summary>
    /// Length in pixels that the shorter side gets before the centre is cut out, at least the network's size; null,
    /// the default, is the network's size. Only with <see cref="ImageResize.ShortestSideThenCrop"/>.
    /// </summary>
    public int? ShortestSide { get; init; }

    /// <summary>Kernel of resizing. Default bilinear.</summary>
    public ImageFilter Filter { get; init; } = ImageFilter.Bilinear;

    internal void Validate(OptionViolations violations)
    {
        violations.Require(IsSide(Width), "Image.Width", "null or from 1 to 16384", Width);
        violations.Require(IsSide(Height), "Image.Height", "null or from 1 to 16384", Height);
        violations.Require(
            Channels is null or (>= 1 and <= MostChannels), "Image.Channels", "null or from 1 to 64",
            Channels);
        violations.Require(Enum.IsDefined(Layout), "Image.Layout", "one of ImageLayout", Layout);
        violations.Require(
            Enum.IsDefined(ChannelOrder), "Image.ChannelOrder", "one of ImageChannelOrder", ChannelOrder);
        violations.RequirePositive(Scale, "Image.Scale");
        violations.Require(
            Mean is not null && Mean.All(double.IsFinite), "Image.Mean", "a list of finite numbers", Shown(Mean));
        violations.Require(
            StandardDeviation is not null && StandardDeviation.All(d => d > 0 && double.IsFinite(d)),
            "Image.StandardDeviation", "a list of finite numbers above 0", Shown(StandardDeviation));
        violations.Require(Enum.IsDefined(Resize), "Image.Resize", "one of ImageResize", Resize);
        violations.Require(IsSide(ShortestSide), "Image.ShortestSide", "null or from 1 to 16384", ShortestSide);
        violations.Require(
            ShortestSide is null || Resize == ImageResize.ShortestSideThenCrop, "Image.ShortestSide",
            "null unless Resize is ShortestSideThenCrop", ShortestSide);
        violations.Require(Enum.IsDefined(Filter), "Image.Filter", "one of ImageFilter", Filter);
    }

    private static bool IsSide(int? side) => side is null or (>= 1 and <= MostSide);

    private static string Shown(IReadOnlyList<double>? values) => values is null
        ? "null"
        : string.Join(", ", values.Select(v => v.ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
