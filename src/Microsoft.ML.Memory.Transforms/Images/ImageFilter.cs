// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Kernel that an image is resized with; its support widens when shrinking.</summary>
public enum ImageFilter
{
    /// <summary>A triangle over two pixels.</summary>
    Bilinear,

    /// <summary>Keys' cubic over four pixels, a = -0.5; cut to the range of the pixels where it overshoots.</summary>
    Bicubic,
}
