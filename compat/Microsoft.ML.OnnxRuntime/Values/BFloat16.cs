// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>The upper half of a Single, rounded to nearest even.</summary>
public readonly struct BFloat16 : IComparable, IComparable<BFloat16>, IEquatable<BFloat16>
{
    private const ushort NaNBits = 0xFFC1;

    public readonly ushort value;

    public BFloat16(ushort v) => value = v;

    public static explicit operator BFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        // Rounding could carry a NaN into infinity: all become the same one.
        return float.IsNaN(value)
            ? new BFloat16(NaNBits)
            : new BFloat16((ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }

    public static explicit operator float(BFloat16 value) => value.ToFloat();

    internal float ToFloat() => BitConverter.UInt32BitsToSingle((uint)value << 16);

    public int CompareTo(BFloat16 other) => ToFloat().CompareTo(other.ToFloat());

    public int CompareTo(object obj) => obj switch
    {
        null => 1,
        BFloat16 other => CompareTo(other),
        _ => throw new ArgumentException($"A {nameof(BFloat16)} compares with its own kind only. Got {obj.GetType()}."),
    };

    public bool Equals(BFloat16 other) => ToFloat().Equals(other.ToFloat());

    public override bool Equals(object obj) => obj is BFloat16 other && Equals(other);

    public override int GetHashCode() => ToFloat().GetHashCode();
}
