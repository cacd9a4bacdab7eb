// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Lets the neighbours of a row vote, by the rules of the options: class map, pruning, weights.</summary>
/// <remarks>Reused from row to row; belongs to one scorer.</remarks>
internal sealed class NeighborVote
{
    private readonly BankSnapshot _memory;
    private readonly ClassLevels _levels;
    private readonly EntryPruning? _pruning;
    private readonly PrunedVote _votes;
    private readonly double[] _shares;
    private double[] _weights = [];
    private int _count;

    public NeighborVote(
        VisualMemoryOptions options, BankSnapshot memory, ClassLevels levels, EntryPruning? pruning)
    {
        _memory = memory;
        _levels = levels;
        _pruning = pruning;
        _shares = new double[levels.Voted.Count];
        _votes = new PrunedVote(VoteOf(options), new VoteCounter(levels.Voted.Count, options.TieBreak));
    }

    /// <summary>Shares of the classes in the last vote that had a winner; free to be changed.</summary>
    public Span<double> Shares => _shares;

    /// <summary>Share of each neighbour in the last vote.</summary>
    public ReadOnlySpan<double> Weights => _weights.AsSpan(0, _count);

    /// <summary>Counts the votes of one row's neighbours.</summary>
    /// <returns>The winner; null where nobody votes.</returns>
    public int? Count(ReadOnlySpan<int> positions, ReadOnlySpan<float> distances)
    {
        Fill(positions, distances);
        return _votes.Count(_shares, _weights.AsSpan(0, _count));
    }

    /// <summary>Gives the winner among the nearest 1, 2, ..., k neighbours.</summary>
    /// <param name="positions">[k] positions of the neighbours, nearest first.</param>
    /// <param name="distances">[k] their distances.</param>
    /// <param name="winners">Receives [k].</param>
    public void CountPrefixes(ReadOnlySpan<int> positions, ReadOnlySpan<float> distances, Span<int> winners)
    {
        Fill(positions, distances);
        _votes.CountPrefixes(winners);
    }

    private static IVote VoteOf(VisualMemoryOptions options) => options.Vote switch
    {
        VoteKind.Rank => new RankVote(options.RankOffset),
        VoteKind.Plurality => new PluralityVote(),
        VoteKind.Distance => new DistanceVote(options.DistanceExponent),
        _ => new SoftmaxVote(options.Temperature),
    };

    private void Fill(ReadOnlySpan<int> positions, ReadOnlySpan<float> distances)
    {
        _count = positions.Length;
        if (_weights.Length < _count) _weights = new double[_count];
        _votes.Open(_count);
        for (int rank = 0; rank < positions.Length; rank++)
        {
            int position = positions[rank];
            double multiplier = _memory.WeightAt(position) * (_pruning?.MultiplierOf(position) ?? 1);
            _votes.Add(
                _levels.VotedOf(_memory.LabelAt(position)),
                distances[rank],
                multiplier,
                _pruning?.IsExcluded(position) ?? false);
        }
    }
}
