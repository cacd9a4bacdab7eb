// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed unsafe class FineProductTests
{
    [TestMethod]
    [DataRow(32)]
    [DataRow(96)]
    [DataRow(768)]
    public void Of_is_the_same_integer_by_all_instructions(int length)
    {
        var random = new Random(length);
        sbyte[] row = [.. Enumerable.Range(0, length).Select(_ => (sbyte)random.Next(-84, 85))];
        short[] query = [.. Enumerable.Range(0, length).Select(_ => (short)random.Next(-30_000, 30_001))];
        int expected = row.Zip(query, (a, b) => a * b).Sum();

        fixed (sbyte* r = row)
        fixed (short* q = query)
        {
            Assert.AreEqual(expected, FineProduct.Of(r, q, length));
            Assert.AreEqual(expected, FineProduct.Of128(r, q, length));
            if (Avx2.IsSupported) Assert.AreEqual(expected, FineProduct.Of256(r, q, length));
            if (Avx512BW.IsSupported) Assert.AreEqual(expected, FineProduct.Of512(r, q, length));
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(768)]
    [DataRow(CodeScan.LargestDimension)]
    public void Of_does_not_overflow_for_the_finest_code(int d)
    {
        float[] values = [.. Enumerable.Repeat(-1f, d)];
        int length = RowCode.LengthOf(d);
        var row = new sbyte[length];
        var query = new short[length];

        fixed (float* v = values)
        fixed (sbyte* r = row)
        fixed (short* q = query)
        {
            RowCode coded = RowCode.Of(v, d, r);
            FineCode fine = FineCode.Of(v, d, 1, q);
            int product = FineProduct.Of(r, q, length);

            Assert.AreEqual(d, (double)product * coded.Step * fine.Scale, d * 1e-3);
            Assert.AreEqual(Math.Sqrt(d), fine.Length, Math.Sqrt(d) * 1e-5);
        }
    }
}
