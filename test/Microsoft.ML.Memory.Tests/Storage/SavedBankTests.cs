// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Storage;
using Microsoft.ML.Memory.Tests.Golden;

namespace Microsoft.ML.Memory.Tests.Storage;

[TestClass]
public sealed class SavedBankTests
{
    /// <summary>Of a file of version 1 too large to commit; never changes.</summary>
    private const uint FrozenScrambled = 82936997;

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Load_of_an_empty_bank_gives_an_empty_bank(Metric metric)
    {
        byte[] bytes = SavedBank.Save(new MemoryBank(5, metric));
        MemoryBank loaded = SavedBank.Load(bytes);

        Assert.AreEqual(0, loaded.Count);
        Assert.AreEqual(5, loaded.Dimension);
        Assert.AreEqual(metric, loaded.Metric);
        Assert.AreEqual(0, loaded.Add(new float[5], 0));
        CollectionAssert.AreEqual(bytes, SavedBank.Save(SavedBank.Load(bytes)));
    }

    [TestMethod]
    public void Load_restores_every_field_and_key()
    {
        BankSnapshot saved = SavedBank.Small().Snapshot();
        BankSnapshot loaded = SavedBank.Load(SavedBank.Save(SavedBank.Small())).Snapshot();

        CollectionAssert.AreEqual(
            new long[] { 0, 1, 3, 4, -3, 40, 41 }, loaded.Entries.Select(entry => entry.Id).ToArray());
        CollectionAssert.AreEqual(
            new long[] { 0, 1, 3, 4, 5, 6, 7 }, loaded.Entries.Select(entry => entry.Sequence).ToArray());
        CollectionAssert.AreEqual(Without(saved), Without(loaded));
        CollectionAssert.AreEqual(Keys(saved), Keys(loaded));
    }

    [TestMethod]
    public void Load_continues_the_counters_of_removed_entries()
    {
        MemoryBank bank = SavedBank.Small();
        bank.Remove(41, 40);
        MemoryBank loaded = SavedBank.Load(SavedBank.Save(bank));

        Assert.AreEqual(42, loaded.Add([0, 0, 0], 0));
        Assert.AreEqual(8, loaded.Snapshot().Entries.Last().Sequence);
    }

    [TestMethod]
    public void Save_of_what_was_loaded_gives_the_same_bytes_after_any_edit()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            var bank = new MemoryBank(3, (Metric)(seed % 3));
            for (int step = 0; step < 60; step++)
            {
                int choice = random.Next(10);
                if (choice < 6) bank.AddRange(Values(random, 3 * 4), [0, 1, 2, 3]);
                else if (choice < 8) bank.RemoveWhere(_ => random.Next(5) == 0);
                else if (choice == 8) bank = new MemoryBank(bank.Snapshot());
                else bank.Compact();
            }

            byte[] bytes = SavedBank.Save(bank);
            MemoryBank loaded = SavedBank.Load(bytes);

