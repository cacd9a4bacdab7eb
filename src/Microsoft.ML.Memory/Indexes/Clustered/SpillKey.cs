// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;

namespace Microsoft.ML.Memory;

/// <summary>What records are sorted by; <paramref name="Place"/> says where the payload is.</summary>
internal readonly record struct SpillKey(ulong Major, uint Minor, int Place) : IComparable<SpillKey>
{
    public const int Bytes = sizeof(ulong) + sizeof(uint);

    public int CompareTo(SpillKey other)
    {
        int order = Major.CompareTo(other.Major);
        if (order == 0) order = Minor.CompareTo(other.Minor);
        return order == 0 ? Place.CompareTo(other.Place) : order;
    }

    public void WriteTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Major);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[sizeof(ulong)..], Minor);
    }

    public static SpillKey Read(ReadOnlySpan<byte> bytes, int place)
        => new(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[sizeof(ulong)..]),
            place);
}
