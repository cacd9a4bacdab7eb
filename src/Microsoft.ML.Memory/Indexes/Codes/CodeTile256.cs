// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory;

/// <summary>The kernel of 256-bit vectors: 6 rows by 16 queries, all 12 sums in registers.</summary>
/// <remarks>Each step broadcasts four bytes of each row and multiplies them with those of 16 queries.</remarks>
internal readonly unsafe struct CodeTile256<TMath> : ICodeTile where TMath : struct, ICodeMath
{
    private const int Lanes = 8;

    public static int Rows => 6;

    public static int Queries => 2 * Lanes;

    public static bool IsInterleaved => true;

    public static int Largest => TMath.Largest;

    public static int Shift => TMath.Shift;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Bound(
        sbyte* rows, byte* panel, int d, int queryCount, in CodeTerms terms, uint* passed)
    {
        CodeTerms t = terms;
        Vector256<int> a0 = Vector256.Create(t.Rows.Starts[0]), b0 = a0;
        Vector256<int> a1 = Vector256.Create(t.Rows.Starts[1]), b1 = a1;
        Vector256<int> a2 = Vector256.Create(t.Rows.Starts[2]), b2 = a2;
        Vector256<int> a3 = Vector256.Create(t.Rows.Starts[3]), b3 = a3;
        Vector256<int> a4 = Vector256.Create(t.Rows.Starts[4]), b4 = a4;
        Vector256<int> a5 = Vector256.Create(t.Rows.Starts[5]), b5 = a5;
        nint s = d / sizeof(int); // distance of two rows
        sbyte* next = rows + (Rows * d); // the next group, most likely
        int* p0 = (int*)rows, p3 = p0 + 3 * s;
        for (byte* end = panel + (nint)d * Queries; panel < end; panel += 2 * Vector256<byte>.Count)
        {
            if (Sse.IsSupported) Sse.Prefetch0(next);
            next += Rows * sizeof(int);
            Vector256<byte> x = Vector256.Load(panel);
            Vector256<byte> y = Vector256.Load(panel + Vector256<byte>.Count);
            Add(p0[0], x, y, ref a0, ref b0);
            Add(p0[s], x, y, ref a1, ref b1);
            Add(p0[2 * s], x, y, ref a2, ref b2);
            Add(p3[0], x, y, ref a3, ref b3);
            Add(p3[s], x, y, ref a4, ref b4);
            Add(p3[2 * s], x, y, ref a5, ref b5);
            p0++;
            p3++;
        }

        return (passed[0] = Sift(a0, b0, t, 0))
            | (passed[1] = Sift(a1, b1, t, 1))
            | (passed[2] = Sift(a2, b2, t, 2))
            | (passed[3] = Sift(a3, b3, t, 3))
            | (passed[4] = Sift(a4, b4, t, 4))
            | (passed[5] = Sift(a5, b5, t, 5));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        int four, Vector256<byte> x, Vector256<byte> y, ref Vector256<int> a, ref Vector256<int> b)
    {
        Vector256<sbyte> row = Vector256.Create(four).AsSByte();
        a = TMath.Add(a, x, row);
        b = TMath.Add(b, y, row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sift(Vector256<int> a, Vector256<int> b, in CodeTerms terms, int row) =>
        terms.Sift(a, row, 0) | (terms.Sift(b, row, Lanes) << Lanes);
}
