// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory;

/// <summary>One instruction multiplies and adds; queries keep all 8 bits.</summary>
internal readonly struct VnniMath : ICodeMath
{
    public static int Largest => 127;

    public static int Shift => 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> query, Vector256<sbyte> row) =>
        AvxVnni.MultiplyWideningAndAdd(sums, query, row);
}
