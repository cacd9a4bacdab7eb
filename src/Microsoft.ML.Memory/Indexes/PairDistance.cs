// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Memory;

/// <summary>The distance of two vectors in double precision: what a search answers and orders by.</summary>
/// <remarks>
/// <para>Element i is added to lane i mod 8 of eight double lanes, in the order of i; the lanes l are then summed as
/// ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7)). Products of two floats are exact in double and squares of
/// differences are multiplied, then added, so the bits are the same on every processor.</para>
/// <para>Cosine: 1 - dot / sqrt(|a|^2 |b|^2), clamped to [0, 2]; 1 where either vector is zero.</para>
/// </remarks>
internal static unsafe class PairDistance
{
    private const int Lanes = 8;

    /// <summary>Gives |a|^2.</summary>
    public static double SquaredNorm(float* a, int d) => Dot(a, a, d);

    /// <summary>Gives the distance of query <paramref name="q"/>, whose squared norm is given, and row <paramref name="m"/>.</summary>
    public static double Of(Metric metric, float* q, double squaredNormOfQuery, float* m, int d) => metric switch
    {
        Metric.Cosine => Cosine(q, squaredNormOfQuery, m, d),
        Metric.SquaredEuclidean => SquaredEuclidean(q, m, d),
        _ => 0 - Dot(q, m, d), // 0, not -0, where they are orthogonal
    };

    private static double Cosine(float* q, double qq, float* m, int d)
    {
        double dot = DotAndSquare(q, m, d, out double mm);
        if (qq == 0 || mm == 0) return 1;
        return Math.Clamp(1 - dot / Math.Sqrt(qq * mm), 0, 2);
    }

    private static double Dot(float* a, float* b, int d)
    {
        Vector256<double> low = default, high = default; // lanes 0..3 and 4..7
        int whole = d - d % Lanes;
        for (int i = 0; i < whole; i += Lanes) Multiply(a + i, b + i, ref low, ref high);
        if (whole < d)
        {
            float* tails = stackalloc float[2 * Lanes];
            CopyTails(a, b, whole, d, tails);
            Multiply(tails, tails + Lanes, ref low, ref high);
        }

        return Sum(low, high);
    }

    private static double DotAndSquare(float* a, float* b, int d, out double square)
    {
        Vector256<double> low = default, high = default, squareLow = default, squareHigh = default;
        int whole = d - d % Lanes;
        for (int i = 0; i < whole; i += Lanes)
        {
            Multiply(a + i, b + i, ref low, ref high);
            Multiply(b + i, b + i, ref squareLow, ref squareHigh);
        }

        if (whole < d)
        {
            float* tails = stackalloc float[2 * Lanes];
            CopyTails(a, b, whole, d, tails);
            Multiply(tails, tails + Lanes, ref low, ref high);
            Multiply(tails + Lanes, tails + Lanes, ref squareLow, ref squareHigh);
        }

        square = Sum(squareLow, squareHigh);
        return Sum(low, high);
    }

    private static double SquaredEuclidean(float* a, float* b, int d)
    {
        Vector256<double> low = default, high = default;
        int whole = d - d % Lanes;
        for (int i = 0; i < whole; i += Lanes) AddSquares(a + i, b + i, ref low, ref high);
        if (whole < d)
        {
            float* tails = stackalloc float[2 * Lanes];
            CopyTails(a, b, whole, d, tails);
            AddSquares(tails, tails + Lanes, ref low, ref high);
        }

        return Sum(low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(float* a, float* b, ref Vector256<double> low, ref Vector256<double> high)
    {
        (Vector256<double> aLow, Vector256<double> aHigh) = Vector256.Widen(Vector256.Load(a));
        (Vector256<double> bLow, Vector256<double> bHigh) = Vector256.Widen(Vector256.Load(b));
        low = Vector256.MultiplyAddEstimate(aLow, bLow, low); // exact product: fused or not, the same bits
        high = Vector256.MultiplyAddEstimate(aHigh, bHigh, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSquares(float* a, float* b, ref Vector256<double> low, ref Vector256<double> high)
    {
        (Vector256<double> aLow, Vector256<double> aHigh) = Vector256.Widen(Vector256.Load(a));
        (Vector256<double> bLow, Vector256<double> bHigh) = Vector256.Widen(Vector256.Load(b));
        aLow -= bLow;
        aHigh -= bHigh;
        low += aLow * aLow;
        high += aHigh * aHigh;
    }

    /// <summary>Copies the last d mod 8 values of both vectors, padded with zeros, which add nothing.</summary>
    private static void CopyTails(float* a, float* b, int start, int d, float* tails)
    {
        new Span<float>(tails, 2 * Lanes).Clear();
        for (int i = start; i < d; i++)
        {
            tails[i - start] = a[i];
            tails[Lanes + i - start] = b[i];
        }
    }

    private static double Sum(Vector256<double> low, Vector256<double> high)
    {
        Vector256<double> four = low + high;
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }
}
