// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory;

/// <summary>
/// Pairs of products are added in 16 bits, which hold two of them only where a query's code is not too large.
/// </summary>
internal readonly struct Avx2Math : ICodeMath
{
    public static int Largest => 97;

    public static int Shift => 97;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> query, Vector256<sbyte> row) =>
        sums + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(query, row), Vector256<short>.One);
}
