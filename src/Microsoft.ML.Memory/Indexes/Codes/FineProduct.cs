// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory;

/// <summary>
/// The inner product of a row's code and a query's fine code; the same integer whatever instructions compute it.
/// </summary>
internal static unsafe class FineProduct
{
    /// <summary>Multiplies with the widest instructions that there are.</summary>
    /// <param name="row">The row's code, padded.</param>
    /// <param name="query">The query's fine code, padded with zeros.</param>
    /// <param name="length">Length of both, a multiple of <see cref="RowCode.Granularity"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(sbyte* row, short* query, int length) =>
        Avx512BW.IsSupported ? Of512(row, query, length)
        : Avx2.IsSupported ? Of256(row, query, length)
        : Of128(row, query, length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Of512(sbyte* row, short* query, int length)
    {
        Vector512<int> sums = default;
        for (int i = 0; i < length; i += Vector512<short>.Count)
        {
            Vector512<short> codes = Avx512BW.ConvertToVector512Int16(Vector256.Load(row + i));
            sums += Avx512BW.MultiplyAddAdjacent(codes, Vector512.Load(query + i));
        }

        return Vector512.Sum(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Of256(sbyte* row, short* query, int length)
    {
        Vector256<int> a = default, b = default;
        for (int i = 0; i < length; i += 2 * Vector256<short>.Count)
        {
            int j = i + Vector256<short>.Count;
            a += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(row + i), Vector256.Load(query + i));
            b += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(row + j), Vector256.Load(query + j));
        }

        return Vector256.Sum(a + b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Of128(sbyte* row, short* query, int length)
    {
        Vector128<int> sums = default;
        for (int i = 0; i < length; i += Vector128<short>.Count)
        {
            Vector128<short> codes = Vector128.WidenLower(Vector128.CreateScalar(*(long*)(row + i)).AsSByte());
            (Vector128<int> a, Vector128<int> b) = Vector128.Widen(codes);
            (Vector128<int> x, Vector128<int> y) = Vector128.Widen(Vector128.Load(query + i));
            sums += (a * x) + (b * y);
        }

        return Vector128.Sum(sums);
    }
}
