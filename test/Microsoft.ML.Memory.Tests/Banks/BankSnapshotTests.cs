// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Banks;

[TestClass]
public sealed class BankSnapshotTests
{
    [TestMethod]
    public void Snapshot_stays_as_it_was_whatever_the_bank_does()
    {
        MemoryBank bank = Filled(10);
        BankSnapshot snapshot = bank.Snapshot();
        long[] ids = [.. snapshot.Entries.Select(entry => entry.Id)];

        bank.RemoveWhere(_ => true);
        bank.Compact();
        bank.AddRange([1, 1], [3], default, [4]);

        CollectionAssert.AreEqual(ids, snapshot.Entries.Select(entry => entry.Id).ToArray());
        Assert.AreEqual(10, snapshot.Count);
        Assert.IsTrue(snapshot.TryFind(4, out int position));
        Assert.AreEqual(4, snapshot.EntryAt(position).Sequence);
        Assert.AreEqual(1, bank.Count);
    }

    [TestMethod]
    public void TryFind_gives_the_position_of_entries_that_are_stored_only()
    {
        MemoryBank bank = Filled(20);
        bank.Remove(3);
        BankSnapshot snapshot = bank.Snapshot();

        Assert.IsFalse(snapshot.TryFind(3, out _));
        Assert.IsFalse(snapshot.TryFind(20, out _));
        Assert.IsTrue(snapshot.TryFind(4, out int position));
        Assert.AreEqual(4, snapshot.EntryAt(position).Id);
        Assert.AreEqual(4 % 3, snapshot.LabelAt(position));
        Assert.AreEqual(0.5f, snapshot.WeightAt(position));
    }

    [TestMethod]
    public void Position_of_a_removed_entry_is_refused()
    {
        MemoryBank bank = Filled(20);
        bank.Remove(3);
        BankSnapshot snapshot = bank.Snapshot();
        const string Message = "position must be that of an entry. Got 3, which was removed. (Parameter 'position')";

        Refusal.Assert<ArgumentOutOfRangeException>(Message, () => snapshot.EntryAt(3));
        Refusal.Assert<ArgumentOutOfRangeException>(Message, () => snapshot.LabelAt(3));
        Refusal.Assert<ArgumentOutOfRangeException>(Message, () => snapshot.WeightAt(3));
        Refusal.Assert<ArgumentOutOfRangeException>(Message, () => snapshot.CopyKey(3, new float[2]));
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(2)]
    public void Position_that_does_not_exist_is_refused(int position)
    {
        BankSnapshot snapshot = Filled(2).Snapshot();
        string message = $"position must be in [0, 2). Got {position}. (Parameter 'position')";

        Refusal.Assert<ArgumentOutOfRangeException>(message, () => snapshot.EntryAt(position));
        Refusal.Assert<ArgumentOutOfRangeException>(message, () => snapshot.LabelAt(position));
        Refusal.Assert<ArgumentOutOfRangeException>(message, () => snapshot.WeightAt(position));
        Refusal.Assert<ArgumentOutOfRangeException>(message, () => snapshot.CopyKey(position, new float[2]));
    }

    [TestMethod]
    public void CopyKey_gives_the_key_as_it_was_given_and_refuses_other_lengths()
    {
        var bank = new MemoryBank(2);
        bank.Add([-0f, 1e-45f], 0);
        var key = new float[2];
        bank.Snapshot().CopyKey(0, key);

        Assert.AreEqual(BitConverter.SingleToInt32Bits(-0f), BitConverter.SingleToInt32Bits(key[0]));
        Assert.AreEqual(1e-45f, key[1]);
        Refusal.Assert<ArgumentException>(
            "key must be [d] = 2 values long. Got 3. (Parameter 'key')",
            () => bank.Snapshot().CopyKey(0, new float[3]));
    }

    [TestMethod]
    public void CountClasses_adds_live_entries_and_refuses_too_few_classes()
    {
        MemoryBank bank = Filled(20);
        bank.Remove(3, 4);
        double[] counts = [100, 0, 0, 0];
        bank.Snapshot().CountClasses(counts);

        CollectionAssert.AreEqual(new double[] { 106, 6, 6, 0 }, counts);
        Refusal.Assert<ArgumentException>(
            "counts must have room for class 2. Got 2 classes. (Parameter 'counts')",
            () => bank.Snapshot().CountClasses(new double[2]));
    }

    [TestMethod]
    public void Search_refuses_no_table_no_neighbours_and_other_dimensions()
    {
        BankSnapshot snapshot = Filled(2).Snapshot();

        Refusal.Assert<ArgumentNullException>(
            "Value cannot be null. (Parameter 'neighbors')", () => snapshot.Search([1, 2], 1, null!));
        Refusal.Assert<ArgumentException>(
            "Search's k must be at least 1. Got 0. (Parameter 'k')",
            () => snapshot.Search([1, 2], 0, new NeighborTable()));
        Refusal.Assert<ArgumentException>(
            "queries must be [n, 2]. Got 1 values. (Parameter 'queries')",
            () => snapshot.Search([1], 1, new NeighborTable()));
        Refusal.Assert<ArgumentOutOfRangeException>(
            "SearchOptions.ThreadCount must be null or at least 1. Got 0. (Parameter 'value')",
            () => new SearchOptions { ThreadCount = 0 });
    }

    private static MemoryBank Filled(int count)
    {
        var bank = new MemoryBank(2, Metric.SquaredEuclidean);
        for (int row = 0; row < count; row++) bank.Add([row, -row], row % 3, 0.5f);
        return bank;
    }
}
