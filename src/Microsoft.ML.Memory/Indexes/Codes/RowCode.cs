// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Memory;

/// <summary>What is known of a row's 8-bit code: value i of the row is near <c>Step * code[i]</c>.</summary>
/// <param name="Step">Distance of two neighbouring code values; 0 where the row is not coded.</param>
/// <param name="Error">
/// At least the length of the difference of the row and <c>Step * code</c>; infinity where the row is not coded.
/// </param>
/// <param name="Sum">Sum of the code's values.</param>
internal readonly unsafe record struct RowCode(float Step, float Error, int Sum)
{
    /// <summary>Largest magnitude of a code's value.</summary>
    public const int Largest = 127;

    /// <summary>Codes are padded with zeros to a multiple of this length.</summary>
    public const int Granularity = 32;

    /// <summary>Norms above this one are not coded: squares and their quotients have to stay within float.</summary>
    public const double LargestNorm = 1L << 40;

    /// <summary>Steps below this one are not used: their reciprocals have to stay within float.</summary>
    public const double SmallestStep = 1.0 / (1L << 40);

    private const double RoundedUp = 1 + 1.0 / (1 << 20);

    /// <summary>A row of which nothing is known.</summary>
    private static RowCode None => new(0, float.PositiveInfinity, 0);

    /// <summary>Gives the length of a padded code.</summary>
    public static int LengthOf(int dimension) => (dimension + Granularity - 1) / Granularity * Granularity;

    /// <summary>Codes a row.</summary>
    /// <param name="row">d finite values.</param>
    /// <param name="d">Length of the row.</param>
    /// <param name="code">Receives the padded code; zeros where the row is not coded.</param>
    public static RowCode Of(float* row, int d, sbyte* code)
    {
        new Span<sbyte>(code, LengthOf(d)).Clear();
        double norm = Math.Sqrt(PairDistance.SquaredNorm(row, d));
        if (!(norm <= LargestNorm)) return None;

        float step = StepOf(row, d, Largest);
        if (step < SmallestStep) return new RowCode(0, (float)(norm * RoundedUp), 0);
        int sum = Round(row, d, step, Largest, code);
        return new RowCode(step, (float)(DifferenceOf(row, d, step, code) * RoundedUp), sum);
    }

    /// <summary>Gives the step with which codes reach up to <paramref name="largest"/>.</summary>
    public static float StepOf(float* row, int d, int largest) =>
        Math.Abs(TensorPrimitives.MaxMagnitude(new ReadOnlySpan<float>(row, d))) / largest;

    /// <summary>Rounds each value to its code and gives the sum of the codes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Round(float* row, int d, float step, int largest, sbyte* code)
    {
        float factor = 1 / step;
        int sum = 0;
        int i = 0;
        Vector256<float> factors = Vector256.Create(factor);
        Vector256<int> sums = default, most = Vector256.Create(largest), least = -most;
        for (; i <= d - 8; i += 8)
        {
            Vector256<int> values = Vector256.ConvertToInt32(Vector256.Round(Vector256.Load(row + i) * factors));
            values = Vector256.Min(Vector256.Max(values, least), most);
            sums += values;
            Vector256<short> shorts = Vector256.Narrow(values, values);
            *(long*)(code + i) = Vector256.Narrow(shorts, shorts).AsInt64()[0];
        }

        for (; i < d; i++)
        {
            int value = Math.Clamp((int)MathF.Round(row[i] * factor), -largest, largest);
            code[i] = (sbyte)value;
            sum += value;
        }

        return sum + Vector256.Sum(sums);
    }

    /// <summary>Gives the length of the difference of the row and <c>step * code</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double DifferenceOf(float* row, int d, float step, sbyte* code)
    {
        double sum = 0;
        Vector256<double> sums = default, steps = Vector256.Create((double)step);
        int i = 0;
        for (; i <= d - 4; i += 4)
        {
            Vector256<double> values = Vector256.ConvertToDouble(
                Vector256.Create((long)code[i], code[i + 1], code[i + 2], code[i + 3]));
            (Vector128<double> low, Vector128<double> high) = Vector128.Widen(Vector128.Load(row + i));
            Vector256<double> left = Vector256.Create(low, high) - (values * steps);
            sums += left * left;
        }

        for (; i < d; i++)
        {
            double left = row[i] - ((double)step * code[i]);
            sum += left * left;
        }

        return Math.Sqrt(sum + Vector256.Sum(sums));
    }
}
