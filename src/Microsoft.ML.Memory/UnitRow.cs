// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Scales vectors to length 1.</summary>
internal static class UnitRow
{
    /// <summary>Scales finite rows [n, d], each for itself.</summary>
    public static void ScaleAll(Span<float> rows, int dimension)
    {
        for (int start = 0; start < rows.Length; start += dimension) Scale(rows.Slice(start, dimension));
    }

    /// <summary>Scales a finite vector; a zero vector stays zero.</summary>
    public static void Scale(Span<float> row)
    {
        // The squares of large or tiny values would leave the range of single precision.
        float largest = MathF.Abs(TensorPrimitives.MaxMagnitude<float>(row));
        if (largest == 0) return;
        TensorPrimitives.Divide(row, largest, row);
        TensorPrimitives.Divide(row, TensorPrimitives.Norm<float>(row), row);
    }
}
