// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The number that the scan keeps beside each row, made once, when the row is stored.</summary>
/// <remarks>
/// Cosine: 1 / |row|, 0 for a zero row. Squared L2: |row|^2. Inner product: |row|, which enters bounds only.
/// NaN marks a row whose scores single precision cannot be trusted with; the scan re-scores such a row in double.
/// </remarks>
internal static class RowTerm
{
    /// <summary>Norms above this one are not trusted to float: a product of two of them has to stay finite.</summary>
    private const double LargestNorm = 1L << 60;

    /// <summary>
    /// Norms below this one, other than 0, are not trusted under the cosine: 1 / norm has to stay finite.
    /// </summary>
    private const double SmallestNorm = 1.0 / (1L << 60);

    /// <summary>Gives the term of one row.</summary>
    public static unsafe float Of(Metric metric, ReadOnlySpan<float> row)
    {
        double square;
        fixed (float* values = row) square = PairDistance.SquaredNorm(values, row.Length);

        double norm = Math.Sqrt(square);
        if (norm > LargestNorm) return float.NaN;
        if (metric == Metric.SquaredEuclidean) return (float)square;
        if (metric == Metric.InnerProduct) return (float)norm;
        if (norm == 0) return 0;
        return norm < SmallestNorm ? float.NaN : (float)(1 / norm);
    }

    /// <summary>Gives a number that the norms of rows of this term and of lower ones do not exceed.</summary>
    public static double NormOf(Metric metric, float term) =>
        (metric == Metric.SquaredEuclidean ? Math.Sqrt(term) : term) * (1 + 1e-6);

    /// <summary>Says whether float scores of a query with this squared norm can be trusted.</summary>
    public static bool IsTrusted(Metric metric, double squaredNorm)
    {
        double norm = Math.Sqrt(squaredNorm);
        return norm <= LargestNorm && (metric != Metric.Cosine || norm >= SmallestNorm);
    }
}
