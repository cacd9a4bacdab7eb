// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Where the pixels of a channel lie: pixel i of channel c at First + c · Step + i · Stride.</summary>
internal readonly record struct PixelOrder(int First, int Step, int Stride)
{
    /// <summary>Four bytes a pixel: red, green, blue, opacity.</summary>
    public static PixelOrder Rgba { get; } = new(0, 1, 4);

    /// <summary>Four bytes a pixel: blue, green, red, opacity.</summary>
    public static PixelOrder Bgra { get; } = new(2, -1, 4);

    /// <summary>Gives the order of a column of raw pixels.</summary>
    public static PixelOrder Of(ImageLayout layout, int channelCount, int pixelCount)
        => layout == ImageLayout.Planar ? new(0, pixelCount, 1) : new(0, 1, channelCount);
}
