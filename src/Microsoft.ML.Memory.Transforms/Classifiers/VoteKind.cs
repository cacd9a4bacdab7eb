// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How much a neighbour's vote weighs, by its rank r (0 for the nearest) and its distance.</summary>
public enum VoteKind
{
    /// <summary>
    /// <c>1 / (RankOffset + r)</c>: hardly decays with the number of neighbours, needs no temperature.
    /// </summary>
    Rank = 0,

    /// <summary>1 for every neighbour.</summary>
    Plurality = 1,

    /// <summary><c>exp(-distance)^DistanceExponent</c>.</summary>
    Distance = 2,

    /// <summary><c>exp((1 - distance) / Temperature)</c>.</summary>
    Softmax = 3,
}
