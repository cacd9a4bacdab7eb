// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.CompressedBanks;

/// <summary>Brings reference arrays into the layout of the library.</summary>
internal static class GoldenArrays
{
    public static float[] Floats(double[][] rows) => [.. rows.SelectMany(row => row).Select(value => (float)value)];

    public static double[] Doubles(double[][] rows) => [.. rows.SelectMany(row => row)];
}
