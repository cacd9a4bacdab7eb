// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Memory.Storage;
using Microsoft.ML.Memory.Tests.AdaNpc;

namespace Microsoft.ML.Memory.Tests.CompressedBanks;

[TestClass]
public sealed class CompressedBankTests
{
    private static readonly CodebookSettings _small = new() { CodeCount = 12, BatchSize = 16, Epochs = 20 };

    [TestMethod]
    public void T4_3_same_rows_get_the_same_codes_and_nothing_moves_the_codebook()
    {
        Codebook codebook = Trained();
        float[] codes = [.. codebook.Codes];
        float[] rows = Streams.Rows(10, seed: 2, drift: 0);

        CompressedBank bank = new CompressedBank(codebook, 3)
            .Add(rows, Streams.Labels(10), 3)
            .Add(rows, Streams.Labels(10), 3);

        for (int place = 0; place < 10; place++) Assert.AreEqual(bank.EntryAt(place), bank.EntryAt(place + 10));
        CollectionAssert.AreEqual(codes, codebook.Codes);
    }

    [TestMethod]
    public void T4_5_order_and_removed_entries_leave_no_trace_in_the_scores()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20_261_121, 15);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, DependsOnTheEntriesAlone));
    }

    [TestMethod]
    public void T4_7_a_code_for_every_row_loses_nothing()
    {
        float[] rows = Streams.Rows(12, seed: 2, drift: 0);
        float[] unit = [.. rows];
        Codebook.Prepare(unit, 4, _small);
        CompressedBank bank = new CompressedBank(new Codebook(_small, unit, 4), 3).Add(rows, Streams.Labels(12), 3);

        CollectionAssert.AreEqual(
            Enumerable.Range(0, 12).ToArray(),
            Enumerable.Range(0, 12).Select(place => bank.EntryAt(place).Code).ToArray());
        Assert.AreEqual(12, bank.UsedCodeCount);
        Assert.AreEqual(12, bank.Perplexity, 1e-6);
    }

    [TestMethod]
    public void T4_8_bytes_of_bank_and_codebook_are_what_the_bits_come_to()
    {
        CompressedBank bank = new CompressedBank(Trained(), 3).Add(
            Streams.Rows(30, seed: 2, drift: 0), Streams.Labels(30), 3);

        Assert.AreEqual(30 * 4 / 8, bank.IndexBytes);
        Assert.AreEqual(15 + 8 + (30 * 8), bank.BankBytes);
        Assert.AreEqual(12 * 4 * 4, bank.CodebookBytes);
    }

    [TestMethod]
    public void Reset_keeps_codes_in_use_where_training_without_it_collapses()
    {
        float[] rows = Streams.Rows(300, seed: 2, drift: 0);
        CodebookSettings settings = _small with { CodeCount = 24, LearningRate = 1e-3 };

        int kept = Used(settings);
        int collapsed = Used(settings with { Reset = CodeReset.Never });

        Assert.IsGreaterThan(18, kept);
        Assert.IsLessThan(kept - 6, collapsed);

        int Used(CodebookSettings of)
            => new CompressedBank(Codebook.Train(rows, 4, of), 3).Add(rows, Streams.Labels(300), 3).UsedCodeCount;
    }

    [TestMethod]
    public void Same_seed_gives_the_same_codebook_and_another_does_not()
    {
        CollectionAssert.AreEqual(Trained().Codes, Trained().Codes);
        CollectionAssert.AreNotEqual(Trained().Codes, Trained(_small with { Seed = 9 }).Codes);
    }

    [TestMethod]
    public void Load_then_save_gives_the_same_bytes()
    {
        byte[] bytes = Save(Filled());

        CollectionAssert.AreEqual(bytes, Save(Load(bytes)));
    }

    [TestMethod]
    public void Load_any_bit_flipped_or_missing_is_refused()
    {
        byte[] bytes = Save(Filled());
        for (int place = 0; place < bytes.Length; place++)
        {
            byte[] damaged = [.. bytes];
            damaged[place] ^= 0x08;

            Assert.ThrowsExactly<InvalidDataException>(() => Load(damaged), $"byte {place}");
            Assert.ThrowsExactly<InvalidDataException>(() => Load(bytes[..place]), $"{place} bytes");
        }
    }

    [TestMethod]
    public void Load_forged_content_with_right_checksums_is_refused()
    {
        Codebook codebook = Trained();

        AssertForged(Forge([12], [0], [0], 1), "'packedCodes'", "must be below 12. Got 12.");
        AssertForged(Forge([0], [3], [0], 1), "'packedLabels'", "must be below 3. Got 3.");
        AssertForged(Forge([0], [0], [1], 1), "'entryIds'", "must be below the next id, 1. Got 1.");
        AssertForged(Forge([0, 1], [0, 0], [0, 0], 1), "'entryIds'", "must differ. Got 0 twice.");
        AssertForged(
            Forge([0, 1], [0, 0], [0, 0], 1, count: 3), "'packedCodes'", "must hold 2 values of 1 bytes. Got 1 bytes.");
        AssertForged(Forge([], [], [], -1), "'compressedBank'", "must have a next id of at least 0. Got -1.");
        AssertForged(Forge([15], [0], [0], 1, codeBits: 8), "'packedCodes'", "must be below 12. Got 15.");
        AssertForged(Forge([0x11], [0], [0], 1, codeBits: 8), "'packedCodes'", "must end in bits of 0. Got others.");

        byte[] Forge(int[] codes, int[] labels, long[] ids, long nextId, int? count = null, int codeBits = 4)
        {
            using var stream = new MemoryStream();
            var writer = new SectionWriter(stream);
            byte[] honest = Save(new CompressedBank(codebook, 3));
            int start = honest.AsSpan().IndexOf("compressedBank"u8) - sizeof(ushort);
            stream.SetLength(0);
            stream.Write(honest.AsSpan(0, start));
            writer.Write("compressedBank", fields =>
            {
                fields.Write(3);
                fields.Write(count ?? codes.Length);
                fields.Write(nextId);
            });
            writer.Write("packedCodes", PackedCodes.Pack(codes, codeBits).Bytes.ToArray());
            writer.Write("packedLabels", PackedCodes.Pack(labels, 2).Bytes.ToArray());
            writer.Write("entryIds", ids);
            writer.End();
            return stream.ToArray();
        }
    }

    [TestMethod]
    public void Settings_out_of_range_are_named_all_at_once()
        => Refusal.Assert<ArgumentException>(
            "CodebookSettings.CodeCount must be at least 1. Got 0. "
            + "CodebookSettings.CommitmentWeight must be finite and at least 0. Got -1. "
            + "CodebookSettings.LearningRate must be finite and above 0. Got 0. "
            + "CodebookSettings.Epochs must be at least 0. Got -1. "
            + "CodebookSettings.BatchSize must be at least 1. Got 0. "
            + "CodebookSettings.UsageDecay must be above 0 and below 1. Got 1. "
            + "CodebookSettings.Reset must be a kind of reset. Got 7. "
            + "CodebookSettings.ResetThreshold must be finite and at least 0. Got NaN.",
            () => Trained(new CodebookSettings
            {
                CodeCount = 0,
                CommitmentWeight = -1,
                LearningRate = 0,
                Epochs = -1,
                BatchSize = 0,
                UsageDecay = 1,
                Reset = (CodeReset)7,
                ResetThreshold = double.NaN,
            }));

    [TestMethod]
    public void Entries_that_do_not_fit_are_refused_and_change_nothing()
    {
        CompressedBank bank = Filled();

        Refusal.Assert<ArgumentException>(
            "labels must be in [0, 3). Got 3 in row 0. (Parameter 'labels')", () => bank.Add(new float[4], [3], 3));
        Refusal.Assert<ArgumentException>(
            "CompressedBank's classCount must be at least 3. Got 2. (Parameter 'classCount')",
            () => bank.Add(new float[4], [0], 2));
        Refusal.Assert<ArgumentException>(
            "rows must be [1, 4] = 4 values long. Got 3. (Parameter 'rows')", () => bank.Add(new float[3], [0], 3));
        Refusal.Assert<ArgumentException>(
            "rows must be finite. Got NaN or infinity in row 0. (Parameter 'rows')",
            () => bank.Add([1, 2, float.NaN, 0], [0], 3));
        Refusal.Assert<ArgumentException>(
            "ids must be free and differ. Got 2 again in row 0. (Parameter 'ids')",
            () => bank.Add(new float[4], [0], 3, [2]));
        Refusal.Assert<KeyNotFoundException>(
            "ids must be stored. Got 99, which is not. Nothing was removed.", () => bank.Remove(1, 99));
        Refusal.Assert<ArgumentException>(
            "ids must differ. Got 1 twice. Nothing was removed. (Parameter 'ids')", () => bank.Remove(1, 1));
        Assert.AreEqual(9, bank.Count);
    }

    private static bool DependsOnTheEntriesAlone(int seed)
    {
        var random = new SeededRandom(seed);
        int count = 2 + random.Next(30);
        float[] rows = Streams.Rows(count, random.Next(1000), random.NextDouble());
        int[] labels = Streams.Labels(count);
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order.AsSpan());
        var empty = new CompressedBank(Trained(), 3);
        CompressedBank inOrder = empty.Add(rows, labels, 3);
        CompressedBank shuffled = empty.Add(
            [.. order.SelectMany(row => rows[(row * 4)..((row + 1) * 4)])],
            Array.ConvertAll(order, row => labels[row]),
            3,
            Array.ConvertAll(order, row => (long)row));
        CompressedBank without = empty.Add(rows[4..], labels[1..], 3);

        float[] query = Streams.Rows(1, random.Next(1000), 0.3);
        return Read(inOrder, query).SequenceEqual(Read(shuffled, query))
            && Read(shuffled.Remove(0), query).SequenceEqual(Read(without, query));
    }

    private static IEnumerable<double> Read(CompressedBank bank, float[] query)
    {
        double[] scores = new double[3];
        foreach (ICodeReader reader in (ICodeReader[])
        [
            new HistogramReader(bank, 20),
            new AttentionReader(bank, new AttentionWeights { HeadDimension = 4, Scale = 40 }),
        ])
        {
            reader.Read(query, scores, new double[reader.ScratchLength]);
            foreach (double score in scores) yield return score;
        }
    }

    private static Codebook Trained(CodebookSettings? settings = null)
        => Codebook.Train(Streams.Rows(60, seed: 1, drift: 0), 4, settings ?? _small);

    private static CompressedBank Filled() => new CompressedBank(Trained(), 3)
        .Add(Streams.Rows(10, seed: 2, drift: 0), Streams.Labels(10), 3)
        .Remove(4);

    private static byte[] Save(CompressedBank bank)
    {
        using var stream = new MemoryStream();
        var writer = new SectionWriter(stream);
        CompressedBankFormat.Write(writer, bank);
        writer.End();
        return stream.ToArray();
    }

    private static CompressedBank Load(byte[] bytes)
    {
        var reader = new SectionReader(new MemoryStream(bytes));
        CompressedBank bank = CompressedBankFormat.Read(reader);
        reader.EndFile();
        return bank;
    }

    private static void AssertForged(byte[] forged, string section, string message)
    {
        string actual = Assert.ThrowsExactly<InvalidDataException>(() => Load(forged), message).Message;

        StringAssert.StartsWith(actual, $"Section {section} of the memory file, at byte ");
        StringAssert.EndsWith(actual, ", " + message);
    }
}
