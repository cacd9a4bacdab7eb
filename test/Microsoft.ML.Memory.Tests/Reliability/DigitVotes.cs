// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.RealData;

namespace Microsoft.ML.Memory.Tests.Reliability;

/// <summary>What a memory of digits says of others: winners of every prefix, shares and distances.</summary>
internal sealed class DigitVotes
{
    public int[] Winners { get; private init; } = [];

    public double[][] Shares { get; private init; } = [];

    public float[][] Distances { get; private init; } = [];

    public int[][] Prefixes { get; private init; } = [];

    public static DigitVotes Cast(
        BankSnapshot memory, Optdigits queries, int k, IVote vote, EntryPruning? pruning = null)
    {
        var neighbors = new NeighborTable();
        memory.Search(queries.Rows, k, neighbors);
        return Cast(memory, neighbors, vote, pruning);
    }

    public static DigitVotes Cast(
        BankSnapshot memory, NeighborTable neighbors, IVote vote, EntryPruning? pruning = null)
    {
        int count = neighbors.QueryCount;
        int k = neighbors.Capacity;
        var result = new DigitVotes
        {
            Winners = new int[count],
            Shares = new double[count][],
            Distances = new float[count][],
            Prefixes = new int[count][],
        };
        var votes = new PrunedVote(vote, new VoteCounter(Optdigits.ClassCount));
        for (int row = 0; row < count; row++)
        {
            Fill(votes, memory, neighbors, row, pruning);
            result.Shares[row] = new double[Optdigits.ClassCount];
            result.Winners[row] = votes.Count(result.Shares[row], new double[k])!.Value;
            Fill(votes, memory, neighbors, row, pruning);
            result.Prefixes[row] = new int[k];
            votes.CountPrefixes(result.Prefixes[row]);
            result.Distances[row] = neighbors.DistancesOf(row).ToArray();
        }

        return result;
    }

    public int Correct(Optdigits queries, int k)
        => Prefixes.Where((prefixes, row) => prefixes[k - 1] == queries.Labels[row]).Count();

    private static void Fill(
        PrunedVote votes, BankSnapshot memory, NeighborTable neighbors, int row, EntryPruning? pruning)
    {
        ReadOnlySpan<int> positions = neighbors.PositionsOf(row);
        ReadOnlySpan<float> distances = neighbors.DistancesOf(row);
        votes.Open(positions.Length);
        for (int rank = 0; rank < positions.Length; rank++)
        {
            int position = positions[rank];
            votes.Add(
                memory.LabelAt(position),
                distances[rank],
                pruning?.MultiplierOf(position) ?? 1,
                pruning?.IsExcluded(position) ?? false);
        }
    }
}
