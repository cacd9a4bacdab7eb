// Licensed under the MIT License. See LICENSE in the project root for license information.

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
        sbyte* rows, byte* panel, int d, int queryCount, in CodeTerms terms, float* most, uint* passed)
    {
        int* products = (int*)most; // their bounds take their places
        for (int query = 0; query < queryCount; query++)
            Multiply(rows, panel + (nint)query * d, d, terms.Rows, products + query);
        uint any = 0;
        uint asked = (1u << queryCount) - 1;
        for (int row = 0; row < Rows; row++)
        {
            int cell = row * Queries;
            any |= passed[row] = asked & terms.Sift(Vector256.Load(products + cell), row, 0, most + cell);
        }

        return any;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(sbyte* rows, byte* q, int d, CodeRowTerm* terms, int* products)
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

        products[0 * 8] = terms[0].Start + Vector256.Sum(a0);
        products[1 * 8] = terms[1].Start + Vector256.Sum(a1);
        products[2 * 8] = terms[2].Start + Vector256.Sum(a2);
        products[3 * 8] = terms[3].Start + Vector256.Sum(a3);
    }
}
