// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Collects the votes on one entry after the other.</summary>
internal sealed class EntryChecker
{
    private readonly VisualMemoryTransformer _owner;
    private readonly NeighborVote _vote;
    private readonly CalibrationTally _tally;
    private readonly List<EntryCheck> _checks;
    private readonly Dictionary<int, double[]> _priors = [];

    public EntryChecker(VisualMemoryTransformer owner)
    {
        _owner = owner;
        _vote = new NeighborVote(owner.Options, owner.Model, owner.Levels, owner.Trust.Pruning);
        _tally = new CalibrationTally(owner.ClassCount);
        _checks = new List<EntryCheck>(owner.Model.Count);
    }

    /// <summary>Lets the other entries vote on one.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="positions">[k] positions of its neighbours, nearest first.</param>
    /// <param name="distances">[k] their distances.</param>
    public void Add(Entry entry, ReadOnlySpan<int> positions, ReadOnlySpan<float> distances)
    {
        int? winner = _vote.Count(positions, distances);
        if (winner is not null) _owner.Trust.Temperature?.Apply(_vote.Shares);
        ReadOnlySpan<double> scores = winner is null ? PriorWithout(entry.Label) : _vote.Shares;
        int own = _owner.Levels.VotedOf(entry.Label);
        _checks.Add(new EntryCheck(
            entry.Id, own, winner, (float)TensorPrimitives.Max(scores), (float)scores[own]));
        _tally.Add(scores, winner ?? -1, own);
    }

    public EntryChecks Report()
        => new(_owner.ClassNames, _checks, _checks.Count == 0 ? null : _tally.Report());

    private double[] PriorWithout(int label)
    {
        if (!_priors.TryGetValue(label, out double[]? prior))
            _priors[label] = prior = _owner.Levels.Prior(_owner.Model, label);
        return prior;
    }
}
