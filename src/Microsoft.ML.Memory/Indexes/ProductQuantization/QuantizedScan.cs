// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory;

/// <summary>Sums table entries of codes, 64 rows at once.</summary>
internal static unsafe class QuantizedScan
{
    private const int Rows = QuantizedColumn.GroupRows;

    /// <summary>Sums the entries of each row and says which sums are at most a threshold.</summary>
    /// <param name="codes">[m, 64] codes of a group.</param>
    /// <param name="tables">[m, 256] bytes.</param>
    /// <param name="subspaceCount">m, at most 256, so that sums fit.</param>
    /// <param name="threshold">Largest sum of interest.</param>
    /// <param name="sums">Receives 64 sums, where any is of interest.</param>
    /// <param name="width">How to look up.</param>
    /// <returns>One bit for each row.</returns>
    public static ulong Sum(
        byte* codes, byte* tables, int subspaceCount, ushort threshold, ushort* sums, QuantizedWidth width)
        => width == QuantizedWidth.Permute512
            ? Permute(codes, tables, subspaceCount, threshold, sums)
            : Plain(codes, tables, subspaceCount, threshold, sums);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong Permute(byte* codes, byte* tables, int subspaceCount, ushort threshold, ushort* sums)
    {
        Vector512<ushort> even = default, odd = default;
        Vector512<ushort> low = Vector512.Create((ushort)0xFF);
        for (int subspace = 0; subspace < subspaceCount; subspace++)
        {
            Vector512<byte> code = Vector512.Load(codes);
            Vector512<byte> first = Avx512Vbmi.PermuteVar64x8x2(
                Vector512.Load(tables), code, Vector512.Load(tables + 64));
            Vector512<byte> second = Avx512Vbmi.PermuteVar64x8x2(
                Vector512.Load(tables + 128), code, Vector512.Load(tables + 192));
            Vector512<byte> isSecond = Vector512.LessThan(code.AsSByte(), Vector512<sbyte>.Zero).AsByte();
            Vector512<ushort> entries = Vector512.ConditionalSelect(isSecond, second, first).AsUInt16();
            even += entries & low;
            odd += Vector512.ShiftRightLogical(entries, 8);
            codes += Rows;
            tables += ProductQuantizer.CentroidCount;
        }

        Vector512<ushort> limit = Vector512.Create(threshold);
        ulong evenMask = Vector512.LessThanOrEqual(even, limit).ExtractMostSignificantBits();
        ulong oddMask = Vector512.LessThanOrEqual(odd, limit).ExtractMostSignificantBits();
        if ((evenMask | oddMask) == 0) return 0;
        ushort* pairs = stackalloc ushort[Rows];
        even.Store(pairs);
        odd.Store(pairs + (Rows / 2));
        ulong mask = 0;
        for (int row = 0; row < Rows; row++)
        {
            sums[row] = pairs[((row & 1) * (Rows / 2)) + (row / 2)];
            if (sums[row] <= threshold) mask |= 1UL << row;
        }

        return mask;
    }

    private static ulong Plain(byte* codes, byte* tables, int subspaceCount, ushort threshold, ushort* sums)
    {
        new Span<ushort>(sums, Rows).Clear();
        for (int subspace = 0; subspace < subspaceCount; subspace++)
        {
            for (int row = 0; row < Rows; row++) sums[row] += tables[codes[row]];
            codes += Rows;
            tables += ProductQuantizer.CentroidCount;
        }

        ulong mask = 0;
        for (int row = 0; row < Rows; row++)
        {
            if (sums[row] <= threshold) mask |= 1UL << row;
        }

        return mask;
    }

    /// <summary>Takes the lowest bit off a mask.</summary>
    public static int TakeRow(ref ulong mask)
    {
        int row = BitOperations.TrailingZeroCount(mask);
        mask &= mask - 1;
        return row;
    }
}
