// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How an image is brought to the size that the backbone reads.</summary>
public enum ImageResize
{
    /// <summary>Not at all: its sides must be multiples of the patch size, and positions are interpolated.</summary>
    None,

    /// <summary>The shorter side is resized, and the centre is cut out as a square.</summary>
    ShortestSideThenCrop,

    /// <summary>Both sides are resized, whatever the shape.</summary>
    Stretch,
}
