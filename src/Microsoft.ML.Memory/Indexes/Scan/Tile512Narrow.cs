// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory;

/// <summary>
/// The kernel of 512-bit vectors for up to 16 queries: 24 rows by 16 queries, all 24 sums in registers.
/// </summary>
/// <remarks>
/// <see cref="Tile512"/> would compute 16 empty places as well. So few queries pass over the rows together, so
/// that rows come from memory, of which the next group is asked for.
/// </remarks>
internal readonly unsafe struct Tile512Narrow : IScoreTile
{
    private const int Lanes = 16;

    public static int Rows => 24;

    public static int Queries => Lanes;

    public static bool IsInterleaved => true;

    public static ScanPass PassOf(NativeScratch scratch, in ScanRequest scan, ScanWave wave) =>
        new TilePass<Tile512Narrow>(scratch, scan, wave);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Score<TTerm>(
        float* rows, float* panel, int d, int queryCount, in TileTerms terms, float* scores, uint* passed)
        where TTerm : struct, IFloatTerm
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        Vector512<float> a6 = default, a7 = default, a8 = default, a9 = default, a10 = default, a11 = default;
        Vector512<float> a12 = default, a13 = default, a14 = default, a15 = default, a16 = default, a17 = default;
        Vector512<float> a18 = default, a19 = default, a20 = default, a21 = default, a22 = default, a23 = default;
        nint s = d; // distance of two rows
        float* p0 = rows, p3 = rows + 3 * s, p6 = rows + 6 * s, p9 = rows + 9 * s, p12 = rows + 12 * s;
        float* p15 = rows + 15 * s, p18 = rows + 18 * s, p21 = rows + 21 * s;
        float* next = rows + Rows * s; // the next group, most likely
        for (float* end = panel + (nint)d * Lanes; panel < end; panel += Lanes)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(next);
                Sse.Prefetch0(next + Lanes);
            }

            next += Rows;
            Vector512<float> x = Vector512.Load(panel);
            a0 = TTerm.Add(a0, x, Vector512.Create(p0[0]));
            a1 = TTerm.Add(a1, x, Vector512.Create(p0[s]));
            a2 = TTerm.Add(a2, x, Vector512.Create(p0[2 * s]));
            a3 = TTerm.Add(a3, x, Vector512.Create(p3[0]));
            a4 = TTerm.Add(a4, x, Vector512.Create(p3[s]));
            a5 = TTerm.Add(a5, x, Vector512.Create(p3[2 * s]));
            a6 = TTerm.Add(a6, x, Vector512.Create(p6[0]));
            a7 = TTerm.Add(a7, x, Vector512.Create(p6[s]));
            a8 = TTerm.Add(a8, x, Vector512.Create(p6[2 * s]));
            a9 = TTerm.Add(a9, x, Vector512.Create(p9[0]));
            a10 = TTerm.Add(a10, x, Vector512.Create(p9[s]));
            a11 = TTerm.Add(a11, x, Vector512.Create(p9[2 * s]));
            a12 = TTerm.Add(a12, x, Vector512.Create(p12[0]));
            a13 = TTerm.Add(a13, x, Vector512.Create(p12[s]));
            a14 = TTerm.Add(a14, x, Vector512.Create(p12[2 * s]));
            a15 = TTerm.Add(a15, x, Vector512.Create(p15[0]));
            a16 = TTerm.Add(a16, x, Vector512.Create(p15[s]));
            a17 = TTerm.Add(a17, x, Vector512.Create(p15[2 * s]));
            a18 = TTerm.Add(a18, x, Vector512.Create(p18[0]));
            a19 = TTerm.Add(a19, x, Vector512.Create(p18[s]));
            a20 = TTerm.Add(a20, x, Vector512.Create(p18[2 * s]));
            a21 = TTerm.Add(a21, x, Vector512.Create(p21[0]));
            a22 = TTerm.Add(a22, x, Vector512.Create(p21[s]));
            a23 = TTerm.Add(a23, x, Vector512.Create(p21[2 * s]));
            p0++;
            p3++;
            p6++;
            p9++;
            p12++;
            p15++;
            p18++;
            p21++;
        }

        Vector512<float> t = Vector512.Load(terms.Thresholds);
        float* c = terms.Scales, o = terms.Offsets;
        return (passed[0] = Sift(a0, c[0], o[0], t, scores))
            | (passed[1] = Sift(a1, c[1], o[1], t, scores + 1 * Lanes))
            | (passed[2] = Sift(a2, c[2], o[2], t, scores + 2 * Lanes))
            | (passed[3] = Sift(a3, c[3], o[3], t, scores + 3 * Lanes))
            | (passed[4] = Sift(a4, c[4], o[4], t, scores + 4 * Lanes))
            | (passed[5] = Sift(a5, c[5], o[5], t, scores + 5 * Lanes))
            | (passed[6] = Sift(a6, c[6], o[6], t, scores + 6 * Lanes))
            | (passed[7] = Sift(a7, c[7], o[7], t, scores + 7 * Lanes))
            | (passed[8] = Sift(a8, c[8], o[8], t, scores + 8 * Lanes))
            | (passed[9] = Sift(a9, c[9], o[9], t, scores + 9 * Lanes))
            | (passed[10] = Sift(a10, c[10], o[10], t, scores + 10 * Lanes))
            | (passed[11] = Sift(a11, c[11], o[11], t, scores + 11 * Lanes))
            | (passed[12] = Sift(a12, c[12], o[12], t, scores + 12 * Lanes))
            | (passed[13] = Sift(a13, c[13], o[13], t, scores + 13 * Lanes))
            | (passed[14] = Sift(a14, c[14], o[14], t, scores + 14 * Lanes))
            | (passed[15] = Sift(a15, c[15], o[15], t, scores + 15 * Lanes))
            | (passed[16] = Sift(a16, c[16], o[16], t, scores + 16 * Lanes))
            | (passed[17] = Sift(a17, c[17], o[17], t, scores + 17 * Lanes))
            | (passed[18] = Sift(a18, c[18], o[18], t, scores + 18 * Lanes))
            | (passed[19] = Sift(a19, c[19], o[19], t, scores + 19 * Lanes))
            | (passed[20] = Sift(a20, c[20], o[20], t, scores + 20 * Lanes))
            | (passed[21] = Sift(a21, c[21], o[21], t, scores + 21 * Lanes))
            | (passed[22] = Sift(a22, c[22], o[22], t, scores + 22 * Lanes))
            | (passed[23] = Sift(a23, c[23], o[23], t, scores + 23 * Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sift(Vector512<float> a, float scale, float offset, Vector512<float> thresholds, float* scores)
    {
        a = Vector512.MultiplyAddEstimate(a, Vector512.Create(scale), Vector512.Create(offset));
        a.Store(scores);
        return ~(uint)Vector512.LessThanOrEqual(a, thresholds).ExtractMostSignificantBits() & 0xFFFF;
    }
}
