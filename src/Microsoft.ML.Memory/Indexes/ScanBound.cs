// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// Bounds what rounding can do to one query's float scores: it turns a score into a least distance and back.
/// </summary>
/// <remarks>
/// <para>Score, larger is nearer: cosine dot / |m|, squared L2 2 dot - |m|^2, inner product dot, for row m and query q.
/// The distance is 1 - score / |q|, |q|^2 - score, -score.</para>
/// <para>An inner product of length d, summed in any order, fused or not, is off by at most g |q||m| with
/// g = n u / (1 - n u), u = 2^-24, where n = d + 32 also pays for the rounding of the row's term and of the score:
/// cosine: error at most g |q|; squared L2: g (2 |q||m| + |m|^2); inner product: g |q||m|; |m| at most R, the largest
/// norm of a trusted row (<see cref="RowTerm"/>). Underflow adds at most n 2^-148. The double distance that the bound
/// is held against has errors of the same form with u = 2^-53, paid for by a factor 1 + 2^-20 and, for squared L2, by
/// n 2^-50 (|q| + R)^2.</para>
/// <para>Under squared L2 a row longer than |q| + sqrt(D) is farther than D: where D is far enough, R need not be more
/// (<see cref="Within"/>), and one long row blurs nothing.</para>
/// </remarks>
internal readonly struct ScanBound
{
    private const double Unit = 1.0 / (1 << 24);

    private readonly Metric _metric;
    private readonly int _dimension;
    private readonly double _largestNorm;
    private readonly double _norm;
    private readonly double _squaredNorm;
    private readonly double _error;

    /// <summary>Makes the bound of one query.</summary>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="d">Length of a row.</param>
    /// <param name="squaredNorm">|q|^2, not 0 under the cosine.</param>
    /// <param name="largestNorm">R; not used under the cosine.</param>
    public ScanBound(Metric metric, int d, double squaredNorm, double largestNorm)
    {
        _metric = metric;
        _dimension = d;
        _largestNorm = largestNorm;
        _norm = Math.Sqrt(squaredNorm);
        _squaredNorm = squaredNorm;
        double n = d + 32.0;
        double g = n * Unit < 0.5 ? n * Unit / (1 - n * Unit) * (1 + 1.0 / (1 << 20)) : double.PositiveInfinity;
        _error = n * double.ScaleB(1, -148) + metric switch
        {
            Metric.Cosine => g * _norm,
            Metric.SquaredEuclidean => (g * (2 * _norm + largestNorm) * largestNorm)
                + (n * double.ScaleB(1, -50) * (_norm + largestNorm) * (_norm + largestNorm)),
            _ => g * _norm * largestNorm,
        };
    }

    /// <summary>Gives the bound where rows farther than a distance need not be told from each other.</summary>
    public ScanBound Within(double distance)
    {
        double longest = (_norm + Math.Sqrt(Math.Max(0, distance))) * (1 + 1e-6); // what rounding can do is less
        return _metric == Metric.SquaredEuclidean && longest < _largestNorm
            ? new ScanBound(_metric, _dimension, _squaredNorm, longest)
            : this;
    }

    /// <summary>Gives a distance that no row of this float score, or a lower one, can be nearer than.</summary>
    public double LeastDistance(float score) => _metric switch
    {
        Metric.Cosine => Math.Min(1 - (score + _error) / _norm, 2), // distances are clamped to 2
        Metric.SquaredEuclidean => _squaredNorm - (score + _error),
        _ => -(score + _error),
    };

    /// <summary>
    /// Gives a float score; every row of that score or a lower one is farther than <paramref name="distance"/>.
    /// </summary>
    public float Cutoff(double distance)
    {
        double exact = _metric switch
        {
            Metric.Cosine => (1 - distance) * _norm - _error,
            Metric.SquaredEuclidean => _squaredNorm - distance - _error,
            _ => -distance - _error,
        };
        float score = (float)exact;
        return score < exact ? score : float.BitDecrement(score);
    }
}
