// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Banks;

[TestClass]
public sealed class MemoryBankArgumentTests
{
    [TestMethod]
    public void Constructor_refuses_dimensions_metrics_and_no_snapshot()
    {
        Refusal.Assert<ArgumentException>(
            "dimension must be in [1, 1048576]. Got -1. (Parameter 'dimension')", () => new MemoryBank(-1));
        Refusal.Assert<ArgumentException>(
            "metric must be a metric. Got 9. (Parameter 'metric')", () => new MemoryBank(1, (Metric)9));
        Refusal.Assert<ArgumentNullException>(
            "Value cannot be null. (Parameter 'start')", () => new MemoryBank(null!));
    }

    [TestMethod]
    public void AddRange_refuses_lengths_that_do_not_fit_and_adds_nothing()
    {
        AssertRefused(
            "keys must be [2, 2] = 4 values long. Got 3. (Parameter 'keys')", bank => bank.AddRange([1, 2, 3], [0, 1]));
        AssertRefused(
            "keys must be [0, 2] = 0 values long. Got 2. (Parameter 'keys')", bank => bank.AddRange([1, 2], []));
        AssertRefused(
            "weights must be [2] = 2 values long. Got 1. (Parameter 'weights')",
            bank => bank.AddRange([1, 2, 3, 4], [0, 1], [1]));
        AssertRefused(
            "ids must be [2] = 2 values long. Got 3. (Parameter 'ids')",
            bank => bank.AddRange([1, 2, 3, 4], [0, 1], default, [7, 8, 9]));
        AssertRefused("key must be [d] = 2 values long. Got 3. (Parameter 'key')", bank => bank.Add([1, 2, 3], 0));
    }

    [TestMethod]
    public void AddRange_refuses_values_naming_the_row_and_adds_nothing()
    {
        AssertRefused(
            "keys must be finite. Got NaN or infinity in row 1. (Parameter 'keys')",
            bank => bank.AddRange([1, 2, float.NaN, 4, float.NaN, 6], [0, 1, 2]));
        AssertRefused(
            "labels must be at least 0. Got -4 in row 1. (Parameter 'labels')",
            bank => bank.AddRange([1, 2, 3, 4], [0, -4]));
        AssertRefused(
            "weights must be finite and at least 0. Got -0.5 in row 1. (Parameter 'weights')",
            bank => bank.AddRange([1, 2, 3, 4], [0, 1], [0, -0.5f]));
        AssertRefused(
            "weights must be finite and at least 0. Got NaN in row 0. (Parameter 'weights')",
            bank => bank.Add([1, 2], 0, float.NaN));
        AssertRefused(
            "weights must be finite and at least 0. Got Infinity in row 0. (Parameter 'weights')",
            bank => bank.Add([1, 2], 0, float.PositiveInfinity));
        AssertRefused(
            "origin must be an origin. Got 3. (Parameter 'origin')", bank => bank.Add([1, 2], 0, 1, (EntryOrigin)3));
    }

    [TestMethod]
    public void AddRange_refuses_ids_naming_the_row_and_adds_nothing()
    {
        AssertRefused(
            "ids must be free and differ. Got 0 again in row 1. (Parameter 'ids')",
            bank => bank.AddRange([1, 2, 3, 4], [0, 1], default, [7, 0]));
        AssertRefused(
            "ids must be free and differ. Got 7 again in row 1. (Parameter 'ids')",
            bank => bank.AddRange([1, 2, 3, 4], [0, 1], default, [7, 7]));
        AssertRefused(
            "ids must be below 9223372036854775807. Got it in row 1. (Parameter 'ids')",
            bank => bank.AddRange([1, 2, 3, 4], [0, 1], default, [7, long.MaxValue]));
    }

    [TestMethod]
    public void Add_without_free_ids_is_refused_until_one_is_given()
    {
        var bank = new MemoryBank(1);
        bank.AddRange([1], [0], default, [long.MaxValue - 1]);
        const string Message = "The bank must have ids and sequence numbers left for 1 entries. "
            + "Got next id 9223372036854775807, next sequence number 1. Give lower ids.";

        Refusal.Assert<InvalidOperationException>(Message, () => bank.Add([1], 0));
        Refusal.Assert<InvalidOperationException>(Message, () => bank.AddRange([1], [0]));
        Assert.AreEqual(1, bank.Count);
        bank.AddRange([1], [0], default, [long.MinValue]);
        Assert.AreEqual(2, Storage.SavedBank.Load(Storage.SavedBank.Save(bank)).Count);
    }

