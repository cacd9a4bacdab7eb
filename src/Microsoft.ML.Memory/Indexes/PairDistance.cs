// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
    private const int Half = Lanes / 2;
    private const int FloatsOfLine = 16;

    /// <summary>Rows that are compared side by side at most.</summary>
    public const int Many = 4;

    /// <summary>Gives |a|^2.</summary>
    public static double SquaredNorm(float* a, int d) => Dot(a, a, d);

    /// <summary>
    /// Gives the distance of query <paramref name="q"/>, whose squared norm is given, and row <paramref name="m"/>.
    /// </summary>
    public static double Of(Metric metric, float* q, double squaredNormOfQuery, float* m, int d) => metric switch
    {
        Metric.Cosine => Cosine(q, squaredNormOfQuery, m, d),
        Metric.SquaredEuclidean => SquaredEuclidean(q, m, d),
        _ => 0 - Dot(q, m, d), // 0, not -0, where they are orthogonal
    };

    /// <summary>Gives the distances of a query and a few rows, each as if alone, but faster.</summary>
    /// <param name="metric">How far apart two vectors are.</param>
    /// <param name="q">The query, [d].</param>
    /// <param name="squaredNormOfQuery">|q|^2.</param>
    /// <param name="rows">The rows, [d] each.</param>
    /// <param name="count">Number of rows, at most <see cref="Many"/>.</param>
    /// <param name="d">Length of a row.</param>
    /// <param name="distances">Receives the distances.</param>
    public static void Of(
        Metric metric, float* q, double squaredNormOfQuery, float** rows, int count, int d, double* distances)
    {
        if (!IsWide || count < Many)
        {
            for (int i = 0; i < count; i++) distances[i] = Of(metric, q, squaredNormOfQuery, rows[i], d);
        }
        else if (metric == Metric.SquaredEuclidean) FourSquares(q, rows, d, distances);
        else
        {
            double* squares = stackalloc double[Many];
            FourDots(q, rows, d, distances, squares);
            for (int i = 0; i < Many; i++)
            {
                distances[i] = metric == Metric.Cosine
                    ? Cosine(distances[i], squaredNormOfQuery, squares[i])
                    : 0 - distances[i];
            }
        }
    }

    /// <summary>Asks for a row ahead of its use: rows picked here and there come line by line otherwise.</summary>
    public static void Prefetch(float* row, int d)
    {
        if (!Sse.IsSupported) return;
        for (int i = 0; i < d; i += FloatsOfLine) Sse.Prefetch0(row + i);
    }

    /// <summary>Asks for a row long ahead of its use: it comes to the second-level cache.</summary>
    public static void PrefetchFar(float* row, int d)
    {
        if (!Sse.IsSupported) return;
        for (int i = 0; i < d; i += FloatsOfLine) Sse.Prefetch1(row + i);
    }

    private static double Cosine(float* q, double qq, float* m, int d)
    {
        double dot = DotAndSquare(q, m, d, out double mm);
        return Cosine(dot, qq, mm);
    }

    private static double Cosine(double dot, double qq, double mm)
    {
        if (qq == 0 || mm == 0) return 1;
        return Math.Clamp(1 - dot / Math.Sqrt(qq * mm), 0, 2);
    }

    private static bool IsWide => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Dot(float* a, float* b, int d)
    {
        Vector256<double> low = default, high = default; // lanes 0..3 and 4..7
        int i = 0;
        if (IsWide)
        {
            Vector512<double> all = default;
            for (; i <= d - Lanes; i += Lanes) all = Add(all, WidenAll(a + i), WidenAll(b + i));
            (low, high) = (all.GetLower(), all.GetUpper());
        }

        for (; i <= d - Lanes; i += Lanes)
        {
            low = Add(low, Widen(a + i), Widen(b + i));
            high = Add(high, Widen(a + i + Half), Widen(b + i + Half));
        }

        low = Add(low, Widen(a + i, d - i), Widen(b + i, d - i));
        high = Add(high, Widen(a + i + Half, d - i - Half), Widen(b + i + Half, d - i - Half));
        return Sum(low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double DotAndSquare(float* a, float* b, int d, out double square)
    {
        Vector256<double> low = default, high = default, squareLow = default, squareHigh = default;
        int i = 0;
        if (IsWide)
        {
            Vector512<double> all = default, squares = default;
            for (; i <= d - Lanes; i += Lanes)
            {
                Vector512<double> x = WidenAll(b + i);
                all = Add(all, WidenAll(a + i), x);
                squares = Add(squares, x, x);
            }

            (low, high, squareLow, squareHigh) =
                (all.GetLower(), all.GetUpper(), squares.GetLower(), squares.GetUpper());
        }

        for (; i <= d - Lanes; i += Lanes)
        {
            Vector256<double> x = Widen(b + i), y = Widen(b + i + Half);
            low = Add(low, Widen(a + i), x);
            high = Add(high, Widen(a + i + Half), y);
            squareLow = Add(squareLow, x, x);
            squareHigh = Add(squareHigh, y, y);
        }

        Vector256<double> lastLow = Widen(b + i, d - i), lastHigh = Widen(b + i + Half, d - i - Half);
        low = Add(low, Widen(a + i, d - i), lastLow);
        high = Add(high, Widen(a + i + Half, d - i - Half), lastHigh);
        square = Sum(Add(squareLow, lastLow, lastLow), Add(squareHigh, lastHigh, lastHigh));
        return Sum(low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SquaredEuclidean(float* a, float* b, int d)
    {
        Vector256<double> low = default, high = default;
        int i = 0;
        if (IsWide)
        {
            Vector512<double> all = default;
            for (; i <= d - Lanes; i += Lanes)
            {
                Vector512<double> x = WidenAll(a + i) - WidenAll(b + i);
                all += x * x;
            }

            (low, high) = (all.GetLower(), all.GetUpper());
        }

        for (; i <= d - Lanes; i += Lanes)
        {
            Vector256<double> x = Widen(a + i) - Widen(b + i), y = Widen(a + i + Half) - Widen(b + i + Half);
            low += x * x;
            high += y * y;
        }

        Vector256<double> lastLow = Widen(a + i, d - i) - Widen(b + i, d - i);
        Vector256<double> lastHigh = Widen(a + i + Half, d - i - Half) - Widen(b + i + Half, d - i - Half);
        return Sum(low + (lastLow * lastLow), high + (lastHigh * lastHigh));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourDots(float* q, float** rows, int d, double* dots, double* squares)
    {
        float* r0 = rows[0], r1 = rows[1], r2 = rows[2], r3 = rows[3];
        Vector512<double> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector512<double> b0 = default, b1 = default, b2 = default, b3 = default;
        int whole = d / Lanes * Lanes;
        for (int i = 0; i < whole; i += Lanes)
        {
            Vector512<double> x = WidenAll(q + i);
            Add(x, WidenAll(r0 + i), ref a0, ref b0);
            Add(x, WidenAll(r1 + i), ref a1, ref b1);
            Add(x, WidenAll(r2 + i), ref a2, ref b2);
            Add(x, WidenAll(r3 + i), ref a3, ref b3);
        }

        if (whole < d)
        {
            Vector512<double> x = WidenSome(q + whole, d - whole);
            Add(x, WidenSome(r0 + whole, d - whole), ref a0, ref b0);
            Add(x, WidenSome(r1 + whole, d - whole), ref a1, ref b1);
            Add(x, WidenSome(r2 + whole, d - whole), ref a2, ref b2);
            Add(x, WidenSome(r3 + whole, d - whole), ref a3, ref b3);
        }

        (dots[0], dots[1], dots[2], dots[3]) = (Sum(a0), Sum(a1), Sum(a2), Sum(a3));
        (squares[0], squares[1], squares[2], squares[3]) = (Sum(b0), Sum(b1), Sum(b2), Sum(b3));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourSquares(float* q, float** rows, int d, double* distances)
    {
        float* r0 = rows[0], r1 = rows[1], r2 = rows[2], r3 = rows[3];
        Vector512<double> a0 = default, a1 = default, a2 = default, a3 = default;
        int whole = d / Lanes * Lanes;
        for (int i = 0; i < whole; i += Lanes)
        {
            Vector512<double> x = WidenAll(q + i);
            AddSquare(x - WidenAll(r0 + i), ref a0);
            AddSquare(x - WidenAll(r1 + i), ref a1);
            AddSquare(x - WidenAll(r2 + i), ref a2);
            AddSquare(x - WidenAll(r3 + i), ref a3);
        }

        if (whole < d)
        {
            Vector512<double> x = WidenSome(q + whole, d - whole);
            AddSquare(x - WidenSome(r0 + whole, d - whole), ref a0);
            AddSquare(x - WidenSome(r1 + whole, d - whole), ref a1);
            AddSquare(x - WidenSome(r2 + whole, d - whole), ref a2);
            AddSquare(x - WidenSome(r3 + whole, d - whole), ref a3);
        }

        (distances[0], distances[1], distances[2], distances[3]) = (Sum(a0), Sum(a1), Sum(a2), Sum(a3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        Vector512<double> x, Vector512<double> row, ref Vector512<double> dot, ref Vector512<double> square)
    {
        dot = Add(dot, x, row);
        square = Add(square, row, row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSquare(Vector512<double> x, ref Vector512<double> sum) => sum += x * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> WidenSome(float* values, int count) =>
        Vector512.Create(Widen(values, count), Widen(values + Half, count - Half));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Sum(Vector512<double> all) => Sum(all.GetLower(), all.GetUpper());

    /// <summary>Adds products of floats, which are exact in double: fused or not, the same bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Add(Vector256<double> sum, Vector256<double> a, Vector256<double> b) =>
        Vector256.MultiplyAddEstimate(a, b, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Add(Vector512<double> sum, Vector512<double> a, Vector512<double> b) =>
        Vector512.MultiplyAddEstimate(a, b, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> WidenAll(float* eight) =>
        Avx512F.ConvertToVector512Double(Vector256.Load(eight));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Widen(float* four)
    {
        Vector128<float> values = Vector128.Load(four);
        if (Avx.IsSupported) return Avx.ConvertToVector256Double(values);
        (Vector128<double> low, Vector128<double> high) = Vector128.Widen(values);
        return Vector256.Create(low, high);
    }

    /// <summary>Widens up to four values; those that are missing are 0 and add nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // a call beside the loops would keep their sums in memory
    private static Vector256<double> Widen(float* values, int count) => Vector256.Create(
        count > 0 ? values[0] : 0.0,
        count > 1 ? values[1] : 0.0,
        count > 2 ? values[2] : 0.0,
        count > 3 ? values[3] : 0.0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Sum(Vector256<double> low, Vector256<double> high)
    {
        Vector256<double> four = low + high;
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }
}
