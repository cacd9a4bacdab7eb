// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Microsoft.ML.Memory;

/// <summary>
/// One instruction multiplies and adds signed bytes: a query's shifted code must not need the eighth bit.
/// </summary>
internal readonly struct NeonMath : ICodeMath
{
    public static int Largest => 63;

    public static int Shift => 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> query, Vector256<sbyte> row) =>
        Vector256.Create(
            Dp.DotProduct(sums.GetLower(), query.GetLower().AsSByte(), row.GetLower()),
            Dp.DotProduct(sums.GetUpper(), query.GetUpper().AsSByte(), row.GetUpper()));
}
