// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory;

/// <summary>The kernel for one query or a few, bound by memory: it streams the codes, four rows side by side.</summary>
internal readonly unsafe struct CodeTileFew<TMath> : ICodeTile where TMath : struct, ICodeMath
{
    private const int Ahead = 6 << 10;
    private const int LineBytes = 64;

    public static int Rows => 4;

    public static int Queries => 8;

    public static bool IsInterleaved => false;

    public static int Largest => TMath.Largest;

    public static int Shift => TMath.Shift;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Bound(
        sbyte* rows, byte* panel, int d, int queryCount, in CodeTerms terms, uint* passed)
    {
        for (int row = 0; row < Rows; row++) passed[row] = 0;
        uint any = 0;
        for (int query = 0; query < queryCount; query++)
        {
            Vector128<int> products = Multiply(rows, panel + (nint)query * d, d) + Vector128.Load(terms.Rows.Starts);
            uint left = terms.Sift(products, query);
            any |= left;
            for (; left != 0; left &= left - 1) passed[BitOperations.TrailingZeroCount(left)] |= 1u << query;
        }

        return any;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Multiply(sbyte* rows, byte* q, int d)
    {
        sbyte* r0 = rows, r1 = r0 + d, r2 = r1 + d, r3 = r2 + d;
        sbyte* ahead = rows + Ahead; // memory is what one query waits for
        Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default;
        for (int i = 0; i < d; i += Vector256<byte>.Count)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(ahead + (4 * i));
                Sse.Prefetch0(ahead + (4 * i) + LineBytes);
            }

            Vector256<byte> x = Vector256.Load(q + i);
            a0 = TMath.Add(a0, x, Vector256.Load(r0 + i));
            a1 = TMath.Add(a1, x, Vector256.Load(r1 + i));
            a2 = TMath.Add(a2, x, Vector256.Load(r2 + i));
            a3 = TMath.Add(a3, x, Vector256.Load(r3 + i));
        }

        return LaneSums.Of(a0, a1, a2, a3);
    }
}
