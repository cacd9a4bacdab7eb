// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>Finds the k-th largest of some numbers without sorting them.</summary>
internal static unsafe class Selection
{
    private const int Halvings = 12;

    /// <summary>Gives the k-th largest value; the values change their order.</summary>
    /// <param name="values">Values, none NaN.</param>
    /// <param name="count">Number of values.</param>
    /// <param name="k">In [1, count].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Largest(float* values, int count, int k)
    {
        int target = k - 1;
        int left = 0, right = count - 1;
        while (left < right)
        {
            float pivot = Median(values[left], values[left + (right - left) / 2], values[right]);
            int i = left, j = right;
            while (i <= j)
            {
                while (values[i] > pivot) i++;
                while (values[j] < pivot) j--;
                if (i > j) break;
                (values[i], values[j]) = (values[j], values[i]);
                i++;
                j--;
            }

            if (target <= j) right = j;
            else if (target >= i) left = i;
            else break;
        }

        return values[target];
    }

    /// <summary>
    /// Gives a number that k values reach, near the k-th largest: by halving the range, which a processor does faster
    /// than taking values apart.
    /// </summary>
    /// <param name="values">
    /// Values, none NaN; there is room for as many more as a vector has, which are overwritten.
    /// </param>
    /// <param name="count">Number of values.</param>
    /// <param name="k">In [1, count].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Reached(float* values, int count, int k)
    {
        var span = new ReadOnlySpan<float>(values, count);
        float low = TensorPrimitives.Min(span), high = TensorPrimitives.Max(span);
        if (!float.IsFinite(high - low)) return Largest(values, count, k);
        new Span<float>(values + count, Vector<float>.Count).Fill(float.NegativeInfinity);
        int reaching = count;
        for (int step = 0; step < Halvings; step++)
        {
            float middle = low + ((high - low) / 2);
            int above = Count(values, count, middle);
            if (above >= k) (low, reaching) = (middle, above);
            else high = middle;
        }

        // Where a few values are far from all others, the others are not yet told apart.
        return reaching - k > (count - k) / 4 ? Largest(values, count, k) : low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Count(float* values, int count, float least)
    {
        Vector<float> leasts = new(least);
        Vector<int> reached = default; // minus 1 for each
        for (int i = 0; i < count; i += Vector<float>.Count)
            reached += Vector.GreaterThanOrEqual(Vector.Load(values + i), leasts);
        return -Vector.Sum(reached);
    }

    /// <summary>Gives the middle one of three values.</summary>
    public static float Median(float a, float b, float c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
