// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory;

/// <summary>The kernel of 512-bit vectors: 10 rows by 32 queries, all 20 sums in registers.</summary>
/// <remarks>
/// Each step broadcasts twice four bytes of each row and multiplies them with those of 32 queries. Two pairs of
/// products are added in 16 bits before they are widened, which is a multiplication as well: three for 128 products,
/// where those of 256 bits need four, and additions run beside them. 16 bits hold four products only where a query's
/// code is small; what passes is looked at again with a finer one (<see cref="FineCode"/>).
/// </remarks>
internal readonly unsafe struct CodeTile512 : ICodeTile
{
    private const int Lanes = 16;
    private const int Bytes = 64;

    public static int Rows => 10;

    public static int Queries => 2 * Lanes;

    public static bool IsInterleaved => true;

    public static int Largest => 48;

    public static int Shift => 48;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Bound(sbyte* rows, byte* panel, int d, int queryCount, in CodeTerms terms, uint* passed)
    {
        CodeTerms t = terms;
        Vector512<int> a0 = Vector512.Create(t.Rows.Starts[0]), b0 = a0;
        Vector512<int> a1 = Vector512.Create(t.Rows.Starts[1]), b1 = a1;
        Vector512<int> a2 = Vector512.Create(t.Rows.Starts[2]), b2 = a2;
        Vector512<int> a3 = Vector512.Create(t.Rows.Starts[3]), b3 = a3;
        Vector512<int> a4 = Vector512.Create(t.Rows.Starts[4]), b4 = a4;
        Vector512<int> a5 = Vector512.Create(t.Rows.Starts[5]), b5 = a5;
        Vector512<int> a6 = Vector512.Create(t.Rows.Starts[6]), b6 = a6;
        Vector512<int> a7 = Vector512.Create(t.Rows.Starts[7]), b7 = a7;
        Vector512<int> a8 = Vector512.Create(t.Rows.Starts[8]), b8 = a8;
        Vector512<int> a9 = Vector512.Create(t.Rows.Starts[9]), b9 = a9;
        nint s = d / sizeof(int); // distance of two rows
        sbyte* next = rows + (Rows * d); // the next group, most likely
        int* p0 = (int*)rows, p3 = p0 + 3 * s, p6 = p0 + 6 * s, p9 = p0 + 9 * s;
        for (byte* end = panel + (nint)d * Queries; panel < end; panel += 4 * Bytes)
        {
            Sse.Prefetch0(next);
            Sse.Prefetch0(next + Bytes);
            next += 2 * Rows * sizeof(int);
            Vector512<byte> x = Vector512.Load(panel), u = Vector512.Load(panel + (2 * Bytes));
            Vector512<byte> y = Vector512.Load(panel + Bytes), v = Vector512.Load(panel + (3 * Bytes));
            Add(p0, x, y, u, v, ref a0, ref b0);
            Add(p0 + s, x, y, u, v, ref a1, ref b1);
            Add(p0 + (2 * s), x, y, u, v, ref a2, ref b2);
            Add(p3, x, y, u, v, ref a3, ref b3);
            Add(p3 + s, x, y, u, v, ref a4, ref b4);
            Add(p3 + (2 * s), x, y, u, v, ref a5, ref b5);
            Add(p6, x, y, u, v, ref a6, ref b6);
            Add(p6 + s, x, y, u, v, ref a7, ref b7);
            Add(p6 + (2 * s), x, y, u, v, ref a8, ref b8);
            Add(p9, x, y, u, v, ref a9, ref b9);
            p0 += 2;
            p3 += 2;
            p6 += 2;
            p9 += 2;
        }

        return (passed[0] = Sift(a0, b0, t, 0))
            | (passed[1] = Sift(a1, b1, t, 1))
            | (passed[2] = Sift(a2, b2, t, 2))
            | (passed[3] = Sift(a3, b3, t, 3))
            | (passed[4] = Sift(a4, b4, t, 4))
            | (passed[5] = Sift(a5, b5, t, 5))
            | (passed[6] = Sift(a6, b6, t, 6))
            | (passed[7] = Sift(a7, b7, t, 7))
            | (passed[8] = Sift(a8, b8, t, 8))
            | (passed[9] = Sift(a9, b9, t, 9));
    }

    /// <param name="row">Eight bytes; read where they are used, so that the load broadcasts them.</param>
    /// <param name="x">Bytes of 16 queries that belong to the first four.</param>
    /// <param name="y">The same of the next 16 queries.</param>
    /// <param name="u">Bytes of 16 queries that belong to the last four.</param>
    /// <param name="v">The same of the next 16 queries.</param>
    /// <param name="a">The sums of 16 queries.</param>
    /// <param name="b">The sums of the next 16 queries.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        int* row,
        Vector512<byte> x,
        Vector512<byte> y,
        Vector512<byte> u,
        Vector512<byte> v,
        ref Vector512<int> a,
        ref Vector512<int> b)
    {
        Vector512<sbyte> first = Vector512.Create(row[0]).AsSByte(), last = Vector512.Create(row[1]).AsSByte();
        a += Widen(Avx512BW.MultiplyAddAdjacent(x, first) + Avx512BW.MultiplyAddAdjacent(u, last));
        b += Widen(Avx512BW.MultiplyAddAdjacent(y, first) + Avx512BW.MultiplyAddAdjacent(v, last));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen(Vector512<short> pairs) =>
        Avx512BW.MultiplyAddAdjacent(pairs, Vector512<short>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sift(Vector512<int> a, Vector512<int> b, in CodeTerms terms, int row) =>
        terms.Sift(a, row, 0) | (terms.Sift(b, row, Lanes) << Lanes);
}
