// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Bounds how far the device's scores of one query can be from the truth.</summary>
/// <remarks>
/// <para>Score, larger is nearer: cosine q·m/|m|, squared L2 q·m - |m|^2/2, inner product q·m. The distance is
/// 1 - score/|q|, |q|^2 - 2 score, -score.</para>
/// <para>The device multiplies q by r, what the row's code stands for, where |m - r| is at most E and |m| at most R
/// (m the unit row for the cosine), and adds the bias b. A product of length d that is summed in any order, fused or
/// not, is off by at most g |q||r| with g = n u / (1 - n u), u = 2^-24; n = d + 64 also pays for the rounding of the
/// unit row, of r, of b, of scaling and adding. So the score is off by at most |q| (E + (g + p)(R + E)) + g |b|, where
/// p is what operands or results lose that the device holds in fewer bits than single precision. Underflow, flushed
/// or not, adds at most n 2^-125. The double distance that the bound is held against is paid for by a factor 1 + 2^-20
/// and, for squared L2, by n 2^-50 (|q| + R)^2.</para>
/// <para>Where rows differ much each pays for itself: that is at most a sum of products of the query's factors and the
/// row's parts, E, R + E and |b|, and a constant; (|q| + R)^2 is at most 2 |q|^2 + 4 |b|. The factor 1 + 2^-7 pays for
/// operands that the device cuts to 10 bits.</para>
/// </remarks>
internal readonly struct DeviceBound
{
    /// <summary>Parts of a row's slack.</summary>
    public const int Parts = 3;

    private const double Unit = 1.0 / (1 << 24);
    private const double LeastPart = 1.0 / (1L << 60) / (1L << 60); // less might be flushed to 0
    private const double CutUp = 1 + (1.0 / (1 << 7));
    private const double RoundedUp = 1 + (1.0 / (1 << 20));

    private readonly Metric _metric;
    private readonly double _norm;
    private readonly double _squaredNorm;
    private readonly double _n;
    private readonly double _g;
    private readonly double _precision;

    /// <summary>Makes the bound of one query.</summary>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="d">Length of a row.</param>
    /// <param name="squaredNorm">|q|^2, not 0 under the cosine.</param>
    /// <param name="precision">p, relative to |q||r|.</param>
    public DeviceBound(Metric metric, int d, double squaredNorm, double precision)
    {
        _metric = metric;
        _norm = Math.Sqrt(squaredNorm);
        _squaredNorm = squaredNorm;
        _precision = precision;
        _n = d + 64.0;
        _g = _n * Unit < 0.5 ? _n * Unit / (1 - (_n * Unit)) * RoundedUp : double.PositiveInfinity;
    }

    /// <summary>Gives what is added to a row's score so that the true score is not above it.</summary>
    public float Slack(RowSlack rows)
    {
        double slack = (_norm * (rows.Error + ((_g + _precision) * (rows.Norm + rows.Error))))
            + (_g * rows.Bias) + (_n * double.ScaleB(1, -125));
        if (_metric == Metric.SquaredEuclidean)
            slack += _n * double.ScaleB(1, -50) * (_norm + rows.Norm) * (_norm + rows.Norm);
        return float.BitIncrement((float)(slack * RoundedUp));
    }

    /// <summary>Writes a row's parts, which the factors of <see cref="WriteFactors"/> belong to.</summary>
    public static void WriteParts(RowSlack row, Span<float> parts)
    {
        parts[0] = float.BitIncrement((float)(row.Error + LeastPart));
        parts[1] = float.BitIncrement((float)(row.Reach + LeastPart));
        parts[2] = float.BitIncrement((float)(row.Bias + LeastPart));
    }

    /// <summary>Writes what a row's parts are multiplied by.</summary>
    /// <returns>What is added to the sum of these products.</returns>
    public float WriteFactors(Span<float> factors)
    {
        double ofSquares = _metric == Metric.SquaredEuclidean ? _n * double.ScaleB(1, -50) : 0;
        factors[0] = (float)(_norm * CutUp);
        factors[1] = (float)(_norm * (_g + _precision) * CutUp);
        factors[2] = (float)((_g + (4 * ofSquares)) * CutUp);
        return (float)(((_n * double.ScaleB(1, -125)) + (2 * ofSquares * _squaredNorm)) * CutUp);
    }

    /// <summary>Gives a distance that no row with a true score up to <paramref name="most"/> is nearer than.</summary>
    public double LeastDistance(float most) => _metric switch
    {
        Metric.Cosine => Math.Min(1 - (most / _norm), 2), // distances are clamped to 2
        Metric.SquaredEuclidean => _squaredNorm - (2.0 * most),
        _ => -(double)most,
    };
}
