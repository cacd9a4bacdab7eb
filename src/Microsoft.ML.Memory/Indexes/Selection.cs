// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>Finds the k-th largest of some numbers without sorting them.</summary>
internal static unsafe class Selection
{
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

    /// <summary>Gives the middle one of three values.</summary>
    public static float Median(float a, float b, float c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
