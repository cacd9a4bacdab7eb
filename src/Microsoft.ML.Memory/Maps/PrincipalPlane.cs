// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Puts vectors into the plane in which they vary most.</summary>
internal static class PrincipalPlane
{
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
        double[][] axes = PrincipalAxes.Find(
            vectors, mean, pass => progress?.Report(Math.Min(1, (pass + 1.0) / ExpectedPasses)));
        foreach (double[] axis in axes) Turn(axis);
        Moments moments = Project(vectors, mean, axes, x, y);
        progress?.Report(1);
        return (Share(moments.AlongX, moments, x), Share(moments.AlongY, moments, y));
    }

    /// <summary>Gives the share of an axis; one along which nothing but rounding errors varies is cleared.</summary>
    private static double Share(double along, Moments moments, float[] places)
    {
        if (along > LeastShare * moments.Square) return Math.Min(1, along / moments.Variance);
        Array.Clear(places);
        return 0;
    }

    private static Moments Project(EntryVectors vectors, double[] mean, double[][] axes, float[] x, float[] y)
    {
        double[] sums = vectors.Sum(4, (row, vector, sums) =>
        {
            sums[0] += TensorPrimitives.SumOfSquares<double>(vector);
            TensorPrimitives.Subtract(vector, mean, vector);
            sums[1] += TensorPrimitives.SumOfSquares<double>(vector);
            double alongX = TensorPrimitives.Dot<double>(vector, axes[0]);
            double alongY = axes.Length > 1 ? TensorPrimitives.Dot<double>(vector, axes[1]) : 0;
            sums[2] += alongX * alongX;
            sums[3] += alongY * alongY;
            (x[row], y[row]) = (Narrow(alongX), Narrow(alongY));
        });
        TensorPrimitives.Divide(sums, vectors.Count, sums);
        return new Moments(sums[0], sums[1], sums[2], sums[3]);
    }

    // keys near the largest Single may lie farther from their mean than a Single can say
    private static float Narrow(double value) => (float)Math.Clamp(value, float.MinValue, float.MaxValue);

    /// <summary>Turns an axis so that its largest part, the first of equals, is above 0.</summary>
    private static void Turn(double[] axis)
    {
        if (axis[TensorPrimitives.IndexOfMaxMagnitude<double>(axis)] < 0) TensorPrimitives.Negate(axis, axis);
    }

    /// <summary>Mean squares over all entries: of the vectors, around their mean, and along both axes.</summary>
    private readonly record struct Moments(double Square, double Variance, double AlongX, double AlongY);
}
