// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
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
    /// <summary>
    /// Largest magnitude of a code's value. Smaller than 8 bits allow, so that 16 bits hold four products with a
    /// query's code of 48 at most (<see cref="CodeTile512"/>), or two with one of 97 (<see cref="Avx2Math"/>): together
    /// these leave out less than 127 and 32, or 127 and 64, would.
    /// </summary>
    public const int Largest = 84;

    /// <summary>Codes are padded with zeros to a multiple of this length.</summary>
    public const int Granularity = 32;

    /// <summary>Norms above this one are not coded: squares and their quotients have to stay within float.</summary>
    public const double LargestNorm = 1L << 40;

    /// <summary>Steps below this one are not used: their reciprocals have to stay within float.</summary>
    public const double SmallestStep = 1.0 / (1L << 40);

    /// <summary>Factor that makes up for rounding in what a number is at least.</summary>
    public const double RoundedUp = 1 + 1.0 / (1 << 20);

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
        CodeSums sums = Round(row, d, step, Largest, code);
        return new RowCode(step, (float)(sums.Error * RoundedUp), sums.Sum);
    }

    /// <summary>Gives the step with which codes reach up to <paramref name="largest"/>.</summary>
    public static float StepOf(float* row, int d, int largest) =>
        Math.Abs(TensorPrimitives.MaxMagnitude(new ReadOnlySpan<float>(row, d))) / largest;

    /// <summary>Rounds each value to its code.</summary>
    /// <typeparam name="TCode">What holds the codes: <see cref="sbyte"/> or <see cref="short"/>.</typeparam>
    /// <param name="row">d values.</param>
    /// <param name="d">Length of the row.</param>
    /// <param name="step">Distance of two neighbouring code values.</param>
    /// <param name="largest">Largest magnitude of a code's value.</param>
    /// <param name="code">Receives the d codes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static CodeSums Round<TCode>(float* row, int d, float step, int largest, TCode* code)
        where TCode : unmanaged, IBinaryInteger<TCode>
    {
        float factor = 1 / step;
        int sum = 0, i = 0;
        double square = 0, error = 0;
        Vector256<float> factors = Vector256.Create(factor);
        Vector256<double> steps = Vector256.Create((double)step), squares = default, errors = default;
        Vector256<int> sums = default, most = Vector256.Create(largest), least = -most;
        for (; i <= d - 8; i += 8)
        {
            Vector256<float> given = Vector256.Load(row + i);
            Vector256<int> values = Vector256.ConvertToInt32(Vector256.Round(given * factors));
            values = Vector256.Min(Vector256.Max(values, least), most);
            Store(values, code + i);
            sums += values;
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.ConvertToSingle(values));
            (Vector256<double> lowGiven, Vector256<double> highGiven) = Vector256.Widen(given);
            squares += (low * low) + (high * high);
            low = lowGiven - (low * steps);
            high = highGiven - (high * steps);
            errors += (low * low) + (high * high);
        }

        for (; i < d; i++)
        {
            int value = Math.Clamp((int)MathF.Round(row[i] * factor), -largest, largest);
            code[i] = TCode.CreateTruncating(value);
            double left = row[i] - ((double)step * value);
            sum += value;
            square += (double)value * value;
            error += left * left;
        }

        return new CodeSums(
            sum + Vector256.Sum(sums), square + Vector256.Sum(squares), Math.Sqrt(error + Vector256.Sum(errors)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TCode>(Vector256<int> values, TCode* code) where TCode : unmanaged
    {
        Vector128<short> narrow = Vector128.Narrow(values.GetLower(), values.GetUpper());
        if (typeof(TCode) == typeof(short)) narrow.Store((short*)code);
        else *(long*)code = Vector128.Narrow(narrow, narrow).AsInt64()[0];
    }
}
