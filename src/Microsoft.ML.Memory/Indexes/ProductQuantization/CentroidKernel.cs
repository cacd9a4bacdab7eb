// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Memory;

/// <summary>Sums over all 256 centroids at once, vector by vector.</summary>
internal static class CentroidKernel
{
    /// <summary>Adds (value - centroid)^2 to the sum of each of 256 centroids.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddSquares(float value, ReadOnlySpan<float> centroids, Span<float> sums)
    {
        ReadOnlySpan<Vector<float>> from = MemoryMarshal.Cast<float, Vector<float>>(centroids);
        Span<Vector<float>> to = MemoryMarshal.Cast<float, Vector<float>>(sums);
        var wide = new Vector<float>(value);
        for (int index = 0; index < to.Length; index++)
        {
            Vector<float> difference = wide - from[index];
            to[index] += difference * difference; // two roundings everywhere, so the same bits everywhere
        }
    }

    /// <summary>
    /// Scales values that are at least 0 and rounds them to bytes, at most 255; their number is a multiple of 16.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Round(ReadOnlySpan<float> values, float scale, Span<byte> bytes)
    {
        ReadOnlySpan<Vector128<float>> from = MemoryMarshal.Cast<float, Vector128<float>>(values);
        Span<Vector128<byte>> to = MemoryMarshal.Cast<byte, Vector128<byte>>(bytes);
        for (int index = 0; index < to.Length; index++)
        {
            Vector128<short> low = Vector128.Narrow(Whole(from[4 * index]), Whole(from[(4 * index) + 1]));
            Vector128<short> high = Vector128.Narrow(Whole(from[(4 * index) + 2]), Whole(from[(4 * index) + 3]));
            to[index] = Vector128.Narrow(low.AsUInt16(), high.AsUInt16());
        }

        Vector128<int> Whole(Vector128<float> four) => Vector128.ConvertToInt32(
            Vector128.Min(four * scale, Vector128.Create((float)byte.MaxValue)) + Vector128.Create(0.5f));
    }
}
