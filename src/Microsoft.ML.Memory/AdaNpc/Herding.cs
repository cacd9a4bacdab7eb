// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Picks the rows that stand best for many: each brings the mean of those picked nearest to the mean of all.
/// </summary>
/// <remarks>
/// <para>The k-th pick is the row x with the smallest |mu - (sum of picked + x)/k|, of rows and mean scaled to unit
/// rows; the first m of n picks are the picks of m. Source: Welling, ICML 2009; Rebuffi et al., CVPR 2017.</para>
/// <para>Thread-safe: no state.</para>
/// </remarks>
public static class Herding
{
    /// <summary>Picks rows by their direction.</summary>
    /// <remarks>No row twice; the first of equals. A zero row stays zero. Cost O(count·n·d).</remarks>
    /// <param name="rows">[n, d], row-major, finite.</param>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="count">Rows to pick, in [0, n].</param>
    /// <returns>[count] indices of rows, in the order of the picks.</returns>
    /// <exception cref="ArgumentException">A length does not fit, or a value is not finite.</exception>
    public static int[] Select(ReadOnlySpan<float> rows, int dimension, int count)
    {
        Check.AtLeast(dimension, 1, nameof(dimension));
        if (rows.Length % dimension != 0)
            throw new ArgumentException($"rows must be [n, {dimension}]. Got {rows.Length} values.", nameof(rows));
        if (count < 0 || count > rows.Length / dimension)
            throw new ArgumentException(
                $"count must be in [0, {rows.Length / dimension}]. Got {count}.", nameof(count));
        Check.Finite(rows, dimension, nameof(rows));

        double[] unit = new double[rows.Length];
        TensorPrimitives.ConvertTruncating(rows, unit);
        for (int start = 0; start < unit.Length; start += dimension)
        {
            Span<double> row = unit.AsSpan(start, dimension);
            double norm = TensorPrimitives.Norm<double>(row);
            if (norm > 0) TensorPrimitives.Divide(row, norm, row);
        }

        return SelectAsGiven(unit, dimension, count);
    }

    /// <summary>Picks rows as they are, without scaling them.</summary>
    internal static int[] SelectAsGiven(ReadOnlySpan<double> rows, int dimension, int count)
    {
        int rowCount = rows.Length / dimension;
        double[] mean = new double[dimension];
        for (int row = 0; row < rowCount; row++)
            TensorPrimitives.Add(mean, rows.Slice(row * dimension, dimension), mean);
        TensorPrimitives.Divide(mean, (double)Math.Max(1, rowCount), mean);

        // |mu - (sum + x)/k| is smallest where |(k mu - sum) - x| is.
        double[] target = new double[dimension];
        bool[] isPicked = new bool[rowCount];
        int[] picks = new int[count];
        for (int pick = 0; pick < count; pick++)
        {
            TensorPrimitives.Add(target, mean, target);
            int nearest = Nearest(rows, target, isPicked);
            isPicked[nearest] = true;
            picks[pick] = nearest;
            TensorPrimitives.Subtract(target, rows.Slice(nearest * dimension, dimension), target);
        }

        return picks;
    }

    private static int Nearest(ReadOnlySpan<double> rows, double[] target, bool[] isPicked)
    {
        int nearest = -1;
        double least = double.PositiveInfinity;
        for (int row = 0; row < isPicked.Length; row++)
        {
            if (isPicked[row]) continue;
            double distance = TensorPrimitives.Distance<double>(
                rows.Slice(row * target.Length, target.Length), target);
            if (nearest >= 0 && distance >= least) continue;
            nearest = row;
            least = distance;
        }

        return nearest;
    }
}
