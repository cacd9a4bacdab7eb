// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;

namespace Microsoft.ML.Memory.Tests.Banks;

[TestClass]
public sealed class KeyEncodingTests
{
    private const int Dimension = 33;
    private const int Rows = 9000;

    [TestMethod]
    [DataRow("pixels", 1)]
    [DataRow("noise", 4)]
    [DataRow("sparse", 4)]
    public void Keys_survive_bit_for_bit(string kind, int bytesPerValue)
    {
        var bank = new MemoryBank(Dimension);
        bank.AddRange(Draw(kind), new int[Rows]);
        bank.RemoveWhere(entry => entry.Id % 7 == 0);

        byte[] file = Save(bank);
        MemoryBank loaded = MemoryBank.Load(new MemoryStream(file));

        CollectionAssert.AreEqual(KeysOf(bank), KeysOf(loaded));
        CollectionAssert.AreEqual(file, Save(loaded));
        Assert.AreEqual(bytesPerValue, (file.Length - (bank.Count * 25)) / (bank.Count * Dimension));
    }

    [TestMethod]
    public void Real_valued_keys_look_like_noise_and_sparse_ones_do_not()
    {
        Assert.IsGreaterThan(0.999, DeflatedShare("noise"));
        Assert.IsLessThan(0.5, DeflatedShare("sparse"));
    }

    [TestMethod]
    [DataRow(-0f)]
    [DataRow(256f)]
    [DataRow(-1f)]
    [DataRow(0.5f)]
    [DataRow(float.Epsilon)]
    public void One_value_that_is_no_byte_keeps_all_as_floats(float value)
    {
        var bank = new MemoryBank(2);
        bank.AddRange([1, 2, 3, value], [0, 0]);

        MemoryBank loaded = MemoryBank.Load(new MemoryStream(Save(bank)));

        float[] keys = KeysOf(loaded);
        Assert.AreEqual(BitConverter.SingleToInt32Bits(value), BitConverter.SingleToInt32Bits(keys[3]));
    }

    [TestMethod]
    [DataRow(0L)]
    [DataRow(5L)]
    [DataRow((1L << 32) - 3)]
    public void Scrambling_twice_changes_nothing_and_does_not_depend_on_pieces(long first)
    {
        uint[] values = [.. Enumerable.Range(0, 100).Select(value => (uint)value)];
        uint[] whole = [.. values];
        uint[] pieces = [.. values];

        KeyScrambler.Apply(whole, first);
        for (int start = 0; start < 100; start += 9)
            KeyScrambler.Apply(pieces.AsSpan(start, Math.Min(9, 100 - start)), first + start);

        CollectionAssert.AreNotEqual(values, whole);
        CollectionAssert.AreEqual(whole, pieces);
        KeyScrambler.Apply(whole, first);
        CollectionAssert.AreEqual(values, whole);
    }

    [TestMethod]
    [DataRow(600)]
    [DataRow(750)]
    [DataRow(900)]
    public void The_encoding_depends_on_the_keys_and_not_on_how_they_are_stored(int randomRows)
    {
        const int dimension = 1024;
        var random = new Random(1);
        var bank = new MemoryBank(dimension);
        float[] keys = [.. Enumerable.Range(0, 1020 * dimension).Select(
            i => i < randomRows * dimension ? random.NextSingle() - 0.5f : 0.5f)];
        bank.AddRange(keys, new int[1020]);
        bank.RemoveWhere(entry => entry.Id > randomRows && entry.Id % 6 == 0);

        byte[] fragmented = Save(bank);
        byte[] loaded = Save(MemoryBank.Load(new MemoryStream(fragmented)));
        bank.Compact();

        CollectionAssert.AreEqual(fragmented, loaded);
        CollectionAssert.AreEqual(fragmented, Save(bank));
    }

    private static double DeflatedShare(string kind)
    {
        var bank = new MemoryBank(Dimension);
        bank.AddRange(Draw(kind), new int[Rows]);
        byte[] file = Save(bank);
        int keys = Rows * Dimension * sizeof(float);
        using var deflated = new MemoryStream();
        using (var deflate = new DeflateStream(deflated, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(file.AsSpan(file.Length - keys - 64, keys));
        return deflated.Length / (double)keys;
    }

    private static float[] Draw(string kind)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Rows * Dimension).Select(_ => kind switch
        {
            "pixels" => random.Next(256),
            "noise" => random.NextSingle() - 0.5f,
            _ => random.Next(20) == 0 ? random.NextSingle() : 0,
        })];
    }

    private static float[] KeysOf(MemoryBank bank)
    {
        BankSnapshot snapshot = bank.Snapshot();
        int dimension = snapshot.Dimension;
        float[] keys = new float[snapshot.Count * dimension];
        int row = 0;
        foreach (Entry entry in snapshot.Entries)
            snapshot.CopyKey(entry.Position, keys.AsSpan(row++ * dimension, dimension));
        return keys;
    }

    private static byte[] Save(MemoryBank bank)
    {
        using var stream = new MemoryStream();
        bank.Save(stream);
        return stream.ToArray();
    }
}
