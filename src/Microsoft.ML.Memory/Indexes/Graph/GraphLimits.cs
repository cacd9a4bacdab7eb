// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Bounds that settings, files and code of the graph index share.</summary>
internal static class GraphLimits
{
    public const int LargestLinkCount = 512;
    public const int LargestBuildCandidateCount = 1 << 16;

    /// <summary>Slots and the flag of a candidate share 32 bits.</summary>
    public const int LargestSlotCount = 1 << 30;

    /// <summary>Highest layer: -log2 of the smallest random number is 53, and LinkCount is at least 2.</summary>
    public const int HighestLevel = 54;

    /// <summary>Longest 8-bit row whose products, each below 2^15, sum up within 32 bits.</summary>
    public const int LongestSignedByteRow = 1 << 16;
}
