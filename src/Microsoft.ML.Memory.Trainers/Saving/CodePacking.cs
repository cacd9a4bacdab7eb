// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Lays codes of 1 to 4 bits side by side: n codes take exactly ceil(n bits / 8) bytes.</summary>
/// <remarks>The first code is in the lowest bits of the first byte; unused bits at the end are 0.</remarks>
internal static class CodePacking
{
    private const int ByteBits = 8;

    public static long ByteCount(long count, int bits) => ((count * bits) + ByteBits - 1) / ByteBits;

    /// <param name="codes">Of Byte, any shape, each below 2^bits.</param>
    /// <param name="bits">1 to 4.</param>
    /// <returns>[ceil(n bits / 8)] of Byte, in the caller's dispose scope.</returns>
    public static Tensor Pack(Tensor codes, int bits)
    {
        using var scope = NewDisposeScope();
        Tensor flat = codes.reshape(-1);
        // A code of 3 bits may lie across two bytes: its bits are packed one by one.
        if (ByteBits % bits != 0) (flat, bits) = (Split(flat, bits), 1);
        int perByte = ByteBits / bits;
        long missing = (ByteCount(flat.numel(), bits) * perByte) - flat.numel();
        if (missing > 0) flat = cat([flat, zeros([missing], uint8, flat.device)], 0);
        Tensor rows = flat.view(-1, perByte);
        Tensor packed = rows.select(1, 0).clone();
        for (int i = 1; i < perByte; i++) packed.add_(rows.select(1, i).mul(1 << (i * bits)));
        return packed.MoveToOuterDisposeScope();
    }

    /// <summary>Undoes <see cref="Pack"/>.</summary>
    public static Tensor Unpack(Tensor packed, int bits, long[] shape)
    {
        using var scope = NewDisposeScope();
        long count = shape.Aggregate(1L, (product, size) => product * size);
        bool split = ByteBits % bits != 0;
        Tensor codes = Fields(packed, split ? 1 : bits).narrow(0, 0, split ? count * bits : count);
        if (split) codes = Joined(codes.view(count, bits), bits);
        return codes.view(shape).MoveToOuterDisposeScope();
    }

    private static Tensor Fields(Tensor packed, int bits)
    {
        Tensor mask = full([1], (1 << bits) - 1, uint8, packed.device);
        Tensor[] fields =
        [
            .. Enumerable.Range(0, ByteBits / bits).Select(i =>
                packed.bitwise_right_shift(full([1], i * bits, uint8, packed.device)).bitwise_and(mask)),
        ];
        return stack(fields, 1).view(-1);
    }

    private static Tensor Split(Tensor codes, int bits)
    {
        Tensor one = full([1], 1, uint8, codes.device);
        Tensor[] planes =
        [
            .. Enumerable.Range(0, bits).Select(i =>
                codes.bitwise_right_shift(full([1], i, uint8, codes.device)).bitwise_and(one)),
        ];
        return stack(planes, 1).view(-1);
    }

    private static Tensor Joined(Tensor rows, int bits)
    {
        Tensor codes = rows.select(1, 0).clone();
        for (int i = 1; i < bits; i++) codes.add_(rows.select(1, i).mul(1 << i));
        return codes;
    }
}
