// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// Counts right predictions for every number of neighbours, by running totals: O(k) a row and offset.
/// </summary>
internal sealed class VoteSweep
{
    private readonly double[] _offsets;
    private readonly NeighborVote[] _votes;
    private readonly int[][] _correct;
    private readonly int[] _winners;

    public VoteSweep(VisualMemoryTransformer memory, int neighborCount, double[] offsets)
    {
        _offsets = offsets;
        _votes = Array.ConvertAll(offsets, offset => new NeighborVote(
            memory.Options with { RankOffset = offset }, memory.Model, memory.Levels, memory.Trust.Pruning));
        _correct = Array.ConvertAll(offsets, _ => new int[neighborCount]);
        _winners = new int[neighborCount];
    }

    /// <summary>Number of rows seen.</summary>
    public int RowCount { get; private set; }

    /// <summary>Adds one row; one without neighbours is wrong throughout, one with few lets them all vote.</summary>
    public void Add(int label, ReadOnlySpan<int> positions, ReadOnlySpan<float> distances)
    {
        RowCount++;
        if (positions.IsEmpty) return;
        Span<int> winners = _winners.AsSpan(0, positions.Length);
        for (int index = 0; index < _votes.Length; index++)
        {
            _votes[index].CountPrefixes(positions, distances, winners);
            int[] correct = _correct[index];
            for (int place = 0; place < correct.Length; place++)
            {
                if (winners[Math.Min(place, winners.Length - 1)] == label) correct[place]++;
            }
        }
    }

    public VoteTuning Report()
    {
        var trials = new List<VoteTrial>();
        for (int index = 0; index < _offsets.Length; index++)
        {
            for (int place = 0; place < _winners.Length; place++)
                trials.Add(new VoteTrial(place + 1, _offsets[index], _correct[index][place]));
        }

        return new VoteTuning(trials, RowCount);
    }
}
