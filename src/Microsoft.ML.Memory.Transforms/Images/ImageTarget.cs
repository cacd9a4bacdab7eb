// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What a network reads as an image, and how messages speak of it.</summary>
/// <param name="ChannelCount">Number of channels.</param>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Multiple">What both sides must be a multiple of where images are not resized; 0 takes no other size
/// than <paramref name="Width"/> and <paramref name="Height"/>.</param>
/// <param name="Option">The setting that says how images are read.</param>
/// <param name="Reader">The network, as messages call it.</param>
internal sealed record ImageTarget(
    int ChannelCount, int Width, int Height, int Multiple, string Option, string Reader)
{
    /// <summary>Whether pixels are read as [height, width, channels].</summary>
    public bool IsInterleaved { get; init; }

    /// <summary>Numbers of an image.</summary>
    public int Length => checked(ChannelCount * Width * Height);
}
