// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How codes are looked up in tables; every way gives the same sums.</summary>
internal enum QuantizedWidth
{
    /// <summary>Byte by byte.</summary>
    Plain,

    /// <summary>64 bytes at once, by permutations of a table of 256 bytes in four registers.</summary>
    Permute512,
}
