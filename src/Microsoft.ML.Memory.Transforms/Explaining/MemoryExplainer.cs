// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Explains the predictions of a visual memory, block by block.</summary>
/// <remarks>Reused from block to block; belongs to one caller.</remarks>
internal sealed class MemoryExplainer
{
    private readonly BankSnapshot _memory;
    private readonly NeighborFinder _finder;
    private readonly int _neighborCount;
    private readonly IReadOnlyList<string> _classNames;
    private readonly ClassLevels _levels;
    private readonly bool _isCalibrated;
    private readonly VisualMemoryVote _vote;
    private readonly NeighborTable _neighbors = new();
    private readonly float[] _weights;

    public MemoryExplainer(VisualMemoryTransformer transformer, NeighborFinder finder)
    {
        _memory = transformer.Model;
        _finder = finder;
        _neighborCount = transformer.Options.NeighborCount;
        _classNames = transformer.ClassNames;
        _levels = transformer.Levels;
        _isCalibrated = transformer.Trust.Temperature is not null;
        _vote = new VisualMemoryVote(transformer);
        _weights = new float[Math.Max(1, Math.Min(_neighborCount, _memory.Count))];
    }

    /// <summary>Explains the prediction of each row.</summary>
    /// <param name="rows">[n, d], row-major.</param>
    /// <param name="positions">[n] position of each row; empty for rows without one.</param>
    /// <param name="explanations">Receives the explanations, in order.</param>
    public void Explain(ReadOnlySpan<float> rows, ReadOnlySpan<long> positions, List<Explanation> explanations)
    {
        if (rows.IsEmpty) return;
        _finder.Find(rows, _neighborCount, _neighbors);
        for (int row = 0; row < _neighbors.QueryCount; row++)
            explanations.Add(Make(row, positions.IsEmpty ? null : positions[row], _vote.Prior));
    }

    /// <summary>Explains what the memory would predict for an entry if the entry were not there.</summary>
    public Explanation ExplainWithout(Entry entry)
    {
        float[] key = new float[_memory.Dimension];
        _memory.CopyKey(entry.Position, key);
        _memory.Search(key, _neighborCount, _neighbors, new SearchOptions { Filter = id => id != entry.Id });
        return Make(0, null, _levels.Prior(_memory, entry.Label));
    }

    private Explanation Make(int row, long? position, ReadOnlySpan<double> prior)
    {
        float[] scores = new float[_classNames.Count];
        uint key = _vote.Count(_neighbors, row, scores, _weights, prior);
        int? winner = key == 0 ? null : (int)key - 1;
        return new Explanation(
            position, winner, _classNames, scores, Contributions(row, winner is null ? null : scores));
    }

    private Contribution[] Contributions(int row, float[]? scores)
    {
        ReadOnlySpan<long> ids = _neighbors.IdsOf(row);
        ReadOnlySpan<int> positions = _neighbors.PositionsOf(row);
        ReadOnlySpan<float> distances = _neighbors.DistancesOf(row);
        int[] labels = new int[ids.Length];
        for (int rank = 0; rank < labels.Length; rank++)
            labels[rank] = _levels.VotedOf(_memory.LabelAt(positions[rank]));
        double[] shares = scores is null ? new double[ids.Length] : Shares(labels, scores);

        var contributions = new Contribution[ids.Length];
        for (int rank = 0; rank < contributions.Length; rank++)
        {
            contributions[rank] = new Contribution(
                ids[rank],
                rank,
                labels[rank],
                _classNames[labels[rank]],
                distances[rank],
                _memory.WeightAt(positions[rank]),
                shares[rank]);
        }

        return contributions;
    }

    /// <summary>
    /// Gives the shares of the vote in double. The vote hands out each share rounded to Single, so their sum may miss
    /// the rounded score of the class by a bit: each class's shares are scaled to it.
    /// </summary>
    /// <remarks>Calibrated scores are a map of the vote, not a sum of shares: those stay as they were
    /// counted.</remarks>
    private double[] Shares(int[] labels, float[] scores)
    {
        if (_isCalibrated)
            return [.. _weights.Take(labels.Length).Select(weight => (double)weight)];

        var sums = new double[scores.Length];
        var counts = new int[scores.Length];
        for (int rank = 0; rank < labels.Length; rank++)
        {
            sums[labels[rank]] += _weights[rank];
            counts[labels[rank]]++;
        }

        var shares = new double[labels.Length];
        for (int rank = 0; rank < labels.Length; rank++)
        {
            int label = labels[rank];

            // shares too small for a Single vanish one by one while their sum does not: nothing tells them apart
            shares[rank] = sums[label] > 0
                ? _weights[rank] * (scores[label] / sums[label])
                : (double)scores[label] / counts[label];
        }

        return shares;
    }
}
