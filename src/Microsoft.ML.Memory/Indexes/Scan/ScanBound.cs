// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// Bounds what rounding can do to one query's float scores: it turns a score into a least distance and back.
/// </summary>
/// <remarks>
/// <para>Score, larger is nearer: cosine f dot / |m|, squared L2 2 dot - |m|^2, inner product f dot, for row m and
/// query q, where f is about 1 / |q| (<see cref="FactorOf"/>). The distance is 1 - score / (f |q|), |q|^2 - score,
/// -score / f.</para>
/// <para>An inner product of length d, summed in any order, fused or not, is off by at most g |q||m| with
/// g = n u / (1 - n u), u = 2^-24, where n = d + 32 also pays for the rounding of the row's term, of the scaled query
/// and of the score: cosine: error at most g; squared L2: g (2 |q||m| + |m|^2); inner product: g |m|.</para>
/// <para>A pass that multiplies rows and queries together with others (<see cref="StrassenPass{TTile}"/>) has a larger
/// g, and instead of |q| and |m| the largest norm of those multiplied together.</para>
/// <para>What grows with the row is added to its score (<see cref="OffsetOf"/>), so that a long row blurs nothing but
/// itself: for the inner product g |m|; for squared L2 g (1 + 1/w) |m|^2 with a weight w > 0. No true score is then
/// above the float score and what is left of the error: for the cosine g; for the inner product nothing; for
/// squared L2 the most that g (2 |q| x - x^2 / w) comes to for any norm x up to R, the largest of a trusted row
/// (<see cref="RowTerm"/>): at x = w |q| that is g w |q|^2, and less at R where w |q| is beyond it.</para>
/// <para>Any weight is right. With w = 1 both parts are as large as the error where |m| = |q|; a query that is far
/// longer than the rows in question is bounded best by |m| / |q| (<see cref="WeightOf"/>).</para>
/// <para>Scores may instead be minus the sums s of squared differences, which under squared L2 are off by at most g s:
/// the nearer the rows, the less, wherever the origin is (<see cref="OfDifferences"/>).</para>
/// <para>Underflow adds at most n 2^-148. The double distance that the bound is held against has errors of the same
/// form with u = 2^-53, paid for by a factor 1 + 2^-20 of g and, under squared L2, where they are at most
/// n 2^-52 (|q|^2 + |m|^2), by n 2^-51 |q|^2.</para>
/// </remarks>
internal readonly struct ScanBound
{
    /// <summary>Rows shorter than this share of a query are nothing beside it to single precision.</summary>
    public const double LeastWeight = 1.0 / (1 << 24);

    private const double Unit = 1.0 / (1 << 24);

    private readonly Metric _metric;
    private readonly double _norm;
    private readonly double _squaredNorm;
    private readonly double _factor;
    private readonly double _error;

    /// <summary>Makes the bound of one query, which is multiplied with each row by itself.</summary>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="d">Length of a row.</param>
    /// <param name="squaredNorm">|q|^2, not 0 under the cosine.</param>
    /// <param name="largestNorm">R; matters under squared L2.</param>
    /// <param name="weight">w; matters under squared L2.</param>
    public ScanBound(Metric metric, int d, double squaredNorm, double largestNorm, double weight)
        : this(metric, d, squaredNorm, largestNorm, weight, RoundingOf(d), squaredNorm)
    {
    }

    /// <summary>Makes the bound of one query.</summary>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="d">Length of a row.</param>
    /// <param name="squaredNorm">|q|^2, not 0 under the cosine.</param>
    /// <param name="largestNorm">R; matters under squared L2.</param>
    /// <param name="weight">w; matters under squared L2.</param>
    /// <param name="rounding">g.</param>
    /// <param name="largestSquare">
    /// The largest squared norm of the queries that are multiplied together; matters under squared L2.
    /// </param>
    public ScanBound(
        Metric metric,
        int d,
        double squaredNorm,
        double largestNorm,
        double weight,
        double rounding,
        double largestSquare)
    {
        _metric = metric;
        _norm = Math.Sqrt(squaredNorm);
        _squaredNorm = squaredNorm;
        _factor = FactorOf(metric, squaredNorm);
        double n = d + 32.0;
        double longest = Math.Sqrt(largestSquare);
        double x = Math.Min(weight * longest, largestNorm);
        _error = UnderflowOf(d) + metric switch
        {
            Metric.Cosine => rounding,
            Metric.SquaredEuclidean =>
                (rounding * x * (2 * longest - x / weight)) + (n * double.ScaleB(1, -51) * squaredNorm),
            _ => 0,
        };
    }

    private ScanBound(Metric metric, double factor, double error)
    {
        _metric = metric;
        _factor = factor;
        _error = error;
    }

    /// <summary>Makes the bound of scores by squared differences, the same for all queries.</summary>
    /// <remarks>As the inner product is minus f times the distance, so is the score, with f = 1 + g.</remarks>
    public static ScanBound OfDifferences(int d) => new(Metric.InnerProduct, 1 + RoundingOf(d), UnderflowOf(d));

    /// <summary>
    /// Gives what a query is multiplied by before it is compared: 1 under squared L2, else f.
    /// </summary>
    public static float FactorOf(Metric metric, double squaredNorm) => metric == Metric.SquaredEuclidean
        ? 1
        : (float)Math.Min(1 / Math.Sqrt(squaredNorm), 1e36); // a shorter query stays shorter than 1, which is as right

    /// <summary>
    /// Gives what is added to a row's score, as a multiple of its term: what the score can be off by and, under squared
    /// L2, -|m|^2.
    /// </summary>
    public static float OffsetOf(Metric metric, int d, double weight) => metric switch
    {
        Metric.Cosine => 0,
        Metric.SquaredEuclidean => (float)(BlurOf(metric, RoundingOf(d), weight) - 1),
        _ => (float)BlurOf(metric, RoundingOf(d), weight),
    };

    /// <summary>
    /// Gives what a score can be off by that is added to it, as a multiple of |m| or, under squared L2, of |m|^2.
    /// </summary>
    public static double BlurOf(Metric metric, double rounding, double weight) =>
        metric == Metric.SquaredEuclidean ? rounding * (1 + (1 / weight)) : rounding;

    /// <summary>Gives the weight with which a query's scores of some rows are bounded best, at most 1.</summary>
    /// <param name="square">The squared norm of those rows.</param>
    /// <param name="squareOfQuery">The query's squared norm.</param>
    public static double WeightOf(double square, double squareOfQuery)
    {
        double ratio = Math.Sqrt(square / squareOfQuery);
        return ratio >= LeastWeight && ratio < 1 ? ratio : 1;
    }

    /// <summary>Gives g for rows that are multiplied one by one.</summary>
    public static double RoundingOf(int d)
    {
        double n = d + 32.0;
        return n * Unit < 0.5 ? n * Unit / (1 - n * Unit) * (1 + 1.0 / (1 << 20)) : double.PositiveInfinity;
    }

    /// <summary>
    /// Gives g for rows that are multiplied in pairs (<see cref="StrassenPass{TTile}"/>).
    /// </summary>
    public static double RoundingOfPairs(int d) => 12.5 * RoundingOf(d / 2);

    /// <summary>Gives a distance that no row of this float score, or a lower one, can be nearer than.</summary>
    public double LeastDistance(float score) => _metric switch
    {
        Metric.Cosine => Math.Min(1 - (score + _error) / (_factor * _norm), 2), // distances are clamped to 2
        Metric.SquaredEuclidean => _squaredNorm - (score + _error),
        _ => -(score + _error) / _factor,
    };

    /// <summary>
    /// Gives a float score; every row of that score or a lower one is farther than <paramref name="distance"/>.
    /// </summary>
    public float Cutoff(double distance)
    {
        double exact = _metric switch
        {
            Metric.Cosine => (1 - distance) * _factor * _norm - _error,
            Metric.SquaredEuclidean => _squaredNorm - distance - _error,
            _ => -distance * _factor - _error,
        };
        float score = (float)exact;
        return score < exact ? score : float.BitDecrement(score);
    }

    private static double UnderflowOf(int d) => (d + 32.0) * double.ScaleB(1, -148);
}
