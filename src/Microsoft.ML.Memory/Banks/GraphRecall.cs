// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What share of the nearest entries a graph was found to find, measured on entries held out of it.</summary>
/// <param name="Share">In [0, 1], all queries together.</param>
/// <param name="CandidateCount">Candidates weighed for each query, at least 1.</param>
/// <param name="NeighborCount">Neighbours of each query, at least 1.</param>
/// <param name="QueryCount">Entries held out and searched for, at least 1.</param>
internal sealed record GraphRecall(double Share, int CandidateCount, int NeighborCount, int QueryCount)
{
    // Rounded down: what is said to be found is found.
    public override string ToString() => FormattableString.Invariant(
        $"{Math.Floor(Share * 10_000) / 10_000} of the {NeighborCount} nearest of {QueryCount} entries held out")
        + $" are found along a graph with {CandidateCount} candidates";
}
