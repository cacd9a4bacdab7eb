// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Which class wins where totals are equal.</summary>
public enum TieBreak
{
    /// <summary>The class that reached the total first, counting neighbours from the nearest.</summary>
    FirstToReach = 0,

    /// <summary>The class whose nearest neighbour is nearest.</summary>
    NearestFirstOccurrence = 1,

    /// <summary>The class with the lowest index.</summary>
    LowestLabel = 2,
}
