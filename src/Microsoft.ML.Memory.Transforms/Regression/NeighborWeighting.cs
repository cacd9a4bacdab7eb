// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How much a neighbour counts in the mean that a regression predicts.</summary>
public enum NeighborWeighting
{
    /// <summary>1 for every neighbour.</summary>
    Uniform = 0,

    /// <summary>
    /// <c>1 / distance</c>; with metric SquaredEuclidean the root is taken first. Where neighbours are at distance 0,
    /// these alone count, each 1.
    /// </summary>
    InverseDistance = 1,
}
