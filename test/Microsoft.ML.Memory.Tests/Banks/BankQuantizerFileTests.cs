// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Indexes.Clustered;
using Microsoft.ML.Memory.Tests.Storage;

namespace Microsoft.ML.Memory.Tests.Banks;

[TestClass]
public sealed class BankQuantizerFileTests
{
    private const int D = 16;

    [TestMethod]
    [DataRow(Metric.Cosine, false)]
    [DataRow(Metric.SquaredEuclidean, true)]
    [DataRow(Metric.InnerProduct, false)]
    public void Load_gives_the_same_neighbors_and_saves_the_same_bytes(Metric metric, bool keepVectors)
    {
        var rows = new ClusteredRows(600, D, metric, 1);
        QuantizedSettings settings = CodedBanks.Settings(keepVectors) with { Seed = 9, CandidateFactor = 3 };
        MemoryBank bank = CodedBanks.Trained(rows, settings);
        bank.RemoveWhere(entry => entry.Position % 11 == 0);
        bank.AddRange(rows.Queries, new int[20]);
        byte[] saved = SavedBank.Save(bank);

        MemoryBank loaded = SavedBank.Load(saved);

        Assert.AreEqual(settings, loaded.Snapshot().Quantizer!.Settings);
        Assert.AreEqual(SearchStrategy.Quantized, loaded.Snapshot().Strategy);
        Neighbors.AssertSame(
            CodedBanks.Find(bank.Snapshot(), rows.Queries, 6), CodedBanks.Find(loaded.Snapshot(), rows.Queries, 6));
        CollectionAssert.AreEqual(saved, SavedBank.Save(loaded));
        bank.AddRange(rows.Queries, new int[20]);
        loaded.AddRange(rows.Queries, new int[20]);
        CollectionAssert.AreEqual(SavedBank.Save(bank), SavedBank.Save(loaded));
    }

    [TestMethod]
    public void Save_has_the_bytes_of_a_code_for_each_entry_and_none_of_those_removed()
    {
        var rows = new ClusteredRows(3000, D, Metric.SquaredEuclidean, 2);
        MemoryBank bank = CodedBanks.Trained(rows, CodedBanks.Settings());
        int before = SavedBank.Save(bank).Length;

        bank.Remove(rows.Ids[..1000]);
        byte[] saved = SavedBank.Save(bank);

        const int BytesOfEntry = 8 + 8 + 4 + 4 + 1 + 4; // id, sequence number, label, weight, origin, code
        Assert.AreEqual(before - (1000 * BytesOfEntry), saved.Length);
        Assert.IsLessThan(2000 * BytesOfEntry + (D * 256 * sizeof(float)) + 500, saved.Length);
        var remaining = new MemoryBank(bank.Snapshot().Emptied());
        Assert.AreEqual(saved.Length - (2000 * BytesOfEntry), SavedBank.Save(remaining).Length);
    }

    [TestMethod]
    public void Load_of_codes_that_fill_several_segments_gives_all_of_them()
    {
        const int Count = 40_000;
        var random = new SeededRandom(3);
        float[] keys = new float[Count * 128];
        foreach (ref float key in keys.AsSpan()) key = random.Next(9);
        var bank = new MemoryBank(128, Metric.SquaredEuclidean);
        bank.AddRange(keys, new int[Count]);
        QuantizedSettings settings = CodedBanks.Settings() with { SubspaceCount = 128, Iterations = 1 };
        byte[] saved = SavedBank.Save(new MemoryBank(BankQuantizer.Attach(bank.Snapshot(), settings)));

        BankSnapshot loaded = SavedBank.Load(saved).Snapshot();

        Assert.IsGreaterThan(1, loaded.Views.Length);
        float[] key0 = new float[128];
        foreach (int position in new[] { 0, 1, 32_767, 32_768, 33_000, Count - 1 })
        {
            loaded.CopyKey(position, key0); // nine values in a subspace: each has a centroid of its own
            CollectionAssert.AreEqual(keys[(position * 128)..((position + 1) * 128)], key0);
        }
    }

    [TestMethod]
    public void Load_of_a_shortened_or_changed_file_is_refused()
    {
        var rows = new ClusteredRows(40, 4, Metric.Cosine, 4);
        byte[] saved = SavedBank.Save(CodedBanks.Trained(rows, CodedBanks.Settings()));
        for (int length = 0; length < saved.Length; length += 13)
            Assert.ThrowsExactly<InvalidDataException>(() => SavedBank.Load(saved[..length]));
        for (int place = 0; place < saved.Length; place += 7)
        {
            byte[] changed = [.. saved];
            changed[place] ^= 0x40;
            Assert.ThrowsExactly<InvalidDataException>(() => SavedBank.Load(changed));
        }
    }
}