            CollectionAssert.AreEqual(bytes, SavedBank.Save(loaded), $"seed {seed}");
            CollectionAssert.AreEqual(Keys(bank.Snapshot()), Keys(loaded.Snapshot()), $"seed {seed}");
            bank.Compact();
            CollectionAssert.AreEqual(bytes, SavedBank.Save(bank), $"seed {seed} compacted");
        }
    }

    [TestMethod]
    public void Load_reads_a_stream_that_cannot_seek_byte_by_byte_and_no_further_than_its_end()
    {
        byte[] bytes = SavedBank.Save(SavedBank.Small());
        var stream = new TrickleStream([.. bytes, 77]);

        CollectionAssert.AreEqual(bytes, SavedBank.Save(MemoryBank.Load(stream)));
        Assert.AreEqual(77, stream.ReadByte());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(99)]
    public void Save_after_removal_writes_no_byte_of_the_removed_key(int removed)
    {
        var random = new Random(5);
        var bank = new MemoryBank(8);
        for (int row = 0; row < 100; row++) bank.Add(Values(random, 8), 0);
        var key = new float[8];
        bank.Snapshot().CopyKey(removed, key);
        Assert.AreNotEqual(-1, IndexOfAny(SavedBank.Save(bank), key));

        bank.Remove(removed);

        Assert.AreEqual(-1, IndexOfAny(SavedBank.Save(bank), key));
        Assert.AreEqual(-1, IndexOfAny(SavedBank.Save(new MemoryBank(bank.Snapshot())), key));
    }

    [TestMethod]
    public void Load_of_more_than_one_segment_equals_what_was_saved()
    {
        const int Dimension = 4096;
        const int Count = 400;
        var random = new Random(1);
        var bank = new MemoryBank(Dimension, Metric.InnerProduct);
        bank.AddRange(Values(random, Dimension * Count), new int[Count]);
        byte[] bytes = SavedBank.Save(bank);
        MemoryBank loaded = SavedBank.Load(bytes);

        Assert.IsGreaterThan(1, loaded.Snapshot().Views.Length);
        Assert.IsTrue(bytes.AsSpan().SequenceEqual(SavedBank.Save(loaded)));
    }

    [TestMethod]
    public void Save_does_not_depend_on_where_removed_rows_lay()
    {
        const int Dimension = 16;
        const int SparseRows = 50_000;
        const int Rows = 57_700;
        var random = new Random(11);
        float[] keys = Values(random, Dimension * Rows);
        for (int index = 0; index < Dimension * SparseRows; index++) keys[index] = index % 16 == 0 ? keys[index] : 0;
        var bank = new MemoryBank(Dimension);
        bank.AddRange(keys, new int[Rows]);
        bank.RemoveWhere(entry => entry.Id >= SparseRows && entry.Id % 1100 == 0);

        byte[] bytes = SavedBank.Save(bank);

        Assert.IsTrue(bytes.AsSpan().SequenceEqual(SavedBank.Save(SavedBank.Load(bytes))));
        bank.Compact();
        Assert.IsTrue(bytes.AsSpan().SequenceEqual(SavedBank.Save(bank)));
    }

    [TestMethod]
    public void Load_of_the_frozen_file_of_version_1_saves_the_same_bytes()
    {
        byte[] frozen = GoldenFiles.Bytes("format/bank-v1.bin");
        MemoryBank loaded = SavedBank.Load(frozen);

        CollectionAssert.AreEqual(frozen, SavedBank.Save(loaded));
        CollectionAssert.AreEqual(frozen, SavedBank.Save(SavedBank.Small()));
        Assert.AreEqual(7, loaded.Count);
        Assert.AreEqual(Metric.SquaredEuclidean, loaded.Metric);
        Entry entry = loaded.Snapshot().Entries.ElementAt(5);
        Assert.AreEqual(new Entry(40, 6, 0, 0.25f, EntryOrigin.Source, 5), entry);
        var key = new float[3];
        loaded.Snapshot().CopyKey(entry.Position, key);
        CollectionAssert.AreEqual(new float[] { 10, 11, 12 }, key);
    }

    [TestMethod]
    public void Load_of_the_frozen_file_of_bytes_saves_the_same_bytes()
    {
        byte[] frozen = GoldenFiles.Bytes("format/bank-v1-bytes.bin");
        MemoryBank loaded = SavedBank.Load(frozen);

        CollectionAssert.AreEqual(frozen, SavedBank.Save(loaded));
        CollectionAssert.AreEqual(new float[] { 0, 1, 128, 255, 7, 0 }, Keys(loaded.Snapshot()));
    }

    [TestMethod]
    public void Save_of_scrambled_keys_gives_the_frozen_checksum()
    {
        var bank = new MemoryBank(64);
        float[] keys = new float[64 * 4096];
        uint state = 1;
        foreach (ref float key in keys.AsSpan())
        {
            state = (state * 1664525) + 1013904223;
            key = BitConverter.UInt32BitsToSingle(0x3F800000 | (state >> 9));
        }

        bank.AddRange(keys, new int[4096]);
        byte[] bytes = SavedBank.Save(bank);

        Assert.AreEqual(FrozenScrambled, SectionFormat.Checksum(0, bytes));
        CollectionAssert.AreEqual(keys, Keys(SavedBank.Load(bytes).Snapshot()));
    }

    /// <summary>The first place where any single value of the key is written.</summary>
    [TestMethod]
    [DataRow(false, "format/bank-v1-codes.bin")]
    [DataRow(true, "format/bank-v1-codes-keys.bin")]
    public void Load_frozen_codes_gives_entries_and_saves_the_same_bytes(bool keepVectors, string file)
    {
        byte[] frozen = GoldenFiles.Bytes(file);

        MemoryBank bank = SavedBank.Load(frozen);

        BankSnapshot memory = bank.Snapshot();
        QuantizedSettings settings = FrozenSettings(keepVectors);
        Assert.AreEqual(settings, memory.Quantizer!.Settings);
        CollectionAssert.AreEqual(
            new Entry[]
            {
                new(7, 0, 1, 1, EntryOrigin.Source, 0),
                new(3, 1, 0, 0.5f, EntryOrigin.Source, 1),
                new(5, 3, 4, 2, EntryOrigin.Source, 2),
                new(8, 4, 2, 1, EntryOrigin.Feedback, 3),
            },
            memory.Entries.ToArray());
        float[] key = new float[3];
        memory.CopyKey(3, key);
        CollectionAssert.AreEqual(keepVectors ? new float[] { 9, 1, 8.5f } : [7, 0, 9], key);
        CollectionAssert.AreEqual(frozen, SavedBank.Save(bank));
        CollectionAssert.AreEqual(frozen, SavedBank.Save(Coded(settings)));
    }

    private static QuantizedSettings FrozenSettings(bool keepVectors) => new()
    {
        SubspaceCount = 2,
        TrainingCount = 4,
        Iterations = 3,
        KeepVectors = keepVectors,
        CandidateFactor = 5,
        Seed = 6,
    };

    /// <summary>A bank whose codebooks have the parts of its first entries as centroids.</summary>
    private static MemoryBank Coded(QuantizedSettings settings)
    {
        var bank = new MemoryBank(3, Metric.SquaredEuclidean);
        bank.AddRange([1, 2, 3, 4, 5, 6, 0, 0, 0, 7, 0, 9], [1, 0, 2, 4], [1, 0.5f, 1, 2], [7, 3, 6, 5]);
        bank.Remove(6);
        bank = new MemoryBank(BankQuantizer.Attach(bank.Snapshot(), settings));
        bank.AddRange([9, 1, 8.5f], [2], default, default, EntryOrigin.Feedback);
        return bank;
    }

    private static int IndexOfAny(byte[] bytes, float[] key)
    {
        foreach (float value in key)
        {
            int place = bytes.AsSpan().IndexOf(MemoryMarshal.AsBytes([value]));
            if (place >= 0) return place;
        }

        return -1;
    }

    private static Entry[] Without(BankSnapshot bank) => [.. bank.Entries.Select(entry => entry with { Position = 0 })];

    private static float[] Keys(BankSnapshot bank)
    {
        var keys = new float[bank.Count * bank.Dimension];
        int row = 0;
        foreach (Entry entry in bank.Entries)
            bank.CopyKey(entry.Position, keys.AsSpan(row++ * bank.Dimension, bank.Dimension));
        return keys;
    }

    private static float[] Values(Random random, int count)
    {
        var values = new float[count];
        for (int index = 0; index < count; index++) values[index] = random.NextSingle() - 0.5f;
        return values;
    }
}
