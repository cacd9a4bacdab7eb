// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Sizes, weights and factors by which the images of a column become those of a backbone.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class ImagePlan
{
    /// <exception cref="ArgumentException">The options do not fit the backbone.</exception>
    public ImagePlan(BackboneConfig config, ImageInputOptions options)
    {
        Options = options;
        BackboneChannels = config.ChannelCount;
        SourceWidth = options.Width ?? config.ImageSize;
        SourceHeight = options.Height ?? config.ImageSize;
        SourceChannels = options.Channels ?? config.ChannelCount;
        RequireFit(config);
        (Columns, Rows) = Resamplers(config.ImageSize);
        Width = Columns?.Count ?? SourceWidth;
        Height = Rows?.Count ?? SourceHeight;
        Factors = new float[BackboneChannels];
        Shifts = new float[BackboneChannels];
        for (int c = 0; c < BackboneChannels; c++)
        {
            double deviation = Of(options.StandardDeviation, c, 1);
            Factors[c] = (float)(options.Scale / deviation);
            Shifts[c] = (float)(-Of(options.Mean, c, 0) / deviation);
        }
    }

    public ImageInputOptions Options { get; }

    public int SourceWidth { get; }

    public int SourceHeight { get; }

    public int SourceChannels { get; }

    /// <summary>Numbers of an image in the column.</summary>
    public int SourceLength => checked(SourceChannels * SourceHeight * SourceWidth);

    public int BackboneChannels { get; }

    /// <summary>Pixels of a row that the backbone reads.</summary>
    public int Width { get; }

    /// <summary>Rows of pixels that the backbone reads.</summary>
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

    /// <summary>Whether the numbers of the column are the backbone's already.</summary>
    public bool IsIdentity => Columns is null && SourceChannels == BackboneChannels
        && (Options.Layout == ImageLayout.Planar || SourceChannels == 1)
        && Array.TrueForAll(Factors, f => f == 1) && Array.TrueForAll(Shifts, s => s == 0);

    private static double Of(IReadOnlyList<double> values, int channel, double otherwise) => values.Count switch
    {
        0 => otherwise,
        1 => values[0],
        _ => values[channel],
    };

    private void RequireFit(BackboneConfig config)
    {
        int channels = config.ChannelCount;
        string grey = channels == 3 ? ", or 1 for a grey image," : "";
        Require(
            SourceChannels == channels || (SourceChannels == 1 && channels == 3), "Channels",
            $"{channels}{grey} to fit the backbone", SourceChannels);
        RequireCount(Options.Mean.Count, "Mean");
        RequireCount(Options.StandardDeviation.Count, "StandardDeviation");
        Require(
            Options.ShortestSide is null || Options.ShortestSide >= config.ImageSize, "ShortestSide",
            $"at least the backbone's size of {config.ImageSize}", Options.ShortestSide);
        bool whole = SourceWidth % config.PatchSize == 0 && SourceHeight % config.PatchSize == 0;
        Require(
            whole || Options.Resize != ImageResize.None, "Width and Height",
            $"multiples of the patch size of {config.PatchSize} where Resize is None",
            $"{SourceWidth} x {SourceHeight}");
    }

    private void RequireCount(int count, string name) => Require(
        count is 0 or 1 || count == BackboneChannels, name, $"a list of 0, 1 or {BackboneChannels} numbers", count);

    private static void Require(bool holds, string name, string constraint, object? got)
    {
        if (!holds) throw new ArgumentException($"FineTuneOptions.Image.{name} must be {constraint}. Got {got}.");
    }

    private (Resampler? Columns, Resampler? Rows) Resamplers(int side)
    {
        int width = side, height = side;
        if (Options.Resize == ImageResize.None) return (null, null);
        if (Options.Resize == ImageResize.ShortestSideThenCrop)
        {
            long shorter = Math.Min(SourceWidth, SourceHeight), wanted = Options.ShortestSide ?? side;
            width = (int)(wanted * SourceWidth / shorter);
            height = (int)(wanted * SourceHeight / shorter);
        }

        return (new Resampler(SourceWidth, width, (width - side) / 2, side, Options.Filter),
            new Resampler(SourceHeight, height, (height - side) / 2, side, Options.Filter));
    }
}
