// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.Intrinsics;

namespace Microsoft.ML.Memory;

/// <summary>Vector width of the scan's kernels, in bits; it changes the speed of a search, never its result.</summary>
internal enum ScanWidth
{
    Bits128 = 128,
    Bits256 = 256,
    Bits512 = 512,
}

/// <summary>Chooses the kernels' width, here and nowhere else.</summary>
internal static class ScanWidths
{
    /// <summary>The widest vectors that this processor computes with at full speed.</summary>
    public static ScanWidth Best =>
        Vector512.IsHardwareAccelerated ? ScanWidth.Bits512
        : Vector256.IsHardwareAccelerated ? ScanWidth.Bits256
        : ScanWidth.Bits128;
}
