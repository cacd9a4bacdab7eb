// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Counts the votes of a query's neighbours: totals and winner.</summary>
/// <remarks>
/// <para>Total of class c = sum of w(j) over the neighbours j labelled c, added in double, nearest first. Shares are
/// totals divided by the sum of all w(j).</para>
/// <para>Reused from query to query without allocating; not safe for concurrent use.</para>
/// </remarks>
public sealed class VoteCounter
{
    private readonly TieBreak _tieBreak;
    private readonly double[] _totals;
    private readonly int[] _firstRanks;

    /// <summary>Makes a counter for c classes.</summary>
    /// <param name="classCount">Number of classes c, at least 1.</param>
    /// <param name="tieBreak">Which class wins where totals are equal.</param>
    /// <exception cref="ArgumentException">There is no class, or no such rule.</exception>
    public VoteCounter(int classCount, TieBreak tieBreak = TieBreak.FirstToReach)
    {
        Check.AtLeast(classCount, 1, "VoteCounter's classCount");
        if (!Enum.IsDefined(tieBreak))
            throw new ArgumentException(
                $"VoteCounter's tieBreak must be a tie rule. Got {tieBreak}.", nameof(tieBreak));
        _tieBreak = tieBreak;
        _totals = new double[classCount];
        _firstRanks = new int[classCount];
    }

    /// <summary>Counts the votes of all neighbours.</summary>
    /// <param name="labels">[k] class of each neighbour, nearest first, in [0, c).</param>
    /// <param name="weights">[k] weight of each vote, finite and at least 0; is divided by its sum.</param>
    /// <param name="shares">Receives [c], summing to 1; untouched where null is returned.</param>
    /// <returns>The winner; null where there is no neighbour or all weights are 0.</returns>
    /// <exception cref="ArgumentException">A length does not fit, or a label or weight is out of range.</exception>
    public int? Count(ReadOnlySpan<int> labels, Span<double> weights, Span<double> shares)
    {
        Check.Length(weights.Length, labels.Length, "weights", "[k]");
        Check.Length(shares.Length, _totals.Length, "shares", "[c]");
        int? winner = Run(labels, weights, default);
        double sum = 0;
        foreach (double weight in weights) sum += weight;
        if (winner is null) return null;
        if (!double.IsFinite(sum))
            throw new ArgumentException("weights must have a finite sum. Got infinity.", nameof(weights));

        for (int index = 0; index < _totals.Length; index++) shares[index] = _totals[index] / sum;
        foreach (ref double weight in weights) weight /= sum;
        return winner;
    }

    /// <summary>Gives the winner among the nearest 1, 2, ..., k neighbours in one pass.</summary>
    /// <param name="labels">[k] class of each neighbour, nearest first, in [0, c).</param>
    /// <param name="weights">[k] weight of each vote, finite and at least 0.</param>
    /// <param name="winners">
    /// Receives [k]; place i has the winner among the first i + 1. While all weights are 0 that is the nearest one's
    /// class.
    /// </param>
    /// <exception cref="ArgumentException">A length does not fit, or a label or weight is out of range.</exception>
    public void CountPrefixes(ReadOnlySpan<int> labels, ReadOnlySpan<double> weights, Span<int> winners)
    {
        Check.Length(weights.Length, labels.Length, "weights", "[k]");
        Check.Length(winners.Length, labels.Length, "winners", "[k]");
        Run(labels, weights, winners);
    }

    /// <summary>Entropy of shares in nats: 0 where all agree, ln c where the vote is even.</summary>
    public static double Entropy(ReadOnlySpan<double> shares)
    {
        double entropy = 0;
        foreach (double share in shares)
        {
            if (share > 0) entropy -= share * Math.Log(share);
        }

        return entropy;
    }

    private int? Run(ReadOnlySpan<int> labels, ReadOnlySpan<double> weights, Span<int> winners)
    {
        Array.Clear(_totals);
        Array.Fill(_firstRanks, int.MaxValue);
        int? winner = null;
        double best = 0;
        for (int rank = 0; rank < labels.Length; rank++)
        {
            int label = labels[rank];
            if ((uint)label >= (uint)_totals.Length)
                throw new ArgumentException(
                    $"labels must be in [0, {_totals.Length}). Got {label} at rank {rank}.", nameof(labels));
            if (!(weights[rank] >= 0 && double.IsFinite(weights[rank])))
                throw new ArgumentException(
                    $"weights must be finite and at least 0. Got {Check.Shown(weights[rank])} at rank {rank}.",
                    nameof(weights));
            _firstRanks[label] = Math.Min(_firstRanks[label], rank);
            double total = _totals[label] += weights[rank];
            if (total > best || (total == best && winner is { } held && Beats(label, held)))
            {
                best = total;
                winner = label;
            }

            if (!winners.IsEmpty) winners[rank] = winner ?? labels[0];
        }

        return winner;
    }

    /// <summary>Tells whether a class takes the place of another with the same total.</summary>
    private bool Beats(int label, int held) => _tieBreak switch
    {
        TieBreak.NearestFirstOccurrence => _firstRanks[label] < _firstRanks[held],
        TieBreak.LowestLabel => label < held,
        _ => false,
    };
}
