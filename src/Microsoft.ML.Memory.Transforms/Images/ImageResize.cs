// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How an image is brought to the size that the network reads.</summary>
public enum ImageResize
{
    /// <summary>Not at all: it must have the network's size; for a backbone of patches, sides that are multiples of
    /// the patch size, and positions are interpolated.</summary>
    None,

    /// <summary>The shorter side is resized, and the centre is cut out: a square where the network reads one.</summary>
    ShortestSideThenCrop,

    /// <summary>Both sides are resized, whatever the shape.</summary>
    Stretch,
}
