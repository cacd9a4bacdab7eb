// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Memory;

/// <summary>The kernel of 512-bit vectors: 12 rows by 32 queries, all 24 sums in registers.</summary>
/// <remarks>
/// Each step broadcasts one value of each row and combines it with 32 queries' values, which lie together.
/// </remarks>
internal readonly unsafe struct Tile512 : IStrassenTile
{
    private const int Lanes = 16;

    public static int Rows => 12;

    public static int Queries => 2 * Lanes;

    public static bool IsInterleaved => true;

    public static ScanPass PassOf(NativeScratch scratch, in ScanRequest scan, ScanWave wave) =>
        StrassenPass<Tile512>.Of(scratch, scan, wave);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Score<TTerm>(
        float* rows, float* panel, int d, int queryCount, in TileTerms terms, float* scores, uint* passed)
        where TTerm : struct, IFloatTerm
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default;
        Vector512<float> a6 = default, a7 = default, a8 = default, a9 = default, a10 = default, a11 = default;
        Vector512<float> b6 = default, b7 = default, b8 = default, b9 = default, b10 = default, b11 = default;
        nint s = d; // distance of two rows
        float* p0 = rows, p3 = rows + 3 * s, p6 = rows + 6 * s, p9 = rows + 9 * s;
        for (float* end = panel + (nint)d * 2 * Lanes; panel < end; panel += 2 * Lanes)
        {
            Vector512<float> x = Vector512.Load(panel);
            Vector512<float> y = Vector512.Load(panel + Lanes);
            Add<TTerm>(p0[0], x, y, ref a0, ref b0);
            Add<TTerm>(p0[s], x, y, ref a1, ref b1);
            Add<TTerm>(p0[2 * s], x, y, ref a2, ref b2);
            Add<TTerm>(p3[0], x, y, ref a3, ref b3);
            Add<TTerm>(p3[s], x, y, ref a4, ref b4);
            Add<TTerm>(p3[2 * s], x, y, ref a5, ref b5);
            Add<TTerm>(p6[0], x, y, ref a6, ref b6);
            Add<TTerm>(p6[s], x, y, ref a7, ref b7);
            Add<TTerm>(p6[2 * s], x, y, ref a8, ref b8);
            Add<TTerm>(p9[0], x, y, ref a9, ref b9);
            Add<TTerm>(p9[s], x, y, ref a10, ref b10);
            Add<TTerm>(p9[2 * s], x, y, ref a11, ref b11);
            p0++;
            p3++;
            p6++;
            p9++;
        }

        Vector512<float> t = Vector512.Load(terms.Thresholds), u = Vector512.Load(terms.Thresholds + Lanes);
        float* c = terms.Scales, o = terms.Offsets;
        return (passed[0] = Sift(a0, b0, c[0], o[0], t, u, scores))
            | (passed[1] = Sift(a1, b1, c[1], o[1], t, u, scores + 1 * 2 * Lanes))
            | (passed[2] = Sift(a2, b2, c[2], o[2], t, u, scores + 2 * 2 * Lanes))
            | (passed[3] = Sift(a3, b3, c[3], o[3], t, u, scores + 3 * 2 * Lanes))
            | (passed[4] = Sift(a4, b4, c[4], o[4], t, u, scores + 4 * 2 * Lanes))
            | (passed[5] = Sift(a5, b5, c[5], o[5], t, u, scores + 5 * 2 * Lanes))
            | (passed[6] = Sift(a6, b6, c[6], o[6], t, u, scores + 6 * 2 * Lanes))
            | (passed[7] = Sift(a7, b7, c[7], o[7], t, u, scores + 7 * 2 * Lanes))
            | (passed[8] = Sift(a8, b8, c[8], o[8], t, u, scores + 8 * 2 * Lanes))
            | (passed[9] = Sift(a9, b9, c[9], o[9], t, u, scores + 9 * 2 * Lanes))
            | (passed[10] = Sift(a10, b10, c[10], o[10], t, u, scores + 10 * 2 * Lanes))
            | (passed[11] = Sift(a11, b11, c[11], o[11], t, u, scores + 11 * 2 * Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        float* rows, nint stride, float* panel, int length, float* addends, float* sums)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default;
        Vector512<float> a6 = default, a7 = default, a8 = default, a9 = default, a10 = default, a11 = default;
        Vector512<float> b6 = default, b7 = default, b8 = default, b9 = default, b10 = default, b11 = default;
        float* p0 = rows, p3 = rows + 3 * stride, p6 = rows + 6 * stride, p9 = rows + 9 * stride;
        for (float* end = panel + (nint)length * 2 * Lanes; panel < end; panel += 2 * Lanes)
        {
            Vector512<float> x = Vector512.Load(panel);
            Vector512<float> y = Vector512.Load(panel + Lanes);
            Add<Product>(p0[0], x, y, ref a0, ref b0);
            Add<Product>(p0[stride], x, y, ref a1, ref b1);
            Add<Product>(p0[2 * stride], x, y, ref a2, ref b2);
            Add<Product>(p3[0], x, y, ref a3, ref b3);
            Add<Product>(p3[stride], x, y, ref a4, ref b4);
            Add<Product>(p3[2 * stride], x, y, ref a5, ref b5);
            Add<Product>(p6[0], x, y, ref a6, ref b6);
            Add<Product>(p6[stride], x, y, ref a7, ref b7);
            Add<Product>(p6[2 * stride], x, y, ref a8, ref b8);
            Add<Product>(p9[0], x, y, ref a9, ref b9);
            Add<Product>(p9[stride], x, y, ref a10, ref b10);
            Add<Product>(p9[2 * stride], x, y, ref a11, ref b11);
            p0++;
            p3++;
            p6++;
            p9++;
        }

        Put(a0, b0, addends, sums);
        Put(a1, b1, addends + 1 * 2 * Lanes, sums + 1 * 2 * Lanes);
        Put(a2, b2, addends + 2 * 2 * Lanes, sums + 2 * 2 * Lanes);
        Put(a3, b3, addends + 3 * 2 * Lanes, sums + 3 * 2 * Lanes);
        Put(a4, b4, addends + 4 * 2 * Lanes, sums + 4 * 2 * Lanes);
        Put(a5, b5, addends + 5 * 2 * Lanes, sums + 5 * 2 * Lanes);
        Put(a6, b6, addends + 6 * 2 * Lanes, sums + 6 * 2 * Lanes);
        Put(a7, b7, addends + 7 * 2 * Lanes, sums + 7 * 2 * Lanes);
        Put(a8, b8, addends + 8 * 2 * Lanes, sums + 8 * 2 * Lanes);
        Put(a9, b9, addends + 9 * 2 * Lanes, sums + 9 * 2 * Lanes);
        Put(a10, b10, addends + 10 * 2 * Lanes, sums + 10 * 2 * Lanes);
        Put(a11, b11, addends + 11 * 2 * Lanes, sums + 11 * 2 * Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Sift(in TileTerms terms, float* sums, uint* passed)
    {
        Vector512<float> t = Vector512.Load(terms.Thresholds), u = Vector512.Load(terms.Thresholds + Lanes);
        uint any = 0;
        for (int row = 0; row < Rows; row++, sums += Queries)
        {
            Vector512<float> a = Vector512.Load(sums), b = Vector512.Load(sums + Lanes);
            any |= passed[row] = Sift(a, b, terms.Scales[row], terms.Offsets[row], t, u, sums);
        }

        return any;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TTerm>(
        float value, Vector512<float> x, Vector512<float> y, ref Vector512<float> a, ref Vector512<float> b)
        where TTerm : struct, IFloatTerm
    {
        Vector512<float> v = Vector512.Create(value);
        a = TTerm.Add(a, v, x);
        b = TTerm.Add(b, v, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector512<float> a, Vector512<float> b, float* addends, float* sums)
    {
        (a + Vector512.Load(addends)).Store(sums);
        (b + Vector512.Load(addends + Lanes)).Store(sums + Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sift(
        Vector512<float> a,
        Vector512<float> b,
        float scale,
        float offset,
        Vector512<float> thresholdsOfA,
        Vector512<float> thresholdsOfB,
        float* scores)
    {
        Vector512<float> factor = Vector512.Create(scale), summand = Vector512.Create(offset);
        a = Vector512.MultiplyAddEstimate(a, factor, summand);
        b = Vector512.MultiplyAddEstimate(b, factor, summand);
        a.Store(scores);
        b.Store(scores + Lanes);
        uint low = (uint)Vector512.LessThanOrEqual(a, thresholdsOfA).ExtractMostSignificantBits();
        uint high = (uint)Vector512.LessThanOrEqual(b, thresholdsOfB).ExtractMostSignificantBits();
        return ~(low | (high << Lanes));
    }
}
