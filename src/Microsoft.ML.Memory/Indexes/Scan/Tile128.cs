// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Memory;

/// <summary>The kernel of 128-bit vectors: 6 rows by 8 queries, all 12 sums in registers.</summary>
/// <remarks>
/// Each step broadcasts one value of each row and combines it with 8 queries' values, which lie together.
/// </remarks>
internal readonly unsafe struct Tile128 : IStrassenTile
{
    private const int Lanes = 4;

    public static int Rows => 6;

    public static int Queries => 2 * Lanes;

    public static bool IsInterleaved => true;

    public static ScanPass PassOf(NativeScratch scratch, in ScanRequest scan, ScanWave wave) =>
        StrassenPass<Tile128>.Of(scratch, scan, wave);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Score<TTerm>(
        float* rows, float* panel, int d, int queryCount, in TileTerms terms, float* scores, uint* passed)
        where TTerm : struct, IFloatTerm
    {
        Vector128<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        Vector128<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default;
        nint s = d; // distance of two rows
        float* p0 = rows, p3 = rows + 3 * s;
        for (float* end = panel + (nint)d * 2 * Lanes; panel < end; panel += 2 * Lanes)
        {
            Vector128<float> x = Vector128.Load(panel);
            Vector128<float> y = Vector128.Load(panel + Lanes);
            Add<TTerm>(p0[0], x, y, ref a0, ref b0);
            Add<TTerm>(p0[s], x, y, ref a1, ref b1);
            Add<TTerm>(p0[2 * s], x, y, ref a2, ref b2);
            Add<TTerm>(p3[0], x, y, ref a3, ref b3);
            Add<TTerm>(p3[s], x, y, ref a4, ref b4);
            Add<TTerm>(p3[2 * s], x, y, ref a5, ref b5);
            p0++;
            p3++;
        }

        Vector128<float> t = Vector128.Load(terms.Thresholds), u = Vector128.Load(terms.Thresholds + Lanes);
        float* c = terms.Scales, o = terms.Offsets;
        return (passed[0] = Sift(a0, b0, c[0], o[0], t, u, scores))
            | (passed[1] = Sift(a1, b1, c[1], o[1], t, u, scores + 1 * 2 * Lanes))
            | (passed[2] = Sift(a2, b2, c[2], o[2], t, u, scores + 2 * 2 * Lanes))
            | (passed[3] = Sift(a3, b3, c[3], o[3], t, u, scores + 3 * 2 * Lanes))
            | (passed[4] = Sift(a4, b4, c[4], o[4], t, u, scores + 4 * 2 * Lanes))
            | (passed[5] = Sift(a5, b5, c[5], o[5], t, u, scores + 5 * 2 * Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        float* rows, nint stride, float* panel, int length, float* addends, float* sums)
    {
        Vector128<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        Vector128<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default;
        float* p0 = rows, p3 = rows + 3 * stride;
        for (float* end = panel + (nint)length * 2 * Lanes; panel < end; panel += 2 * Lanes)
        {
            Vector128<float> x = Vector128.Load(panel);
            Vector128<float> y = Vector128.Load(panel + Lanes);
            Add<Product>(p0[0], x, y, ref a0, ref b0);
            Add<Product>(p0[stride], x, y, ref a1, ref b1);
            Add<Product>(p0[2 * stride], x, y, ref a2, ref b2);
            Add<Product>(p3[0], x, y, ref a3, ref b3);
            Add<Product>(p3[stride], x, y, ref a4, ref b4);
            Add<Product>(p3[2 * stride], x, y, ref a5, ref b5);
            p0++;
            p3++;
        }

        Put(a0, b0, addends, sums);
        Put(a1, b1, addends + 1 * 2 * Lanes, sums + 1 * 2 * Lanes);
        Put(a2, b2, addends + 2 * 2 * Lanes, sums + 2 * 2 * Lanes);
        Put(a3, b3, addends + 3 * 2 * Lanes, sums + 3 * 2 * Lanes);
        Put(a4, b4, addends + 4 * 2 * Lanes, sums + 4 * 2 * Lanes);
        Put(a5, b5, addends + 5 * 2 * Lanes, sums + 5 * 2 * Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Sift(in TileTerms terms, float* sums, uint* passed)
    {
        Vector128<float> t = Vector128.Load(terms.Thresholds), u = Vector128.Load(terms.Thresholds + Lanes);
        uint any = 0;
        for (int row = 0; row < Rows; row++, sums += Queries)
        {
            Vector128<float> a = Vector128.Load(sums), b = Vector128.Load(sums + Lanes);
            any |= passed[row] = Sift(a, b, terms.Scales[row], terms.Offsets[row], t, u, sums);
        }

        return any;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TTerm>(
        float value, Vector128<float> x, Vector128<float> y, ref Vector128<float> a, ref Vector128<float> b)
        where TTerm : struct, IFloatTerm
    {
        Vector128<float> v = Vector128.Create(value);
        a = TTerm.Add(a, v, x);
        b = TTerm.Add(b, v, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector128<float> a, Vector128<float> b, float* addends, float* sums)
    {
        (a + Vector128.Load(addends)).Store(sums);
        (b + Vector128.Load(addends + Lanes)).Store(sums + Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sift(
        Vector128<float> a,
        Vector128<float> b,
        float scale,
        float offset,
        Vector128<float> thresholdsOfA,
        Vector128<float> thresholdsOfB,
        float* scores)
    {
        Vector128<float> factor = Vector128.Create(scale), summand = Vector128.Create(offset);
        a = Vector128.MultiplyAddEstimate(a, factor, summand);
        b = Vector128.MultiplyAddEstimate(b, factor, summand);
        a.Store(scores);
        b.Store(scores + Lanes);
        uint low = Vector128.LessThanOrEqual(a, thresholdsOfA).ExtractMostSignificantBits();
        uint high = Vector128.LessThanOrEqual(b, thresholdsOfB).ExtractMostSignificantBits();
        return (low | (high << Lanes)) ^ ((1u << (2 * Lanes)) - 1);
    }
}
