// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>Guards that public methods open with. Every message says who must be what, and what it was.</summary>
internal static class Check
{
    public static int AtLeast(
        int value, int minimum, string who, [CallerArgumentExpression(nameof(value))] string? parameter = null)
    {
        if (value < minimum) Throw($"{who} must be at least {minimum}. Got {value}.", parameter);
        return value;
    }

    public static int Index(int value, int count, [CallerArgumentExpression(nameof(value))] string? parameter = null)
    {
        if ((uint)value >= (uint)count) Throw($"{parameter} must be in [0, {count}). Got {value}.", parameter);
        return value;

        [DoesNotReturn]
        static void Throw(string message, string? parameter)
            => throw new ArgumentOutOfRangeException(parameter, message);
    }

    /// <summary>Checks the length of a vector.</summary>
    public static int Dimension(int dimension)
    {
        if (dimension is < 1 or > MemoryBank.LargestDimension)
            Throw($"dimension must be in [1, {MemoryBank.LargestDimension}]. Got {dimension}.", nameof(dimension));
        return dimension;
    }

    /// <summary>Checks that a metric is one.</summary>
    public static Metric Metric(Metric metric)
    {
        if (!Enum.IsDefined(metric)) Throw($"metric must be a metric. Got {metric}.", nameof(metric));
        return metric;
    }

    /// <summary>
    /// Checks that a flat buffer has the length its shape asks for; <paramref name="shape"/> is shown as given.
    /// </summary>
    public static void Length(int length, long expected, string parameter, string shape)
    {
        if (length != expected)
            Throw($"{parameter} must be {shape} = {expected} values long. Got {length}.", parameter);
    }

    /// <summary>Checks that all values of [n, d] are finite; the message names the first row that is not.</summary>
    public static void Finite(ReadOnlySpan<float> values, int dimension, string parameter)
    {
        if (TensorPrimitives.IsFiniteAll(values)) return;
        for (int row = 0; row < values.Length / dimension; row++)
        {
            if (!TensorPrimitives.IsFiniteAll(values.Slice(row * dimension, dimension)))
                Throw($"{parameter} must be finite. Got NaN or infinity in row {row}.", parameter);
        }
    }

    /// <summary>Gives a number as messages show it, which is the same in every culture.</summary>
    public static string Shown(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    [DoesNotReturn]
    private static void Throw(string message, string? parameter) => throw new ArgumentException(message, parameter);
}
