// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Counts the votes of neighbours of which some may be excluded or weakened.</summary>
/// <remarks>
/// <para>Excluded neighbours take no rank: the next ones move up, each with its own distance. Where all are excluded,
/// all of them vote.</para>
/// <para>One count per opened query, since counting moves the neighbours up in place. Reused from query to query
/// without allocating once it has grown; not safe for concurrent use.</para>
/// </remarks>
internal sealed class PrunedVote(IVote vote, VoteCounter counter)
{
    private int[] _labels = [];
    private int[] _places = [];
    private int[] _winners = [];
    private double[] _distances = [];
    private double[] _multipliers = [];
    private double[] _votes = [];
    private bool[] _excluded = [];
    private int _count;
    private int _excludedCount;

    /// <summary>Opens a query with up to <paramref name="capacity"/> neighbours.</summary>
    public void Open(int capacity)
    {
        _count = 0;
        _excludedCount = 0;
        if (_labels.Length >= capacity) return;
        _labels = new int[capacity];
        _places = new int[capacity];
        _winners = new int[capacity];
        _distances = new double[capacity];
        _multipliers = new double[capacity];
        _votes = new double[capacity];
        _excluded = new bool[capacity];
    }

    /// <summary>Adds the next neighbour, nearest first.</summary>
    /// <param name="label">Its class, in [0, c).</param>
    /// <param name="distance">Its distance, not below that of the one before.</param>
    /// <param name="multiplier">What its vote is multiplied by, finite and at least 0.</param>
    /// <param name="isExcluded">Whether it is kept from voting.</param>
    public void Add(int label, double distance, double multiplier, bool isExcluded)
    {
        _labels[_count] = label;
        _distances[_count] = distance;
        _multipliers[_count] = multiplier;
        _excluded[_count++] = isExcluded;
        if (isExcluded) _excludedCount++;
    }

    /// <summary>Counts the votes of all neighbours.</summary>
    /// <param name="shares">Receives [c], summing to 1; untouched where null is returned.</param>
    /// <param name="weights">Receives [k], the share of each neighbour in the vote, 0 for the excluded.</param>
    /// <returns>The winner; null where there is no neighbour or all weights are 0.</returns>
    public int? Count(Span<double> shares, Span<double> weights)
    {
        int voters = Weigh();
        int? winner = counter.Count(_labels.AsSpan(0, voters), _votes.AsSpan(0, voters), shares);
        weights.Clear();
        if (winner is null) return null;
        for (int voter = 0; voter < voters; voter++) weights[_places[voter]] = _votes[voter];
        return winner;
    }

    /// <summary>Gives the winner among the nearest 1, 2, ..., k neighbours in one pass.</summary>
    /// <param name="winners">Receives [k]; before the first neighbour that votes, the label of the nearest.</param>
    public void CountPrefixes(Span<int> winners)
    {
        int nearest = _count > 0 ? _labels[0] : 0;
        int voters = Weigh();
        counter.CountPrefixes(_labels.AsSpan(0, voters), _votes.AsSpan(0, voters), _winners.AsSpan(0, voters));
        int seen = 0;
        for (int place = 0; place < _count; place++)
        {
            if (seen < voters && _places[seen] == place) seen++;
            winners[place] = seen == 0 ? nearest : _winners[seen - 1];
        }
    }

    /// <summary>Moves the voters up, then weighs them; gives their number.</summary>
    private int Weigh()
    {
        int voters = 0;
        bool isIgnored = _excludedCount == _count;
        for (int place = 0; place < _count; place++)
        {
            if (_excluded[place] && !isIgnored) continue;
            _labels[voters] = _labels[place];
            _distances[voters] = _distances[place];
            _multipliers[voters] = _multipliers[place];
            _places[voters++] = place;
        }

        vote.Weigh(_distances.AsSpan(0, voters), _votes.AsSpan(0, voters));
        for (int voter = 0; voter < voters; voter++) _votes[voter] *= _multipliers[voter];
        return voters;
    }
}
