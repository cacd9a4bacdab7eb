// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>A number of 16 bits by IEEE 754.</summary>
public readonly struct Float16 : IComparable, IComparable<Float16>, IEquatable<Float16>
{
    public readonly ushort value;

    public Float16(ushort v) => value = v;

    public static explicit operator Float16(float value) => new(BitConverter.HalfToUInt16Bits((Half)value));

    public static explicit operator float(Float16 value) => value.ToFloat();

    internal float ToFloat() => (float)BitConverter.UInt16BitsToHalf(value);

    public int CompareTo(Float16 other) => ToFloat().CompareTo(other.ToFloat());

    public int CompareTo(object obj) => obj switch
    {
        null => 1,
        Float16 other => CompareTo(other),
        _ => throw new ArgumentException($"A {nameof(Float16)} compares with its own kind only. Got {obj.GetType()}."),
    };

    public bool Equals(Float16 other) => ToFloat().Equals(other.ToFloat());

    public override bool Equals(object obj) => obj is Float16 other && Equals(other);

    public override int GetHashCode() => ToFloat().GetHashCode();
}
