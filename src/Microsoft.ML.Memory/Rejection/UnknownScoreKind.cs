// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What tells a query that belongs to no class of the memory; larger means more unknown.</summary>
/// <remarks>
/// No kind is best everywhere: on raw pixels vote entropy has been seen to win and to lose against distance, and on
/// good embeddings distances usually win. Compare them on data: see <see cref="RejectionMeasures.Auroc"/>.
/// </remarks>
public enum UnknownScoreKind
{
    /// <summary>Entropy of the vote shares in nats, before calibration.</summary>
    VoteEntropy = 0,

    /// <summary>1 less the largest vote share, before calibration.</summary>
    MaxProbability = 1,

    /// <summary>Distance of the nearest neighbour.</summary>
    NearestDistance = 2,

    /// <summary>Distance of the k-th neighbour: the deep nearest neighbour rule, Sun et al., 2022, arXiv 2204.06507.
    /// </summary>
    KthDistance = 3,

    /// <summary>Mean distance of the k neighbours.</summary>
    MeanDistance = 4,

    /// <summary>
    /// Distance of the k-th neighbour divided by the median of those that the predicted class's own entries have.
    /// </summary>
    ClassNormalizedDistance = 5,

    /// <summary><c>1 / (1 + sum exp((1 - distance) / Temperature))</c> over the k neighbours.</summary>
    SoftmaxLeftover = 6,
}
