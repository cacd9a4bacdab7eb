// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How well one setting of the vote did on validation rows.</summary>
/// <param name="NeighborCount">Number of neighbours k that voted.</param>
/// <param name="RankOffset">Offset of rank votes; the memory's own where it does not vote by rank.</param>
/// <param name="Correct">Number of rows that were right.</param>
public readonly record struct VoteTrial(int NeighborCount, double RankOffset, int Correct);
