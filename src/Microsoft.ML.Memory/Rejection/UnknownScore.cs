// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Computes the score of each kind from a query's neighbours and vote.</summary>
internal static class UnknownScore
{
    /// <summary>Gives the score of a query.</summary>
    /// <param name="kind">Which score; not the one normalised by class, which divides that of the k-th.</param>
    /// <param name="distances">[k], ascending, at least one.</param>
    /// <param name="shares">[c], the vote shares.</param>
    /// <param name="temperature">Temperature of the softmax leftover, above 0.</param>
    public static double Of(
        UnknownScoreKind kind, ReadOnlySpan<float> distances, ReadOnlySpan<double> shares, double temperature)
        => kind switch
        {
            UnknownScoreKind.VoteEntropy => VoteCounter.Entropy(shares),
            UnknownScoreKind.MaxProbability => 1 - Largest(shares),
            UnknownScoreKind.NearestDistance => distances[0],
            UnknownScoreKind.MeanDistance => Mean(distances),
            UnknownScoreKind.SoftmaxLeftover => Leftover(distances, temperature),
            _ => distances[^1],
        };

    /// <summary>
    /// Divides a distance by the median of a class; infinity where a class of duplicates has median 0.
    /// </summary>
    public static double Normalize(double distance, double median)
        => distance == 0 ? 0 : double.IsPositiveInfinity(distance) ? distance : distance / median;

    private static double Largest(ReadOnlySpan<double> shares)
    {
        double largest = 0;
        foreach (double share in shares) largest = Math.Max(largest, share);
        return largest;
    }

    private static double Mean(ReadOnlySpan<float> distances)
    {
        double sum = 0;
        foreach (float distance in distances) sum += distance;

        // Inner products may overflow either way in float, and infinities of both signs have no sum: the middle one.
        return double.IsNaN(sum) ? distances[distances.Length / 2] : sum / distances.Length;
    }

    private static double Leftover(ReadOnlySpan<float> distances, double temperature)
    {
        // The exponent of the nearest is taken out, so that a small temperature does not overflow.
        double nearest = (1.0 - distances[0]) / temperature;
        double sum = 0;
        foreach (float distance in distances)
        {
            // A distance may overflow to infinity in float, and infinity less infinity is no number.
            sum += distance == distances[0] ? 1 : Math.Exp((distances[0] - (double)distance) / temperature);
        }

        double rest = Math.Exp(-Math.Abs(nearest));
        return nearest > 0 ? rest / (rest + sum) : 1 / (1 + (sum * rest));
    }
}
