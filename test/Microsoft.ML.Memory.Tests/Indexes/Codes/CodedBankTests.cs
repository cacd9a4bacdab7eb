// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed class CodedBankTests
{
    private const int D = 24;

    private static readonly SearchOptions _single = new() { Precision = ScanPrecision.Single, ThreadCount = 2 };
    private static readonly SearchOptions _bytes = new() { Precision = ScanPrecision.SignedByte, ThreadCount = 2 };

    [TestMethod]
    [DataRow(Metric.Cosine)]
    [DataRow(Metric.SquaredEuclidean)]
    [DataRow(Metric.InnerProduct)]
    public void Search_precisions_agree_while_entries_come_and_go(Metric metric)
    {
        var random = new Random(12);
        var bank = new MemoryBank(D, metric);
        for (int step = 0; step < 60; step++)
        {
            int count = random.Next(1, step % 10 == 0 ? 700 : 40);
            bank.AddRange(Values(random, count), new int[count]);
            if (step % 3 == 1) bank.RemoveWhere(entry => random.Next(6) == 0);
            if (step % 7 == 3) bank = new MemoryBank(bank.Snapshot());
            if (step % 20 == 13) bank.Compact();
            AssertAgree(bank.Snapshot(), Values(random, 20));
        }
    }

    [TestMethod]
    public void Search_of_an_old_snapshot_finds_nothing_that_was_added_since()
    {
        var random = new Random(13);
        var bank = new MemoryBank(D);
        bank.AddRange(Values(random, 100), new int[100]);
        BankSnapshot old = bank.Snapshot();
        bank.AddRange(Values(random, 100), new int[100]);
        float[] queries = Values(random, 5);
        var found = new NeighborTable();

        bank.Snapshot().Search(queries, 200, found, _bytes);
        Assert.AreEqual(200, found.CountOf(0));
        old.Search(queries, 200, found, _bytes);

        Assert.AreEqual(100, found.CountOf(0));
    }

    [TestMethod]
    public void Search_of_many_wide_entries_reads_codes_by_itself()
    {
        var random = new Random(14);
        var bank = new MemoryBank(128);
        float[] keys = [.. Enumerable.Range(0, 9000 * 128).Select(_ => (random.NextSingle() * 2) - 1)];
        bank.AddRange(keys, new int[9000]);
        NeighborTable single = new(), auto = new();

        bank.Snapshot().Search(keys.AsSpan(0, 16 * 128), 3, single, _single);
        bank.Snapshot().Search(keys.AsSpan(0, 16 * 128), 3, auto);

        Neighbors.AssertSame(single, auto);
        Assert.AreNotEqual(single.RescoredCount, auto.RescoredCount);
    }

    [TestMethod]
    public void Precision_that_is_none_is_refused()
    {
        const string Got = "Got 7. (Parameter";
        Refusal.Assert<ArgumentOutOfRangeException>(
            $"SearchOptions.Precision must be a precision. {Got} 'value')",
            () => new SearchOptions { Precision = (ScanPrecision)7 });
        Refusal.Assert<ArgumentException>(
            $"precision must be a precision. {Got} 'precision')",
            () => new FlatIndex(2, Metric.Cosine, (ScanPrecision)7));
    }

    private static void AssertAgree(BankSnapshot bank, float[] queries)
    {
        NeighborTable single = new(), bytes = new();
        bank.Search(queries, 7, single, _single);
        bank.Search(queries, 7, bytes, _bytes);
        Neighbors.AssertSame(single, bytes);
    }

    private static float[] Values(Random random, int count) =>
        [.. Enumerable.Range(0, count * D).Select(_ => (random.NextSingle() * 2) - 1)];
}
