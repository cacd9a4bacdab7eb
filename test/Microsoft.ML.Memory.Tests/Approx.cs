// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests;

/// <summary>Tolerances, each with its reason.</summary>
internal static class Approx
{
    /// <summary>A handful of operations in double on numbers near 1, in another order than the reference's.</summary>
    public const double Reference = 1e-12;

    /// <summary>The specification prints six decimals.</summary>
    public const double Printed = 5e-7;

    /// <summary>One rounding to float of a distance up to about 30.</summary>
    public const double Float = 1e-6;

    public static void AssertEqual(double[] expected, double[] actual, double tolerance, string what)
    {
        Assert.HasCount(expected.Length, actual, what);
        for (int index = 0; index < expected.Length; index++)
            Assert.AreEqual(expected[index], actual[index], tolerance, $"{what}, place {index}");
    }
}
