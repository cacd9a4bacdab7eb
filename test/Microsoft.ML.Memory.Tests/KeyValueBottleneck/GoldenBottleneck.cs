// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.KeyValueBottlenecks;

/// <summary>Brings reference arrays into the layout of the library.</summary>
internal static class GoldenBottleneck
{
    /// <summary>[heads][d][k] to columns [heads, k, d].</summary>
    public static float[] Columns(double[][][] projections)
        => [.. projections.SelectMany(head => Enumerable.Range(0, head[0].Length).SelectMany(
            column => head.Select(row => (float)row[column])))];

    public static float[] Floats(double[][] rows) => [.. rows.SelectMany(row => row).Select(value => (float)value)];

    public static float[] Floats(double[][][] heads) => [.. heads.SelectMany(Floats)];

    public static double[] Doubles(double[][] rows) => [.. rows.SelectMany(row => row)];

    public static double[] Doubles(double[][][] heads) => [.. heads.SelectMany(Doubles)];

    public static double[] Widen(float[] values) => Array.ConvertAll(values, value => (double)value);
}
