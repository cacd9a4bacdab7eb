// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;

namespace Microsoft.ML.Memory;

/// <summary>Small whole numbers, packed into as many bits as the largest of them can need.</summary>
/// <remarks>
/// Bit b of number i is bit p mod 8 of byte p / 8 with p = i · bits + b, lowest bits first; what is left of the last
/// byte is 0. Immutable, so safe for concurrent use.
/// </remarks>
internal sealed class PackedCodes
{
    private readonly byte[] _bytes;

    /// <param name="bytes">The packed numbers, exactly as long as they need.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="bits">Bits of each, in [1, 31].</param>
    public PackedCodes(byte[] bytes, int count, int bits)
    {
        _bytes = bytes;
        Count = count;
        Bits = bits;
    }

    public int Count { get; }

    /// <summary>Bits of each number.</summary>
    public int Bits { get; }

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Bits that numbers below <paramref name="bound"/> need, at least 1.</summary>
    public static int BitsFor(int bound)
        => Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)Math.Max(0, bound - 1)));

    /// <summary>Bytes that so many numbers need.</summary>
    public static long BytesFor(int count, int bits) => (((long)count * bits) + 7) / 8;

    /// <summary>Packs numbers, each below 2^bits.</summary>
    public static PackedCodes Pack(ReadOnlySpan<int> codes, int bits)
    {
        byte[] bytes = new byte[BytesFor(codes.Length, bits)];
        long place = 0;
        foreach (int code in codes)
        {
            int rest = code;
            for (int left = bits; left > 0;)
            {
                int offset = (int)(place % 8);
                int taken = Math.Min(left, 8 - offset);
                bytes[place / 8] |= (byte)((rest & ((1 << taken) - 1)) << offset);
                rest >>= taken;
                place += taken;
                left -= taken;
            }
        }

        return new PackedCodes(bytes, codes.Length, bits);
    }

    /// <summary>Unpacks all numbers.</summary>
    public int[] Unpack()
    {
        int[] codes = new int[Count];
        for (int index = 0; index < codes.Length; index++) codes[index] = this[index];
        return codes;
    }

    /// <summary>Gives one number.</summary>
    public int this[int index]
    {
        get
        {
            long place = (long)Check.Index(index, Count) * Bits;
            int code = 0;
            for (int done = 0; done < Bits;)
            {
                int offset = (int)(place % 8);
                int taken = Math.Min(Bits - done, 8 - offset);
                code |= ((_bytes[place / 8] >> offset) & ((1 << taken) - 1)) << done;
                place += taken;
                done += taken;
            }

            return code;
        }
    }
}
