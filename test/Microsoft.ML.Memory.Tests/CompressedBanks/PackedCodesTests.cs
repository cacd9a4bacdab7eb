// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Memory.Tests.Golden;

namespace Microsoft.ML.Memory.Tests.CompressedBanks;

[TestClass]
public sealed class PackedCodesTests
{
    private static readonly GoldenPacking _golden = GoldenFiles.Json<GoldenPacking>("mbc/packing.json");

    [TestMethod]
    public void Pack_equals_reference_bytes()
    {
        foreach (GoldenPacked golden in _golden.Cases)
        {
            PackedCodes packed = PackedCodes.Pack(golden.Codes, golden.Bits);

            Assert.AreEqual(golden.Hex, Convert.ToHexStringLower(packed.Bytes));
            Assert.AreEqual(golden.Bytes, packed.Bytes.Length);
            CollectionAssert.AreEqual(golden.Codes, packed.Unpack());
        }
    }

    [TestMethod]
    public void T4_8_bits_are_those_of_the_largest_code()
        => CollectionAssert.AreEqual(
            _golden.BitsPerCode.Bits, Array.ConvertAll(_golden.BitsPerCode.Codes, PackedCodes.BitsFor));

    [TestMethod]
    public void One_code_alone_takes_a_bit() => Assert.AreEqual(1, PackedCodes.BitsFor(1));

    [TestMethod]
    public void Pack_then_unpack_gives_the_same_codes()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20_261_121, 13);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, UnpacksTheSame));
    }

    private static bool UnpacksTheSame(int seed)
    {
        var random = new SeededRandom(seed);
        int bound = 1 + (int)(random.Next(1L << random.Next(31)));
        int[] codes = new int[random.Next(60)];
        foreach (ref int code in codes.AsSpan()) code = random.Next(bound);
        PackedCodes packed = PackedCodes.Pack(codes, PackedCodes.BitsFor(bound));
        return packed.Unpack().SequenceEqual(codes)
            && packed.Bytes.Length == PackedCodes.BytesFor(codes.Length, packed.Bits);
    }

    private sealed record GoldenPacking(GoldenBits BitsPerCode, GoldenPacked[] Cases);

    private sealed record GoldenBits(int[] Codes, int[] Bits);

    private sealed record GoldenPacked(int Bits, int[] Codes, int Bytes, string Hex);
}
