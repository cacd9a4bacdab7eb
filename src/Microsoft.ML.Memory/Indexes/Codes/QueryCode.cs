// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What a search knows of a query's code.</summary>
/// <param name="Step">Distance t of two neighbouring code values; 0 where the query has no code.</param>
/// <param name="Length">At least |a|, the length of the code a.</param>
/// <param name="Error">At least |e| / |t a|, where the query is t a + e.</param>
/// <param name="SquaredNorm">|q|^2.</param>
/// <param name="Margin">
/// What distances in double precision can be off by beside a share of the row's norm, as a score in units of t: under
/// squared L2 n 2^-51 |q|^2 (<see cref="ScanBound"/>), else nothing.
/// </param>
internal readonly unsafe record struct QueryCode(
    float Step, float Length, double Error, double SquaredNorm, float Margin)
{
    /// <summary>True where the query has a code.</summary>
    public bool IsCoded => Step > 0;

    /// <summary>Gives a distance that no row whose score is at most <paramref name="most"/> is nearer than.</summary>
    public double LeastDistance(Metric metric, float most)
    {
        double score = ((double)most + Margin) * Step;
        return metric switch
        {
            Metric.Cosine => Math.Min(1 - score / Math.Sqrt(SquaredNorm), 2), // distances are clamped to 2
            Metric.SquaredEuclidean => SquaredNorm - score,
            _ => -score,
        };
    }

    /// <summary>Gives a score; every row that is known to have at most that one is farther than a distance.</summary>
    public float Cutoff(Metric metric, double distance)
    {
        double score = metric switch
        {
            Metric.Cosine => (1 - distance) * Math.Sqrt(SquaredNorm),
            Metric.SquaredEuclidean => SquaredNorm - distance,
            _ => -distance,
        };
        return Math.Min(float.BitDecrement((float)((score / Step) - Margin)), float.MaxValue);
    }

    /// <summary>Codes a query, if its magnitude lets single precision bound its scores.</summary>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="query">d values.</param>
    /// <param name="d">Length of the query.</param>
    /// <param name="largest">Largest magnitude of a code's value.</param>
    /// <param name="code">Receives the padded code; not to be used where the query has none.</param>
    public static QueryCode Of(Metric metric, float* query, int d, int largest, sbyte* code)
    {
        double square = PairDistance.SquaredNorm(query, d);
        if (!(Math.Sqrt(square) <= RowCode.LargestNorm)) return new QueryCode(0, 0, 0, square, 0);
        float step = RowCode.StepOf(query, d, largest);
        if (step < RowCode.SmallestStep) return new QueryCode(0, 0, 0, square, 0);

        CodeSums sums = RowCode.Round(query, d, step, largest, code);
        double length = Math.Sqrt(sums.Square);
        double error = sums.Error / (step * length);
        double margin = metric == Metric.SquaredEuclidean ? (d + 32) * double.ScaleB(1, -51) * square / step : 0;
        return new QueryCode(
            step,
            (float)(length * RowCode.RoundedUp),
            error * RowCode.RoundedUp,
            square,
            (float)(margin * RowCode.RoundedUp));
    }
}
