// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory;

/// <summary>The kernel for one query or a few, bound by memory: it streams the rows, four side by side.</summary>
internal readonly unsafe struct TileFew : IScoreTile
{
    private const int Lanes = 8;
    private const int Ahead = 3072; // values

    public static int Rows => 4;

    public static int Queries => 8;

    public static bool IsInterleaved => false;

    public static ScanPass PassOf(NativeScratch scratch, in ScanRequest scan, ScanWave wave) =>
        new TilePass<TileFew>(scratch, scan, wave);

    // A first search must not run on code that the JIT has yet to improve: hence the optimization here and below.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Score<TTerm>(
        float* rows, float* panel, int d, int queryCount, in TileTerms terms, float* scores, uint* passed)
        where TTerm : struct, IFloatTerm
    {
        for (int query = 0; query < queryCount; query++)
            Sum<TTerm>(rows, panel + (nint)query * d, d, scores + query);
        uint any = 0;
        uint asked = (1u << queryCount) - 1; // a NaN in a score that nobody asked for would stay there
        for (int row = 0; row < Rows; row++)
        {
            any |= passed[row] = asked & Sift(
                scores + row * Queries, terms.Thresholds, terms.Scales[row], terms.Offsets[row]);
        }

        return any;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sift(float* products, float* thresholds, float scale, float offset)
    {
        Vector256<float> score = Vector256.Load(products);
        score = Vector256.MultiplyAddEstimate(score, Vector256.Create(scale), Vector256.Create(offset));
        score.Store(products);
        return Vector256.LessThanOrEqual(score, Vector256.Load(thresholds)).ExtractMostSignificantBits() ^ 0xFF;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<TTerm>(float* rows, float* q, int d, float* tile)
        where TTerm : struct, IFloatTerm
    {
        float* ahead = rows + Ahead; // memory is what one query waits for
        float* r0 = rows, r1 = r0 + d, r2 = r1 + d, r3 = r2 + d;
        Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector256<float> b0 = default, b1 = default, b2 = default, b3 = default;
        int i = 0;
        for (; i <= d - 2 * Lanes; i += 2 * Lanes)
        {
            if (Sse.IsSupported)
            {
                float* line = ahead + (4 * i);
                Sse.Prefetch0(line);
                Sse.Prefetch0(line + (2 * Lanes));
                Sse.Prefetch0(line + (4 * Lanes));
                Sse.Prefetch0(line + (6 * Lanes));
            }

            Vector256<float> x = Vector256.Load(q + i), y = Vector256.Load(q + i + Lanes);
            Add<TTerm>(r0 + i, x, y, ref a0, ref b0);
            Add<TTerm>(r1 + i, x, y, ref a1, ref b1);
            Add<TTerm>(r2 + i, x, y, ref a2, ref b2);
            Add<TTerm>(r3 + i, x, y, ref a3, ref b3);
        }

        float s0 = Vector256.Sum(a0 + b0), s1 = Vector256.Sum(a1 + b1);
        float s2 = Vector256.Sum(a2 + b2), s3 = Vector256.Sum(a3 + b3);
        for (; i < d; i++)
        {
            s0 = TTerm.Add(s0, q[i], r0[i]);
            s1 = TTerm.Add(s1, q[i], r1[i]);
            s2 = TTerm.Add(s2, q[i], r2[i]);
            s3 = TTerm.Add(s3, q[i], r3[i]);
        }

        tile[0] = s0;
        tile[8] = s1;
        tile[16] = s2;
        tile[24] = s3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TTerm>(
        float* row, Vector256<float> x, Vector256<float> y, ref Vector256<float> a, ref Vector256<float> b)
        where TTerm : struct, IFloatTerm
    {
        a = TTerm.Add(a, Vector256.Load(row), x);
        b = TTerm.Add(b, Vector256.Load(row + Lanes), y);
    }
}
