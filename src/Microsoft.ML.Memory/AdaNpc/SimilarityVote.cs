// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Searches a snapshot for a batch of rows and lets the neighbours vote by their similarity.</summary>
/// <remarks>
/// <para>Share of class c = sum of softmax(s/tau) over the neighbours of class c, s = 1 - cosine distance; the largest
/// share wins, the lowest class on a tie.</para>
/// <para>Belongs to one thread at a time.</para>
/// </remarks>
internal sealed class SimilarityVote(AdaptationSettings settings, int classCount)
{
    private readonly NeighborTable _neighbors = new();
    private readonly NeighborTable _ball = new();
    private double[] _weights = [];

    /// <summary>Whether a prediction has made it larger than one that waits for the next should be.</summary>
    public bool IsLarge => _neighbors.IsLarge || _ball.IsLarge;

    /// <summary>Predicts the rows [first, first + n) of a block.</summary>
    public void Predict(
        BankSnapshot memory,
        ReadOnlySpan<float> rows,
        int first,
        AdaptivePredictions predictions,
        SearchOptions? options)
    {
        memory.Search(rows, settings.NeighborCount, _neighbors, options);
        for (int row = 0; row < _neighbors.QueryCount; row++)
        {
            NeighborTable neighbors = _neighbors;
            int query = row;
            if (IsInBall(row))
            {
                SearchBall(memory, rows.Slice(row * memory.Dimension, memory.Dimension), options);
                neighbors = _ball;
                query = 0;
            }

            Count(memory, neighbors, query, predictions, first + row);
        }
    }

    /// <summary>The largest value of a softmax over the floored shares, as the authors' code has it.</summary>
    public static double DoubleSoftmax(ReadOnlySpan<double> shares, double floor)
    {
        double largest = 0, sum = 0;
        foreach (double share in shares) largest = Math.Max(largest, Math.Min(share + floor, 1));
        foreach (double share in shares) sum += Math.Exp(Math.Min(share + floor, 1) - largest);
        return 1 / sum;
    }

    private bool IsInBall(int row)
        => settings.BallSimilarity is { } ball
            && _neighbors.CountOf(row) > 0
            && 1 - _neighbors.DistancesOf(row)[0] > ball;

    /// <summary>Finds every entry inside the ball: asks for ever more neighbours until one lies outside.</summary>
    private void SearchBall(BankSnapshot memory, ReadOnlySpan<float> row, SearchOptions? options)
    {
        for (long k = 2L * settings.NeighborCount; ; k *= 4)
        {
            int asked = (int)Math.Min(k, memory.Count);
            memory.Search(row, asked, _ball, options);
            bool isAll = asked == memory.Count || _ball.CountOf(0) < asked; // a filter may let fewer pass
            if (isAll || 1 - _ball.DistancesOf(0)[^1] < settings.BallSimilarity) return;
        }
    }

    private void Count(
        BankSnapshot memory, NeighborTable neighbors, int query, AdaptivePredictions predictions, int row)
    {
        ReadOnlySpan<float> distances = neighbors.DistancesOf(query);
        int count = distances.Length;
        if (neighbors == _ball)
        {
            count = 0;
            while (count < distances.Length && 1 - distances[count] >= settings.BallSimilarity) count++;
        }

        Span<double> shares = predictions.WriteShares(row);
        shares.Clear();
        Span<double> weights = Weigh(distances[..count]);
        ReadOnlySpan<int> positions = neighbors.PositionsOf(query);
        ReadOnlySpan<long> ids = neighbors.IdsOf(query);
        for (int rank = 0; rank < count; rank++)
        {
            int label = memory.LabelAt(positions[rank]);
            shares[label] += weights[rank];
            predictions.AddNeighbor(ids[rank], label, distances[rank], weights[rank]);
        }

        int winner = 0;
        for (int index = 1; index < classCount; index++)
        {
            if (shares[index] > shares[winner]) winner = index;
        }

        // Rounding may lift a sum of shares above 1 by a few units in the last place.
        double confidence = settings.ConfidenceKind == ConfidenceKind.VoteProbability
            ? Math.Min(1, shares[winner])
            : DoubleSoftmax(shares, settings.ProbabilityFloor);
        predictions.CloseRow(row, count == 0 ? null : winner, count == 0 ? 0 : confidence);
    }

    private Span<double> Weigh(ReadOnlySpan<float> distances)
    {
        if (_weights.Length < distances.Length) _weights = new double[Math.Max(distances.Length, 2 * _weights.Length)];
        Span<double> weights = _weights.AsSpan(0, distances.Length);
        double sum = 0;
        for (int rank = 0; rank < weights.Length; rank++)
        {
            // The nearest has weight 1, so that no temperature can overflow the exponential.
            weights[rank] = Math.Exp(((double)distances[0] - distances[rank]) / settings.Temperature);
            sum += weights[rank];
        }

        foreach (ref double weight in weights) weight /= sum;
        return weights;
    }
}
