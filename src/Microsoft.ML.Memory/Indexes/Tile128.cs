// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Memory;

/// <summary>The kernel of 128-bit vectors: 6 rows by 8 queries, all 12 sums in registers.</summary>
/// <remarks>
/// Each step broadcasts one value of each row and multiplies it with 8 queries' values, which lie together.
/// </remarks>
internal readonly unsafe struct Tile128 : IScoreTile
{
    private const int Lanes = 4;

    public static int Rows => 6;

    public static int Queries => 2 * Lanes;

    public static bool IsInterleaved => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* rows, float* panel, int d, int queryCount, float* tile)
    {
        Vector128<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        Vector128<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default;
        nint s = d; // distance of two rows
        float* p0 = rows, p3 = rows + 3 * s;
        for (float* end = panel + (nint)d * 2 * Lanes; panel < end; panel += 2 * Lanes)
        {
            Vector128<float> x = Vector128.Load(panel);
            Vector128<float> y = Vector128.Load(panel + Lanes);
            Add(p0[0], x, y, ref a0, ref b0);
            Add(p0[s], x, y, ref a1, ref b1);
            Add(p0[2 * s], x, y, ref a2, ref b2);
            Add(p3[0], x, y, ref a3, ref b3);
            Add(p3[s], x, y, ref a4, ref b4);
            Add(p3[2 * s], x, y, ref a5, ref b5);
            p0++;
            p3++;
        }

        Store(tile, a0, b0);
        Store(tile + 1 * 2 * Lanes, a1, b1);
        Store(tile + 2 * 2 * Lanes, a2, b2);
        Store(tile + 3 * 2 * Lanes, a3, b3);
        Store(tile + 4 * 2 * Lanes, a4, b4);
        Store(tile + 5 * 2 * Lanes, a5, b5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Sift(float* products, float* thresholds, float scale, float offset)
    {
        Vector128<float> factor = Vector128.Create(scale), summand = Vector128.Create(offset);
        uint low = Sift(products, thresholds, factor, summand);
        return low | (Sift(products + Lanes, thresholds + Lanes, factor, summand) << Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sift(float* products, float* thresholds, Vector128<float> scale, Vector128<float> offset)
    {
        Vector128<float> score = Vector128.MultiplyAddEstimate(Vector128.Load(products), scale, offset);
        score.Store(products);
        return (uint)Vector128.LessThanOrEqual(
            score, Vector128.Load(thresholds)).ExtractMostSignificantBits() ^ ((1u << Lanes) - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        float value, Vector128<float> x, Vector128<float> y, ref Vector128<float> a, ref Vector128<float> b)
    {
        Vector128<float> v = Vector128.Create(value);
        a = Vector128.MultiplyAddEstimate(v, x, a);
        b = Vector128.MultiplyAddEstimate(v, y, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* target, Vector128<float> a, Vector128<float> b)
    {
        a.Store(target);
        b.Store(target + Lanes);
    }
}