    [TestMethod]
    public void Add_beyond_the_largest_position_is_refused_and_adds_nothing()
    {
        var rows = new SegmentView(new EntrySegment(1, 1, owner: null), int.MaxValue - 1);
        var bank = new MemoryBank(new BankSnapshot(1, Metric.Cosine, [rows], 0, 0));
        bank.Add([1], 0);
        const string Message = "The bank must have at most 2147483647 entries, with removed ones that still take up "
            + "room. Got 2147483647 and 1 more. Compact it, or share the entries out among several.";

        Refusal.Assert<InvalidOperationException>(Message, () => bank.Add([1], 0));
        Refusal.Assert<InvalidOperationException>(Message, () => bank.AddRange([1], [0]));
        Assert.AreEqual(int.MaxValue, bank.Count);
        Assert.AreEqual(1, bank.Snapshot().NextSequence);
    }

    [TestMethod]
    public void Remove_refuses_unknown_and_repeated_ids_and_removes_nothing()
    {
        MemoryBank bank = Filled();

        Refusal.Assert<KeyNotFoundException>(
            "ids must be stored. Got 3, which is not. Nothing was removed.", () => bank.Remove(0, 3));
        Refusal.Assert<ArgumentException>(
            "ids must differ. Got 1 twice. Nothing was removed. (Parameter 'ids')", () => bank.Remove(0, 1, 1));
        Assert.AreEqual(2, bank.Count);
        bank.Remove();
        Assert.AreEqual(2, bank.Count);
    }

    [TestMethod]
    public void RemoveWhere_with_a_condition_that_throws_removes_nothing()
    {
        MemoryBank bank = Filled();

        Refusal.Assert<ArgumentNullException>(
            "Value cannot be null. (Parameter 'condition')", () => bank.RemoveWhere(null!));
        Assert.ThrowsExactly<NotSupportedException>(
            () => bank.RemoveWhere(entry => entry.Id == 0 ? true : throw new NotSupportedException()));
        Assert.AreEqual(2, bank.Count);
        Assert.AreEqual(0, bank.RemoveWhere(_ => false));
        Assert.AreEqual(2, bank.RemoveWhere(_ => true));
        Assert.AreEqual(0, bank.Count);
    }

    [TestMethod]
    public void RemoveWhere_with_a_condition_that_changes_the_bank_is_refused()
    {
        MemoryBank bank = Filled();

        Refusal.Assert<InvalidOperationException>(
            "RemoveWhere's condition must not change the bank. Got a change. Nothing was removed by it.",
            () => bank.RemoveWhere(entry =>
            {
                if (entry.Id == 0) bank.Remove(0);
                return true;
            }));
        Assert.AreEqual(1, bank.Count);
        Assert.AreEqual(1, bank.RemoveWhere(_ => true));
        Assert.AreEqual(0, bank.Count);
    }

    [TestMethod]
    public void Save_and_load_refuse_no_stream()
    {
        Refusal.Assert<ArgumentNullException>("Value cannot be null. (Parameter 'stream')", () => Filled().Save(null!));
        Refusal.Assert<ArgumentNullException>(
            "Value cannot be null. (Parameter 'stream')", () => MemoryBank.Load(null!));
    }

    private static MemoryBank Filled()
    {
        var bank = new MemoryBank(2);
        bank.AddRange([1, 2, 3, 4], [0, 1]);
        return bank;
    }

    private static void AssertRefused(string message, Action<MemoryBank> action)
    {
        MemoryBank bank = Filled();

        Refusal.Assert<ArgumentException>(message, () => action(bank));
        Assert.AreEqual(2, bank.Count);
        Assert.AreEqual(2, bank.Add([5, 6], 0));
        Assert.AreEqual(2, bank.Snapshot().Entries.Last().Sequence);
    }
}
