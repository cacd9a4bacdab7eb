// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// Turns the neighbours of a row into its prediction, scores and vote shares, by the rules of the options.
/// </summary>
/// <remarks>Reused from row to row; belongs to one scorer.</remarks>
internal sealed class VisualMemoryVote
{
    private readonly BankSnapshot _memory;
    private readonly double[] _prior;
    private readonly IVote _vote;
    private readonly VoteCounter _counter;
    private readonly double[] _shares;
    private int[] _labels = [];
    private double[] _distances = [];
    private double[] _weights = [];

    public VisualMemoryVote(VisualMemoryOptions options, BankSnapshot memory, int classCount)
    {
        _memory = memory;
        _prior = ClassPrior.Of(memory, classCount);
        _counter = new VoteCounter(classCount, options.TieBreak);
        _shares = new double[classCount];
        _vote = options.Vote switch
        {
            VoteKind.Rank => new RankVote(options.RankOffset),
            VoteKind.Plurality => new PluralityVote(),
            VoteKind.Distance => new DistanceVote(options.DistanceExponent),
            _ => new SoftmaxVote(options.Temperature),
        };
    }

    /// <summary>Counts the votes of one row's neighbours.</summary>
    /// <param name="neighbors">The neighbours of a block of rows.</param>
    /// <param name="row">The row.</param>
    /// <param name="scores">Receives [c], summing to 1: the class prior where nobody votes.</param>
    /// <param name="weights">Receives the share of each neighbour in the vote, 0 for all where nobody votes.</param>
    /// <returns>The label key of the winner, 0 (missing) where nobody votes.</returns>
    public uint Count(NeighborTable neighbors, int row, Span<float> scores, Span<float> weights)
    {
        int count = neighbors.CountOf(row);
        Reserve(count);
        Span<double> votes = _weights.AsSpan(0, count);
        Gather(neighbors, row, votes);
        int? winner = _counter.Count(_labels.AsSpan(0, count), votes, _shares);
        Narrow(winner is null ? _prior : _shares, scores);
        Narrow(votes, weights);
        return winner is { } label ? (uint)label + 1 : 0;
    }

    private static void Narrow(ReadOnlySpan<double> values, Span<float> narrowed)
    {
        for (int index = 0; index < values.Length; index++) narrowed[index] = (float)values[index];
    }

    private void Gather(NeighborTable neighbors, int row, Span<double> votes)
    {
        ReadOnlySpan<int> positions = neighbors.PositionsOf(row);
        ReadOnlySpan<float> distances = neighbors.DistancesOf(row);
        for (int rank = 0; rank < positions.Length; rank++) _distances[rank] = distances[rank];
        _vote.Weigh(_distances.AsSpan(0, positions.Length), votes);
        for (int rank = 0; rank < positions.Length; rank++)
        {
            _labels[rank] = _memory.LabelAt(positions[rank]);
            votes[rank] *= _memory.WeightAt(positions[rank]);
        }
    }

    private void Reserve(int count)
    {
        if (_labels.Length >= count) return;
        _labels = new int[count];
        _distances = new double[count];
        _weights = new double[count];
    }
}
