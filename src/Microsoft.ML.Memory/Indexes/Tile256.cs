// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Memory;

/// <summary>The kernel of 256-bit vectors: 6 rows by 16 queries, all 12 sums in registers.</summary>
/// <remarks>
/// Each step broadcasts one value of each row and multiplies it with 16 queries' values, which lie together.
/// </remarks>
internal readonly unsafe struct Tile256 : IScoreTile
{
    private const int Lanes = 8;

    public static int Rows => 6;

    public static int Queries => 2 * Lanes;

    public static bool IsInterleaved => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* rows, float* panel, int d, int queryCount, float* tile)
    {
        Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        Vector256<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default;
        nint s = d; // distance of two rows
        float* p0 = rows, p3 = rows + 3 * s;
        for (float* end = panel + (nint)d * 2 * Lanes; panel < end; panel += 2 * Lanes)
        {
            Vector256<float> x = Vector256.Load(panel);
            Vector256<float> y = Vector256.Load(panel + Lanes);
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
        Vector256<float> factor = Vector256.Create(scale), summand = Vector256.Create(offset);
        uint low = Sift(products, thresholds, factor, summand);
        return low | (Sift(products + Lanes, thresholds + Lanes, factor, summand) << Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sift(float* products, float* thresholds, Vector256<float> scale, Vector256<float> offset)
    {
        Vector256<float> score = Vector256.MultiplyAddEstimate(Vector256.Load(products), scale, offset);
        score.Store(products);
        return (uint)Vector256.LessThanOrEqual(
            score, Vector256.Load(thresholds)).ExtractMostSignificantBits() ^ ((1u << Lanes) - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        float value, Vector256<float> x, Vector256<float> y, ref Vector256<float> a, ref Vector256<float> b)
    {
        Vector256<float> v = Vector256.Create(value);
        a = Vector256.MultiplyAddEstimate(v, x, a);
        b = Vector256.MultiplyAddEstimate(v, y, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* target, Vector256<float> a, Vector256<float> b)
    {
        a.Store(target);
        b.Store(target + Lanes);
    }
}
