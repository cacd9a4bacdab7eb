// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Order of an image's numbers in its column.</summary>
public enum ImageLayout
{
    /// <summary>[channels, height, width]: what ExtractPixels gives by default.</summary>
    Planar,

    /// <summary>[height, width, channels].</summary>
    Interleaved,
}
