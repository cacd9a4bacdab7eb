// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Resamples one side of a plane with a kernel that widens when shrinking, and cuts a part out.</summary>
/// <remarks>Half-pixel centres; weights are renormalised at the borders. Thread-safe.</remarks>
internal sealed class Resampler
{
    private const double CubicSlope = -0.5;
    private readonly int[] _first;
    private readonly float[][] _weights;

    /// <param name="from">Length of the side.</param>
    /// <param name="to">Length that it is resized to.</param>
    /// <param name="start">First of the resized pixels that is kept.</param>
    /// <param name="count">Number of resized pixels that are kept.</param>
    /// <param name="filter">The kernel.</param>
    public Resampler(int from, int to, int start, int count, ImageFilter filter)
    {
        _first = new int[count];
        _weights = new float[count][];
        double step = (double)from / to, stretch = Math.Max(1, step);
        double support = stretch * (filter == ImageFilter.Bicubic ? 2 : 1);
        for (int i = 0; i < count; i++)
        {
            double centre = (start + i + 0.5) * step;
            int first = Math.Max(0, (int)Math.Floor(centre - support + 0.5));
            int end = Math.Min(from, (int)Math.Floor(centre + support + 0.5));
            _first[i] = first;
            _weights[i] = Normalised(first, end, tap => Kernel((tap + 0.5 - centre) / stretch, filter));
        }
    }

    /// <summary>Number of pixels that are kept.</summary>
    public int Count => _first.Length;

    /// <summary>Resamples every row: [n, from] to [n, Count].</summary>
    public void AlongRows(ReadOnlySpan<float> source, int rowCount, Span<float> target)
    {
        int width = source.Length / rowCount;
        for (int row = 0; row < rowCount; row++)
        {
            ReadOnlySpan<float> pixels = source.Slice(row * width, width);
            Span<float> kept = target.Slice(row * Count, Count);
            for (int i = 0; i < kept.Length; i++)
            {
                ReadOnlySpan<float> weights = _weights[i];
                kept[i] = TensorPrimitives.Dot(weights, pixels.Slice(_first[i], weights.Length));
            }
        }
    }

    /// <summary>Resamples every column: [from, width] to [Count, width].</summary>
    public void AlongColumns(ReadOnlySpan<float> source, int width, Span<float> target)
    {
        target[..(Count * width)].Clear();
        for (int i = 0; i < Count; i++)
        {
            Span<float> sum = target.Slice(i * width, width);
            for (int tap = 0; tap < _weights[i].Length; tap++)
            {
                ReadOnlySpan<float> row = source.Slice((_first[i] + tap) * width, width);
                TensorPrimitives.MultiplyAdd(row, _weights[i][tap], sum, sum);
            }
        }
    }

    private static float[] Normalised(int first, int end, Func<int, double> weight)
    {
        double[] weights = [.. Enumerable.Range(first, end - first).Select(weight)];
        double sum = weights.Sum();
        return Array.ConvertAll(weights, w => (float)(w / sum));
    }

    private static double Kernel(double x, ImageFilter filter)
    {
        x = Math.Abs(x);
        if (filter == ImageFilter.Bilinear) return Math.Max(0, 1 - x);
        return x < 1 ? (((((CubicSlope + 2) * x) - (CubicSlope + 3)) * x) * x) + 1
            : x < 2 ? (((((x - 5) * x) + 8) * x) - 4) * CubicSlope
            : 0;
    }
}
