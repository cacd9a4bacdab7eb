// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Memory;

/// <summary>The kernel of 512-bit vectors: 12 rows by 32 queries, all 24 sums in registers.</summary>
/// <remarks>
/// Each step broadcasts one value of each row and multiplies it with 32 queries' values, which lie together.
/// </remarks>
internal readonly unsafe struct Tile512 : IScoreTile
{
    private const int Lanes = 16;

    public static int Rows => 12;

    public static int Queries => 2 * Lanes;

    public static bool IsInterleaved => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* rows, float* panel, int d, int queryCount, float* tile)
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
            Add(p0[0], x, y, ref a0, ref b0);
            Add(p0[s], x, y, ref a1, ref b1);
            Add(p0[2 * s], x, y, ref a2, ref b2);
            Add(p3[0], x, y, ref a3, ref b3);
            Add(p3[s], x, y, ref a4, ref b4);
            Add(p3[2 * s], x, y, ref a5, ref b5);
            Add(p6[0], x, y, ref a6, ref b6);
            Add(p6[s], x, y, ref a7, ref b7);
            Add(p6[2 * s], x, y, ref a8, ref b8);
            Add(p9[0], x, y, ref a9, ref b9);
            Add(p9[s], x, y, ref a10, ref b10);
            Add(p9[2 * s], x, y, ref a11, ref b11);
            p0++;
            p3++;
            p6++;
            p9++;
        }

        Store(tile, a0, b0);
        Store(tile + 1 * 2 * Lanes, a1, b1);
        Store(tile + 2 * 2 * Lanes, a2, b2);
        Store(tile + 3 * 2 * Lanes, a3, b3);
        Store(tile + 4 * 2 * Lanes, a4, b4);
        Store(tile + 5 * 2 * Lanes, a5, b5);
        Store(tile + 6 * 2 * Lanes, a6, b6);
        Store(tile + 7 * 2 * Lanes, a7, b7);
        Store(tile + 8 * 2 * Lanes, a8, b8);
        Store(tile + 9 * 2 * Lanes, a9, b9);
        Store(tile + 10 * 2 * Lanes, a10, b10);
        Store(tile + 11 * 2 * Lanes, a11, b11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Sift(float* products, float* thresholds, float scale, float offset)
    {
        Vector512<float> factor = Vector512.Create(scale), summand = Vector512.Create(offset);
        uint low = Sift(products, thresholds, factor, summand);
        return low | (Sift(products + Lanes, thresholds + Lanes, factor, summand) << Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sift(float* products, float* thresholds, Vector512<float> scale, Vector512<float> offset)
    {
        Vector512<float> score = Vector512.MultiplyAddEstimate(Vector512.Load(products), scale, offset);
        score.Store(products);
        return (uint)Vector512.LessThanOrEqual(
            score, Vector512.Load(thresholds)).ExtractMostSignificantBits() ^ ((1u << Lanes) - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        float value, Vector512<float> x, Vector512<float> y, ref Vector512<float> a, ref Vector512<float> b)
    {
        Vector512<float> v = Vector512.Create(value);
        a = Vector512.MultiplyAddEstimate(v, x, a);
        b = Vector512.MultiplyAddEstimate(v, y, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* target, Vector512<float> a, Vector512<float> b)
    {
        a.Store(target);
        b.Store(target + Lanes);
    }
}
