// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The weighted mean of the labels of a row's neighbours: the sum of w·y, divided by the sum of w.</summary>
/// <remarks>
/// w = example weight, or that divided by the distance; see <see cref="NeighborWeighting"/>. Sums are taken in double,
/// nearest first. Belongs to one scorer.
/// </remarks>
internal sealed class NeighborMean
{
    private readonly FoundNeighbors _neighbors;
    private readonly StoredValues<float> _labels;
    private readonly StoredValues<float>? _exampleWeights;
    private readonly bool _isByDistance;
    private readonly bool _isSquared;

    public NeighborMean(NearestNeighborsRegressionTransformer transformer, FoundNeighbors neighbors)
    {
        _neighbors = neighbors;
        _labels = transformer.Labels;
        _exampleWeights = transformer.ExampleWeights;
        _isByDistance = transformer.Options.Weighting == NeighborWeighting.InverseDistance;
        _isSquared = transformer.Options.Metric == Metric.SquaredEuclidean;
    }

    /// <summary>Gives the mean of a row; NaN where no neighbour counts, since there is none or all weigh 0.</summary>
    public float Of(int row)
    {
        double sum = 0, total = 0;
        for (int rank = 0; rank < _neighbors.CountOf(row); rank++)
        {
            int slot = _neighbors.SlotOf(row, rank);
            double weight = WeightOf(row, rank, slot);
            sum += weight * _labels.ScalarAt(slot);
            total += weight;
        }

        return total > 0 ? (float)(sum / total) : float.NaN;
    }

    /// <summary>Gives how much each neighbour of a row counts, summing to 1; 0 for each where none counts.</summary>
    /// <param name="row">The row.</param>
    /// <param name="shares">Receives [m], nearest first.</param>
    public void CopyShares(int row, Span<float> shares)
    {
        double total = 0;
        for (int rank = 0; rank < shares.Length; rank++)
            total += WeightOf(row, rank, _neighbors.SlotOf(row, rank));
        for (int rank = 0; rank < shares.Length; rank++)
            shares[rank] = total > 0 ? (float)(WeightOf(row, rank, _neighbors.SlotOf(row, rank)) / total) : 0;
    }

    private double WeightOf(int row, int rank, int slot)
    {
        double exampleWeight = _exampleWeights?.ScalarAt(slot) ?? 1;
        return _isByDistance ? exampleWeight * InverseDistance(row, rank) : exampleWeight;
    }

    private double InverseDistance(int row, int rank)
    {
        float nearest = _neighbors.DistanceOf(row, 0);
        float distance = _neighbors.DistanceOf(row, rank);

        // no ratio to 0 is a number, nor to what is too far away for a Single: those at that distance share alike
        if (nearest == 0 || float.IsInfinity(nearest)) return distance == nearest ? 1 : 0;
        return 1 / (_isSquared ? Math.Sqrt(distance) : distance);
    }
}
