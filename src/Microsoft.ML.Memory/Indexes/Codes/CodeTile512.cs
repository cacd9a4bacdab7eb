// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory;

/// <summary>The kernel of 512-bit vectors: 12 rows by 32 queries, all 24 sums in registers.</summary>
/// <remarks>
/// Each step broadcasts four bytes of each row and multiplies them with those of 32 queries. Pairs of products are
/// added in 16 bits, which hold two of them only where a query's code has 7 bits.
/// </remarks>
internal readonly unsafe struct CodeTile512 : ICodeTile
{
    private const int Lanes = 16;

    public static int Rows => 12;

    public static int Queries => 2 * Lanes;

    public static bool IsInterleaved => true;

    public static int Largest => 63;

    public static int Shift => 64;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Bound(
        sbyte* rows, byte* panel, int d, int queryCount, in CodeTerms terms, float* most, uint* passed)
    {
        CodeTerms t = terms;
        Vector512<int> a0 = Vector512.Create(t.Rows[0].Start), b0 = a0;
        Vector512<int> a1 = Vector512.Create(t.Rows[1].Start), b1 = a1;
        Vector512<int> a2 = Vector512.Create(t.Rows[2].Start), b2 = a2;
        Vector512<int> a3 = Vector512.Create(t.Rows[3].Start), b3 = a3;
        Vector512<int> a4 = Vector512.Create(t.Rows[4].Start), b4 = a4;
        Vector512<int> a5 = Vector512.Create(t.Rows[5].Start), b5 = a5;
        Vector512<int> a6 = Vector512.Create(t.Rows[6].Start), b6 = a6;
        Vector512<int> a7 = Vector512.Create(t.Rows[7].Start), b7 = a7;
        Vector512<int> a8 = Vector512.Create(t.Rows[8].Start), b8 = a8;
        Vector512<int> a9 = Vector512.Create(t.Rows[9].Start), b9 = a9;
        Vector512<int> a10 = Vector512.Create(t.Rows[10].Start), b10 = a10;
        Vector512<int> a11 = Vector512.Create(t.Rows[11].Start), b11 = a11;
        nint s = d / sizeof(int); // distance of two rows
        int* p0 = (int*)rows, p3 = p0 + 3 * s, p6 = p0 + 6 * s, p9 = p0 + 9 * s;
        for (byte* end = panel + (nint)d * Queries; panel < end; panel += 2 * Vector512<byte>.Count)
        {
            Vector512<byte> x = Vector512.Load(panel);
            Vector512<byte> y = Vector512.Load(panel + Vector512<byte>.Count);
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

        return (passed[0] = Sift(a0, b0, t, 0, most))
            | (passed[1] = Sift(a1, b1, t, 1, most + 1 * 2 * Lanes))
            | (passed[2] = Sift(a2, b2, t, 2, most + 2 * 2 * Lanes))
            | (passed[3] = Sift(a3, b3, t, 3, most + 3 * 2 * Lanes))
            | (passed[4] = Sift(a4, b4, t, 4, most + 4 * 2 * Lanes))
            | (passed[5] = Sift(a5, b5, t, 5, most + 5 * 2 * Lanes))
            | (passed[6] = Sift(a6, b6, t, 6, most + 6 * 2 * Lanes))
            | (passed[7] = Sift(a7, b7, t, 7, most + 7 * 2 * Lanes))
            | (passed[8] = Sift(a8, b8, t, 8, most + 8 * 2 * Lanes))
            | (passed[9] = Sift(a9, b9, t, 9, most + 9 * 2 * Lanes))
            | (passed[10] = Sift(a10, b10, t, 10, most + 10 * 2 * Lanes))
            | (passed[11] = Sift(a11, b11, t, 11, most + 11 * 2 * Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        int four, Vector512<byte> x, Vector512<byte> y, ref Vector512<int> a, ref Vector512<int> b)
    {
        Vector512<sbyte> row = Vector512.Create(four).AsSByte();
        a += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, row), Vector512<short>.One);
        b += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(y, row), Vector512<short>.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sift(Vector512<int> a, Vector512<int> b, in CodeTerms terms, int row, float* most) =>
        terms.Sift(a, row, 0, most) | (terms.Sift(b, row, Lanes, most + Lanes) << Lanes);
}
