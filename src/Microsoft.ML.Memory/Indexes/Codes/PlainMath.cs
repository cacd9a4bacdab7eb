// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Memory;

/// <summary>Runs everywhere: takes the four bytes of a place out one by one.</summary>
internal readonly struct PlainMath : ICodeMath
{
    public static int Largest => 127;

    public static int Shift => 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> query, Vector256<sbyte> row)
    {
        Vector256<uint> q = query.AsUInt32();
        Vector256<int> m = row.AsInt32();
        Vector256<uint> mask = Vector256.Create(0xFFu);
        sums += (q & mask).AsInt32() * ((m << 24) >> 24);
        sums += ((q >>> 8) & mask).AsInt32() * ((m << 16) >> 24);
        sums += ((q >>> 16) & mask).AsInt32() * ((m << 8) >> 24);
        return sums + ((q >>> 24).AsInt32() * (m >> 24));
    }
}
