// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>What stands before the numbers of a scaled code: the vector is Scale times the numbers.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CodeHead
{
    public const int Bytes = 16;

    public float Scale;

    /// <summary>|vector|^2 under squared L2, otherwise 0.</summary>
    public float Term;

    /// <summary>Sum of the numbers where they are whole.</summary>
    public int Sum;

    private readonly int _unused;

    /// <summary>Makes the head of numbers with a squared norm; under the cosine the vector gets length 1.</summary>
    public static CodeHead Of(Metric metric, double scale, double squaredNorm, int sum) => metric switch
    {
        Metric.Cosine => new CodeHead { Scale = squaredNorm == 0 ? 0 : (float)(1 / Math.Sqrt(squaredNorm)), Sum = sum },
        Metric.SquaredEuclidean => new CodeHead
        {
            Scale = (float)scale,
            Term = (float)(scale * scale * squaredNorm),
            Sum = sum,
        },
        _ => new CodeHead { Scale = (float)scale, Sum = sum },
    };
}
