// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Turns numbers into those of a network's input.</summary>
/// <remarks>Types: Single, Float16, Double, Byte, Boolean, Int32 and Int64. Nothing is cut to a range.</remarks>
internal static class ElementCast
{
    private static readonly TensorElementType[] _types =
    [
        TensorElementType.Float, TensorElementType.Float16, TensorElementType.Double, TensorElementType.UInt8,
        TensorElementType.Bool, TensorElementType.Int32, TensorElementType.Int64,
    ];

    /// <summary>Requires a type that rows can be turned into.</summary>
    /// <exception cref="InvalidDataException">It is another.</exception>
    public static void Require(NetworkInput input)
    {
        if (_types.Contains(input.Type)) return;
        throw new InvalidDataException(
            $"Input '{input.Name}' of the network must be of type {string.Join(" or ", _types)}. Got {input.Type}.");
    }

    /// <summary>Converts numbers.</summary>
    /// <returns>The place of the first number that the type cannot hold; -1 where it holds all.</returns>
    public static int Convert<T>(ReadOnlySpan<float> source, Span<T> destination)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            MemoryMarshal.Cast<float, T>(source).CopyTo(destination);
            return -1;
        }

        if (typeof(T) == typeof(Float16))
        {
            TensorPrimitives.ConvertToHalf(source, MemoryMarshal.Cast<T, Half>(destination));
            return FirstLost(source, MemoryMarshal.Cast<T, ushort>(destination));
        }

        for (int i = 0; i < source.Length; i++)
        {
            if (!Fits<T>(source[i])) return i;
            destination[i] = Of<T>(source[i]);
        }

        return -1;
    }

    /// <inheritdoc cref="Convert{T}(ReadOnlySpan{float}, Span{T})"/>
    public static int Convert<T>(ReadOnlySpan<double> source, Span<T> destination)
        where T : unmanaged
    {
        for (int i = 0; i < source.Length; i++)
        {
            if (!Fits<T>(source[i])) return i;
            destination[i] = Of<T>(source[i]);
        }

        return -1;
    }

    /// <summary>Says which numbers a type holds.</summary>
    public static string RangeOf<T>() => Range<T>() is { } range
        ? FormattableString.Invariant($"whole numbers from {range.Least} to {range.Most}")
        : typeof(T) == typeof(Float16) ? FormattableString.Invariant($"numbers from {Half.MinValue} to {Half.MaxValue}")
        : typeof(T) == typeof(float) ? FormattableString.Invariant($"numbers from {float.MinValue} to {float.MaxValue}")
        : "numbers";

    /// <summary>Whether a type holds whole numbers only.</summary>
    public static bool IsWhole<T>() => Range<T>() is not null;

    private static (double Least, double Most)? Range<T>()
    {
        if (typeof(T) == typeof(byte)) return (0, byte.MaxValue);
        if (typeof(T) == typeof(bool)) return (0, 1);
        if (typeof(T) == typeof(int)) return (int.MinValue, int.MaxValue);

        // Whole numbers beyond were rounded before they came here, the next one to 2 to the 53rd.
        return typeof(T) == typeof(long) ? (1 - (1L << 53), (1L << 53) - 1) : null;
    }

    /// <summary>Gives a number as single precision, without a copy on the heap.</summary>
    public static float ToSingle<T>(T value)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return (float)(object)value;
        if (typeof(T) == typeof(Float16)) return (float)(Float16)(object)value;
        if (typeof(T) == typeof(double)) return (float)(double)(object)value;
        if (typeof(T) == typeof(byte)) return (byte)(object)value;
        if (typeof(T) == typeof(bool)) return (bool)(object)value ? 1 : 0;
        return typeof(T) == typeof(int) ? (int)(object)value : (long)(object)value;
    }

    // A number of single precision that is too large for half precision became infinite.
    private static int FirstLost(ReadOnlySpan<float> source, ReadOnlySpan<ushort> halves)
    {
        const ushort Infinity = 0x7C00, MinusInfinity = 0xFC00;
        for (int start = 0; start < source.Length;)
        {
            int next = halves[start..source.Length].IndexOfAny(Infinity, MinusInfinity);
            if (next < 0) return -1;
            start += next;
            if (float.IsFinite(source[start])) return start;
            start++;
        }

        return -1;
    }

    private static bool Fits<T>(double value)
    {
        if (typeof(T) == typeof(float)) return float.IsFinite((float)value) || !double.IsFinite(value);
        if (typeof(T) == typeof(Float16)) return Half.IsFinite((Half)value) || !double.IsFinite(value);
        return Range<T>() is not { } range
            || (value >= range.Least && value <= range.Most && Math.Floor(value) == value);
    }

    private static T Of<T>(double value)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return (T)(object)(float)value;
        if (typeof(T) == typeof(Float16)) return (T)(object)new Float16(BitConverter.HalfToUInt16Bits((Half)value));
        if (typeof(T) == typeof(double)) return (T)(object)value;
        if (typeof(T) == typeof(byte)) return (T)(object)(byte)value;
        if (typeof(T) == typeof(bool)) return (T)(object)(value != 0);
        return typeof(T) == typeof(int) ? (T)(object)(int)value : (T)(object)(long)value;
    }
}
