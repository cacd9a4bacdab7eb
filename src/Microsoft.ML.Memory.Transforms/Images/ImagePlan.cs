// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Sizes, weights and factors by which the images of a column become those of a network.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class ImagePlan
{
    /// <exception cref="ArgumentException">The options do not fit the network.</exception>
    public ImagePlan(ImageTarget target, ImageInputOptions options)
    {
        Options = options;
        Target = target;
        SourceWidth = options.Width ?? target.Width;
        SourceHeight = options.Height ?? target.Height;
        SourceChannels = options.Channels ?? target.ChannelCount;
        RequireFit();
        RequireLength(SourceChannels, SourceHeight, SourceWidth);
        (Columns, Rows) = Resamplers();
        Width = Columns?.Count ?? SourceWidth;
        Height = Rows?.Count ?? SourceHeight;
        RequireLength(ChannelCount, Height, Width);
        Factors = new float[ChannelCount];
        Shifts = new float[ChannelCount];
        for (int c = 0; c < ChannelCount; c++)
        {
            double deviation = Of(options.StandardDeviation, c, 1);
            Factors[c] = (float)(options.Scale / deviation);
            Shifts[c] = (float)(-Of(options.Mean, c, 0) / deviation);
        }
    }

    public ImageTarget Target { get; }

    public ImageInputOptions Options { get; }

    public int SourceWidth { get; }

    public int SourceHeight { get; }

    public int SourceChannels { get; }

    /// <summary>Numbers of an image in the column.</summary>
    public int SourceLength => SourceChannels * SourceHeight * SourceWidth;

    /// <summary>Channels that the network reads.</summary>
    public int ChannelCount => Target.ChannelCount;

    /// <summary>Pixels of a row that the network reads.</summary>
    public int Width { get; }

    /// <summary>Rows of pixels that the network reads.</summary>
    public int Height { get; }

    /// <summary>Resizes rows; null where images keep their size.</summary>
    public Resampler? Columns { get; }

    /// <summary>Resizes columns; null where images keep their size.</summary>
    public Resampler? Rows { get; }

    /// <summary>What a pixel of each channel is multiplied by.</summary>
    public float[] Factors { get; }

    /// <summary>What is then added.</summary>
    public float[] Shifts { get; }

    /// <summary>Whether a resized pixel must be cut to the range of pixels, since the kernel overshoots.</summary>
    public bool Overshoots => Columns is not null && Options.Filter == ImageFilter.Bicubic;

    /// <summary>The largest pixel.</summary>
    public float MostPixel => (float)(1 / Options.Scale);

    /// <summary>Whether the numbers of the column are the network's already.</summary>
    public bool IsIdentity => Columns is null && SourceChannels == ChannelCount
        && (SourceChannels == 1 || (Options.Layout == ImageLayout.Interleaved) == Target.IsInterleaved)
        && !IsReversed
        && Array.TrueForAll(Factors, f => f == 1) && Array.TrueForAll(Shifts, s => s == 0);

    /// <summary>Whether the first channel changes places with the last.</summary>
    public bool IsReversed => Options.ChannelOrder == ImageChannelOrder.Bgr && ChannelCount == 3 && SourceChannels == 3;

    private static double Of(IReadOnlyList<double> values, int channel, double otherwise) => values.Count switch
    {
        0 => otherwise,
        1 => values[0],
        _ => values[channel],
    };

    private void RequireFit()
    {
        int channels = ChannelCount;
        string grey = channels == 3 ? ", or 1 for a grey image," : "";
        Require(
            SourceChannels == channels || (SourceChannels == 1 && channels == 3), "Channels",
            $"{channels}{grey} to fit the {Target.Reader}", SourceChannels);
        RequireCount(Options.Mean.Count, "Mean");
        RequireCount(Options.StandardDeviation.Count, "StandardDeviation");
        Require(
            Options.ChannelOrder == ImageChannelOrder.Rgb || channels == 3, "ChannelOrder",
            $"Rgb for a {Target.Reader} of {channels} channels", Options.ChannelOrder);
        int side = Math.Max(Target.Width, Target.Height);
        Require(
            Options.ShortestSide is null || Options.ShortestSide >= side, "ShortestSide",
            $"at least the {Target.Reader}'s size of {side}", Options.ShortestSide);
        if (Options.Resize == ImageResize.None) RequireSize();
    }

    private void RequireSize()
    {
        string got = $"{SourceWidth} x {SourceHeight}";
        if (Target.Multiple == 0)
        {
            Require(
                SourceWidth == Target.Width && SourceHeight == Target.Height, "Width and Height",
                $"{Target.Width} and {Target.Height}, as the {Target.Reader} reads, where Resize is None", got);
            return;
        }

        Require(
            SourceWidth % Target.Multiple == 0 && SourceHeight % Target.Multiple == 0, "Width and Height",
            $"multiples of the patch size of {Target.Multiple} where Resize is None", got);
    }

    private void RequireLength(long channels, long height, long width) => Require(
        channels * height * width <= Array.MaxLength, "Width and Height",
        $"those of images of at most {Array.MaxLength} values", $"{channels} x {height} x {width}");

    private void RequireCount(int count, string name) => Require(
        count is 0 or 1 || count == ChannelCount, name, $"a list of 0, 1 or {ChannelCount} numbers", count);

    private void Require(bool holds, string name, string constraint, object? got)
    {
        if (!holds) throw new ArgumentException($"{Target.Option}.{name} must be {constraint}. Got {got}.");
    }

    private (Resampler? Columns, Resampler? Rows) Resamplers()
    {
        int width = Target.Width, height = Target.Height;
        if (Options.Resize == ImageResize.None) return (null, null);
        if (Options.Resize == ImageResize.ShortestSideThenCrop)
        {
            long shorter = Math.Min(SourceWidth, SourceHeight);
            long wanted = Options.ShortestSide ?? Math.Max(Target.Width, Target.Height);
            width = (int)(wanted * SourceWidth / shorter);
            height = (int)(wanted * SourceHeight / shorter);
        }

        return (new Resampler(SourceWidth, width, (width - Target.Width) / 2, Target.Width, Options.Filter),
            new Resampler(SourceHeight, height, (height - Target.Height) / 2, Target.Height, Options.Filter));
    }
}
