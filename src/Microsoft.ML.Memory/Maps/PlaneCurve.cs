// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How near two places in the plane count as being: 1 / (1 + a·d^(2b)) at distance d.</summary>
/// <param name="A">The factor a.</param>
/// <param name="B">The exponent b.</param>
/// <remarks>Source: McInnes et al., 2018, arXiv 1802.03426, section 3.2 and appendix C.</remarks>
internal readonly record struct PlaneCurve(double A, double B)
{
    private const int PointCount = 300;
    private const double Reach = 3; // spreads over which the curve is fitted
    private const int StepCount = 200;
    private const double LargestDamping = 1e12;

    /// <summary>
    /// Fits the curve, by least squares, to 1 up to a distance and an exponential fall from there on.
    /// </summary>
    public static PlaneCurve Fit(double minimumDistance, double spread)
    {
        double least = minimumDistance / spread;
        var curve = new PlaneCurve(1, 1);
        double error = curve.ErrorOf(least), damping = 1e-3;
        for (int step = 0; step < StepCount && damping < LargestDamping; step++)
        {
            PlaneCurve next = curve.Improved(least, damping);
            double nextError = next.ErrorOf(least);
            if (nextError < error) (curve, error, damping) = (next, nextError, damping / 10);
            else damping *= 10;
        }

        return curve with { A = curve.A / Math.Pow(spread, 2 * curve.B) };
    }

    private static double PointAt(int index) => Reach * (index + 1) / PointCount;

    private static double TargetAt(double distance, double least)
        => distance <= least ? 1 : Math.Exp(least - distance);

    private double ValueAt(double distance) => 1 / (1 + (A * Math.Pow(distance, 2 * B)));

    private double ErrorOf(double least)
    {
        double sum = 0;
        for (int index = 0; index < PointCount; index++)
        {
            double x = PointAt(index);
            double miss = ValueAt(x) - TargetAt(x, least);
            sum += miss * miss;
        }

        return A > 0 && B > 0 ? sum : double.PositiveInfinity;
    }

    /// <summary>Makes one step of Levenberg and Marquardt.</summary>
    private PlaneCurve Improved(double least, double damping)
    {
        double aa = 0, ab = 0, bb = 0, ra = 0, rb = 0;
        for (int index = 0; index < PointCount; index++)
        {
            double x = PointAt(index);
            double value = ValueAt(x);
            double power = Math.Pow(x, 2 * B);
            double byA = -value * value * power;
            double byB = byA * A * 2 * Math.Log(x);
            double miss = value - TargetAt(x, least);
            aa += byA * byA;
            ab += byA * byB;
            bb += byB * byB;
            ra += byA * miss;
            rb += byB * miss;
        }

        aa *= 1 + damping;
        bb *= 1 + damping;
        double determinant = (aa * bb) - (ab * ab);
        return new PlaneCurve(A - (((bb * ra) - (ab * rb)) / determinant), B - (((aa * rb) - (ab * ra)) / determinant));
    }
}
