// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How strongly one entry is tied to each of its neighbours: its nearest fully, others by its own scale.
/// </summary>
/// <param name="Nearest">Distance rho from which on ties weaken.</param>
/// <param name="Scale">Distance sigma over which they do; 0 where all ties are full.</param>
/// <remarks>Source: McInnes et al., 2018, arXiv 1802.03426, section 3.1.</remarks>
internal readonly record struct LocalScale(double Nearest, double Scale)
{
    private const int StepCount = 64;
    private const double Tolerance = 1e-5;
    private const double LeastShareOfMean = 1e-3;

    /// <summary>Finds the scale at which the ties sum to the binary logarithm of their number.</summary>
    /// <param name="distances">[k], ascending.</param>
    /// <param name="isSigned">
    /// Whether distances may be below 0; else the nearest is the first above 0, if there is one.
    /// </param>
    public static LocalScale Of(ReadOnlySpan<double> distances, bool isSigned)
    {
        if (distances.IsEmpty) return default;
        double nearest = distances[0];
        for (int rank = 0; !isSigned && nearest <= 0 && rank < distances.Length; rank++) nearest = distances[rank];
        double mean = 0;
        foreach (double distance in distances) mean += Math.Max(0, distance - nearest) / distances.Length;
        if (mean == 0) return new LocalScale(nearest, 0);

        double target = Math.Log2(distances.Length);
        double low = 0, high = double.PositiveInfinity, scale = mean;
        for (int step = 0; step < StepCount; step++)
        {
            double sum = new LocalScale(nearest, scale).Sum(distances);
            if (Math.Abs(sum - target) <= Tolerance) break;
            if (sum > target) high = scale;
            else low = scale;
            scale = double.IsInfinity(high) ? 2 * scale : (low + high) / 2;
        }

        return new LocalScale(nearest, Math.Max(scale, LeastShareOfMean * mean));
    }

    /// <summary>Gives the tie to a neighbour at a distance, in [0, 1].</summary>
    public double TieTo(double distance)
        => distance <= Nearest || Scale == 0 ? 1 : Math.Exp(-(distance - Nearest) / Scale);

    /// <summary>Sums the ties to all neighbours.</summary>
    public double Sum(ReadOnlySpan<double> distances)
    {
        double sum = 0;
        foreach (double distance in distances) sum += TieTo(distance);
        return sum;
    }
}
