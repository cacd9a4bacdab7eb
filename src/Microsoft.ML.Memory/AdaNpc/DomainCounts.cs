// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Running sums over the predictions of one domain.</summary>
internal sealed class DomainCounts(string name, int classCount)
{
    private readonly long[] _classes = new long[classCount];
    private long _rows, _unpredicted, _added, _refused, _evicted;
    private double _confidence, _distance, _entropy;

    /// <summary>Counts one row.</summary>
    public void Count(AdaptivePredictions predictions, int row, double threshold)
    {
        _rows++;
        if (predictions.LabelOf(row) is not { } label)
        {
            _unpredicted++;
            return;
        }

        _classes[label]++;
        _confidence += predictions.ConfidenceOf(row);
        _distance += predictions.NeighborDistancesOf(row)[0];
        foreach (double share in predictions.SharesOf(row))
        {
            if (share is > 0 and < 1) _entropy -= share * Math.Log(share);
        }

        if (predictions.AddedIdOf(row) is not null) _added++;
        else if (predictions.ConfidenceOf(row) >= threshold) _refused++;
        if (predictions.EvictedIdOf(row) is not null) _evicted++;
    }

    /// <summary>Gives the means and shares.</summary>
    /// <param name="sourceShares">[c] shares to compare with.</param>
    public DomainSummary Summarize(double[] sourceShares)
    {
        long predicted = _rows - _unpredicted;
        double divisor = Math.Max(1, predicted);
        double[] shares = Array.ConvertAll(_classes, count => count / divisor);
        return new DomainSummary(name)
        {
            RowCount = _rows,
            UnpredictedCount = _unpredicted,
            AddedCount = _added,
            RefusedCount = _refused,
            EvictedCount = _evicted,
            MeanConfidence = _confidence / divisor,
            MeanDistance = _distance / divisor,
            MeanEntropy = _entropy / divisor,
            ClassShares = shares,
            ClassShift = predicted == 0
                ? 0
                : shares.Zip(sourceShares, (here, source) => Math.Abs(here - source)).Sum() / 2,
        };
    }
}
