// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
}
