// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Puts vectors into the plane in which they vary most.</summary>
internal static class PrincipalPlane
{
    private const int AxisCount = 2;
    private const int ExpectedPasses = 24; // of which the progress reports shares
    private const double LeastShare = 1e-24; // of the mean square: below it, rounding errors of the mean

    /// <summary>Places all entries.</summary>
    /// <param name="rows">The entries.</param>
    /// <param name="x">Receives [n].</param>
    /// <param name="y">Receives [n].</param>
    /// <param name="parallel">Threads, and a token to stop by.</param>
    /// <param name="progress">Is told the share that is done.</param>
    /// <returns>Share of the variance along x and y; 0 where nothing varies.</returns>
    public static (double X, double Y) Place(
        EntryRows rows, float[] x, float[] y, ParallelOptions parallel, IProgress<double>? progress)
    {
        if (rows.Count == 0) return default;
        var vectors = new EntryVectors(rows, parallel);
        double[] mean = vectors.Sum(vectors.Dimension, (_, vector, sums) => TensorPrimitives.Add(sums, vector, sums));
        TensorPrimitives.Divide(mean, vectors.Count, mean);
        (double[] Axis, double Variance)[] found = PrincipalAxes.Find(
            vectors, mean, pass => progress?.Report(Math.Min(1, (pass + 1.0) / ExpectedPasses)));

        var axes = new double[AxisCount][];
        for (int i = 0; i < AxisCount; i++) axes[i] = i < found.Length ? Turned(found[i].Axis) : [];
        double[] spread = Project(vectors, mean, axes, x, y);
        double total = spread[0];
        double least = LeastShare * spread[1];
        for (int i = 0; i < AxisCount; i++)
        {
            if (i < found.Length && found[i].Variance > least) continue;
            (i == 0 ? x : y).AsSpan().Clear();
        }

        progress?.Report(1);
        return (ShareOf(0), ShareOf(1));

        double ShareOf(int i)
            => i < found.Length && found[i].Variance > least ? Math.Min(1, found[i].Variance / total) : 0;
    }

    /// <summary>Gives variance and mean square of the vectors, and their places.</summary>
    private static double[] Project(EntryVectors vectors, double[] mean, double[][] axes, float[] x, float[] y)
    {
        double[] sums = vectors.Sum(2, (row, vector, sums) =>
        {
            sums[1] += TensorPrimitives.SumOfSquares<double>(vector);
            TensorPrimitives.Subtract(vector, mean, vector);
            sums[0] += TensorPrimitives.SumOfSquares<double>(vector);
            x[row] = Narrow(TensorPrimitives.Dot<double>(vector, axes[0]));
            if (axes[1].Length > 0) y[row] = Narrow(TensorPrimitives.Dot<double>(vector, axes[1]));
        });
        TensorPrimitives.Divide(sums, vectors.Count, sums);
        return sums;
    }

    // keys near the largest Single may lie farther from their mean than a Single can say
    private static float Narrow(double value) => (float)Math.Clamp(value, float.MinValue, float.MaxValue);

    /// <summary>Turns an axis so that its largest part, the first of equals, is above 0.</summary>
    private static double[] Turned(double[] axis)
    {
        if (axis[TensorPrimitives.IndexOfMaxMagnitude<double>(axis)] < 0) TensorPrimitives.Negate(axis, axis);
        return axis;
    }
}
