// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>The order in which the four bytes of a pixel lie.</summary>
public enum MLPixelFormat
{
    Unknown = 0,
    Bgra32 = 1,
    Rgba32 = 2,
}
