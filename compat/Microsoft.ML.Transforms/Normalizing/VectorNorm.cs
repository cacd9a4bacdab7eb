// Licensed under the MIT License. See LICENSE in the project root for license information.

using NormFunction = Microsoft.ML.Transforms.LpNormNormalizingEstimatorBase.NormFunction;

namespace Microsoft.ML.Data;

/// <summary>Norms of single vectors; a vector whose norm is zero or NaN keeps its length.</summary>
internal static class VectorNorm
{
    /// <summary>Normalizes the stored values of a vector of a given size; the others are zero.</summary>
    public static void Normalize(Span<float> values, int size, NormFunction norm, bool ensureZeroMean)
    {
        if (ensureZeroMean)
        {
            float mean = MeanOf(values, size);
            for (int i = 0; i < values.Length; i++)
                values[i] -= mean;
        }

        float length = Measure(values, size, norm);
        if (!(length > 0))
            return;
        float scale = 1 / length;
        for (int i = 0; i < values.Length; i++)
            values[i] *= scale;
    }

    private static float Measure(ReadOnlySpan<float> values, int size, NormFunction norm)
    {
        switch (norm)
        {
            case NormFunction.L1:
                float sum = 0;
                foreach (float value in values)
                    sum += Math.Abs(value);
                return sum;
            case NormFunction.Infinity:
                float largest = 0;
                foreach (float value in values)
                {
                    if (Math.Abs(value) > largest)
                        largest = Math.Abs(value);
                }

                return largest;
            case NormFunction.StandardDeviation:
                double mean = MeanOf(values, size);
                double squares = (size - values.Length) * mean * mean;
                foreach (float value in values)
                    squares += (value - mean) * (value - mean);
                return (float)Math.Sqrt(squares / size);
            default:
                double square = 0;
                foreach (float value in values)
                    square += (double)value * value;
                return (float)Math.Sqrt(square);
        }
    }

    private static float MeanOf(ReadOnlySpan<float> values, int size)
    {
        float sum = 0;
        foreach (float value in values)
            sum += value;
        return sum / size;
    }
}
