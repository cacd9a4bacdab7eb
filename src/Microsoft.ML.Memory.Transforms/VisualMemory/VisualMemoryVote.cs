// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// Turns the neighbours of a row into its prediction, scores, vote shares and unknown score, by the options.
/// </summary>
/// <remarks>Reused from row to row; belongs to one scorer.</remarks>
internal sealed class VisualMemoryVote
{
    private readonly VisualMemoryTransformer _memory;
    private readonly VisualMemoryOptions _options;
    private readonly MemoryTrust _trust;
    private readonly NeighborVote _vote;
    private readonly float _threshold;

    public VisualMemoryVote(VisualMemoryTransformer transformer)
    {
        _memory = transformer;
        _options = transformer.Options;
        _trust = transformer.Trust;
        _vote = new NeighborVote(_options, transformer.Model, transformer.Levels, _trust.Pruning);
        _threshold = _trust.Known?.ThresholdOf(_options.Rejection!.KeptRate) ?? float.PositiveInfinity;
    }

    /// <summary>How unknown the last row is; infinity where nobody voted, 0 where nothing is rejected.</summary>
    public float Unknown { get; private set; }

    /// <summary>Whether the last row is rejected.</summary>
    public bool IsUnknown { get; private set; }

    /// <summary>Counts the votes of one row's neighbours.</summary>
    /// <param name="neighbors">The neighbours of a block of rows.</param>
    /// <param name="row">The row.</param>
    /// <param name="scores">Receives [c], summing to 1: the class prior where nobody votes.</param>
    /// <param name="weights">Receives the share of each neighbour in the vote, 0 for all where nobody votes.</param>
    /// <param name="prior">[c], the scores where nobody votes; empty takes those of the memory.</param>
    /// <returns>The label key of the winner, 0 (missing) where nobody votes.</returns>
    public uint Count(
        NeighborTable neighbors, int row, Span<float> scores, Span<float> weights, ReadOnlySpan<double> prior = default)
    {
        ReadOnlySpan<float> distances = neighbors.DistancesOf(row);
        int? winner = _vote.Count(neighbors.PositionsOf(row), distances);
        Narrow(_vote.Weights, weights);
        if (winner is not { } label)
        {
            Narrow(prior.IsEmpty ? _memory.Prior : prior, scores);
            (Unknown, IsUnknown) = (float.PositiveInfinity, true);
            return 0;
        }

        if (_options.Rejection is { } rejection) Judge(rejection.Score, label, distances);
        _trust.Temperature?.Apply(_vote.Shares);
        Narrow(_vote.Shares, scores);
        return (uint)label + 1;
    }

    private static void Narrow(ReadOnlySpan<double> values, Span<float> narrowed)
    {
        for (int index = 0; index < values.Length; index++) narrowed[index] = (float)values[index];
    }

    private void Judge(UnknownScoreKind kind, int label, ReadOnlySpan<float> distances)
    {
        double score = UnknownScore.Of(kind, distances, _vote.Shares, _options.Temperature);
        if (kind == UnknownScoreKind.ClassNormalizedDistance)
            score = UnknownScore.Normalize(score, _trust.Medians[label]);
        Unknown = (float)score;
        IsUnknown = Unknown > _threshold;
    }
}
