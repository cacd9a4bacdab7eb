// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>What an adaptive memory made of a block of rows.</summary>
/// <remarks>Reused from block to block without allocating; not safe for concurrent use.</remarks>
public sealed class AdaptivePredictions
{
    private readonly List<int> _starts = [0];
    private readonly List<long> _neighborIds = [];
    private readonly List<int> _neighborLabels = [];
    private readonly List<float> _neighborDistances = [];
    private readonly List<float> _neighborWeights = [];
    private double[] _shares = [];
    private int?[] _labels = [];
    private double[] _confidences = [];
    private long?[] _addedIds = [];
    private long?[] _evictedIds = [];

    /// <summary>Number of rows of the last block.</summary>
    public int RowCount { get; private set; }

    /// <summary>Number of classes.</summary>
    public int ClassCount { get; private set; }

    /// <summary>
    /// Gives the predicted class; null where there is no neighbour: the memory is empty or a feature is NaN.
    /// </summary>
    public int? LabelOf(int row) => _labels[Check.Index(row, RowCount)];

    /// <summary>Gives the confidence of the prediction; 0 where there is none.</summary>
    public double ConfidenceOf(int row) => _confidences[Check.Index(row, RowCount)];

    /// <summary>Gives the vote share of each class, [c], summing to 1; zeros where there is no neighbour.</summary>
    public ReadOnlySpan<double> SharesOf(int row)
        => _shares.AsSpan(Check.Index(row, RowCount) * ClassCount, ClassCount);

    /// <summary>Gives the id under which the row was remembered; null where it was not.</summary>
    public long? AddedIdOf(int row) => _addedIds[Check.Index(row, RowCount)];

    /// <summary>Gives the id of the entry that left for the row; null where none did.</summary>
    public long? EvictedIdOf(int row) => _evictedIds[Check.Index(row, RowCount)];

    /// <summary>Gives the ids of the entries that voted, nearest first.</summary>
    public ReadOnlySpan<long> NeighborIdsOf(int row) => Of(_neighborIds, row);

    /// <summary>Gives the classes of the entries that voted, nearest first.</summary>
    public ReadOnlySpan<int> NeighborLabelsOf(int row) => Of(_neighborLabels, row);

    /// <summary>Gives the cosine distances of the entries that voted, ascending.</summary>
    public ReadOnlySpan<float> NeighborDistancesOf(int row) => Of(_neighborDistances, row);

    /// <summary>Gives the share of each entry in the vote, summing to 1.</summary>
    public ReadOnlySpan<float> NeighborWeightsOf(int row) => Of(_neighborWeights, row);

    /// <summary>Gives the scores of a row: the floored shares, or the prior where there is no neighbour.</summary>
    /// <param name="row">The row.</param>
    /// <param name="settings">Who sets the floor.</param>
    /// <param name="prior">[c] what a row without a neighbour gets.</param>
    /// <param name="scores">Receives [c], summing to 1.</param>
    internal void CopyScores(int row, AdaptationSettings settings, double[] prior, Span<float> scores)
    {
        bool isVoted = LabelOf(row) is not null;
        ReadOnlySpan<double> shares = isVoted ? SharesOf(row) : prior;
        double floor = isVoted ? settings.ProbabilityFloor : 0;
        double total = 1 + (ClassCount * floor);
        for (int index = 0; index < scores.Length; index++) scores[index] = (float)((shares[index] + floor) / total);
    }

    /// <summary>Starts a new block.</summary>
    /// <exception cref="ArgumentException">An array cannot hold the shares of so many rows.</exception>
    internal void Reset(int rowCount, int classCount)
    {
        if ((long)rowCount * classCount > Array.MaxLength)
        {
            throw new ArgumentException(
                $"rows must be at most {Array.MaxLength / classCount} at a time for {classCount} classes. "
                + $"Got {rowCount}.",
                "rows");
        }

        if (_labels.Length < rowCount)
        {
            _labels = new int?[rowCount];
            _confidences = new double[rowCount];
            _addedIds = new long?[rowCount];
            _evictedIds = new long?[rowCount];
        }

        if (_shares.Length < rowCount * classCount) _shares = new double[rowCount * classCount];
        RowCount = rowCount;
        ClassCount = classCount;
        _addedIds.AsSpan(0, rowCount).Clear();
        _evictedIds.AsSpan(0, rowCount).Clear();
        _starts.Clear();
        _starts.Add(0);
        _neighborIds.Clear();
        _neighborLabels.Clear();
        _neighborDistances.Clear();
        _neighborWeights.Clear();
    }

    /// <summary>Gives the shares of a row to write.</summary>
    internal Span<double> WriteShares(int row) => _shares.AsSpan(row * ClassCount, ClassCount);

    /// <summary>Appends a neighbour of the row that is next to be closed.</summary>
    internal void AddNeighbor(long id, int label, float distance, double weight)
    {
        _neighborIds.Add(id);
        _neighborLabels.Add(label);
        _neighborDistances.Add(distance);
        _neighborWeights.Add((float)weight);
    }

    /// <summary>Closes the next row.</summary>
    internal void CloseRow(int row, int? label, double confidence)
    {
        _labels[row] = label;
        _confidences[row] = confidence;
        _starts.Add(_neighborIds.Count);
    }

    /// <summary>Notes that a row was remembered, and who left for it.</summary>
    internal void SetAdded(int row, long addedId, long? evictedId)
    {
        _addedIds[row] = addedId;
        _evictedIds[row] = evictedId;
    }

    private ReadOnlySpan<T> Of<T>(List<T> values, int row)
    {
        int start = _starts[Check.Index(row, RowCount)];
        return CollectionsMarshal.AsSpan(values)[start.._starts[row + 1]];
    }
}
