// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Banks;

[TestClass]
public sealed class RemovedRowsTests
{
    [TestMethod]
    public void Remove_one_by_one_leaves_every_earlier_snapshot_as_it_was()
    {
        MemoryBank bank = Filled(1000);
        var snapshots = new List<BankSnapshot> { bank.Snapshot() };
        for (long id = 0; id < 150; id++)
        {
            bank.Remove(id * 3);
            snapshots.Add(bank.Snapshot());
        }

        for (int removed = 0; removed < snapshots.Count; removed++)
        {
            Assert.AreEqual(1000 - removed, snapshots[removed].Count);
            if (removed > 0) Assert.IsFalse(snapshots[removed].TryFind((removed - 1) * 3L, out _));
            Assert.IsTrue(snapshots[removed].TryFind(removed * 3L, out _));
            Assert.HasCount(1000 - removed, snapshots[removed].Entries.ToArray());
        }
    }

    [TestMethod]
    public void Remove_in_forks_is_seen_by_the_fork_alone()
    {
        MemoryBank bank = Filled(1000);
        bank.Remove(0);
        MemoryBank left = new(bank.Snapshot()), right = new(bank.Snapshot());
        bank.Remove(1);
        left.Remove(2);
        left.Remove(3); // the second removal takes marks of its own
        right.Remove(4, 5);
        MemoryBank leftLater = new(left.Snapshot());
        left.Remove(6);
        leftLater.Remove(7);
        leftLater.Remove(8);

        Assert.AreEqual("2 3 4 5 6 7 8 9", Stored(bank, 2, 9));
        Assert.AreEqual("1 4 5 7 8 9", Stored(left, 1, 9));
        Assert.AreEqual("1 2 3 6 7 8 9", Stored(right, 1, 9));
        Assert.AreEqual("1 4 5 6 9", Stored(leftLater, 1, 9));
        Assert.AreEqual(995, leftLater.Count);
        Assert.IsFalse(leftLater.Snapshot().TryFind(0, out _));
    }

    [TestMethod]
    public void Add_a_removed_id_again_moves_it_for_later_snapshots_only()
    {
        var bank = new MemoryBank(1);
        bank.AddRange([1, 2, 3], new int[3], ids: [7, 5, 6]);
        BankSnapshot first = bank.Snapshot();
        for (int round = 0; round < 4; round++)
        {
            bank.Remove(5);
            bank.AddRange([10 + round], [0], ids: [5]);
        }

        Assert.IsTrue(first.TryFind(5, out int before));
        Assert.AreEqual(1, before);
        Assert.IsTrue(bank.Snapshot().TryFind(5, out int after));
        var key = new float[1];
        bank.Snapshot().CopyKey(after, key);
        Assert.AreEqual(13, key[0]);
        Assert.IsTrue(first.TryFind(6, out _) && bank.Snapshot().TryFind(6, out _));
    }

    [TestMethod]
    public void Remove_that_fails_removes_nothing()
    {
        MemoryBank bank = Filled(100);
        bank.Remove(50);

        Assert.ThrowsExactly<KeyNotFoundException>(() => bank.Remove(1, 2, 50));
        bank.Remove(3);

        Assert.AreEqual(98, bank.Count);
        Assert.AreEqual("1 2 4", Stored(bank, 1, 4));
    }

    /// <summary>Lists the ids of a range that are stored.</summary>
    private static string Stored(MemoryBank bank, int first, int last) => string.Join(
        ' ', Enumerable.Range(first, last - first + 1).Where(id => bank.Snapshot().TryFind(id, out _)));

    private static MemoryBank Filled(int count)
    {
        var bank = new MemoryBank(1, Metric.SquaredEuclidean);
        bank.AddRange([.. Enumerable.Range(0, count).Select(value => (float)value)], new int[count]);
        return bank;
    }
}
