// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Indexes.ProductQuantization;

namespace Microsoft.ML.Memory.Tests.Banks;

[TestClass]
public sealed class RangeSearchTests
{
    private readonly NeighborTable _found = new();

    [TestMethod]
    public void Range_search_gives_all_within_the_distance_nearest_first()
    {
        FlatIndex index = Corners();

        index.RangeSearch([0, 0, 3, 0, 9, 9], 9, _found);

        CollectionAssert.AreEqual(new long[] { 10, 11 }, _found.IdsOf(0).ToArray());
        CollectionAssert.AreEqual(new float[] { 0, 9 }, _found.DistancesOf(0).ToArray());
        CollectionAssert.AreEqual(new long[] { 11, 10 }, _found.IdsOf(1).ToArray());
        Assert.AreEqual(0, _found.CountOf(2));
        Assert.AreEqual(2, _found.Capacity);
    }

    [TestMethod]
    [DataRow(ScanPrecision.Single)]
    [DataRow(ScanPrecision.SignedByte)]
    public void Removed_and_filtered_entries_are_not_found(ScanPrecision precision)
    {
        FlatIndex index = Corners();
        index.Remove([11]);

        var options = new SearchOptions { Filter = id => id != 12, Precision = precision };

        index.RangeSearch([1, 0, 0, 0], 100, _found, options);

        CollectionAssert.AreEqual(new long[] { 10, 13 }, _found.IdsOf(0).ToArray());
        CollectionAssert.AreEqual(new long[] { 10, 13 }, _found.IdsOf(1).ToArray());
    }

    [TestMethod]
    public void An_index_made_for_rows_reads_no_codes()
    {
        const int Dimension = 64, Count = 20_000;
        float[] rows = QuantizedRows.Gaussians(Count, Dimension, seed: 1);
        var index = new FlatIndex(Dimension, Metric.SquaredEuclidean, ScanPrecision.Single);
        index.Add([.. Enumerable.Range(0, Count).Select(row => (long)row)], rows);
        long Rescored(ScanPrecision precision)
        {
            var options = new SearchOptions { ThreadCount = 1, Precision = precision };
            index.RangeSearch(rows.AsSpan(0, 4 * Dimension), 90, _found, options);
            return _found.RescoredCount;
        }

        Assert.AreEqual(Rescored(ScanPrecision.Single), Rescored(ScanPrecision.Auto));
        Assert.AreNotEqual(Rescored(ScanPrecision.SignedByte), Rescored(ScanPrecision.Auto));
    }

    [TestMethod]
    public void One_long_row_lets_no_others_in_to_be_compared()
    {
        const int Dimension = 8, Count = 5000;
        float[] rows = QuantizedRows.Gaussians(Count, Dimension, seed: 2);
        rows.AsSpan(0, Dimension).Fill(1e9f);
        var index = new FlatIndex(Dimension, Metric.SquaredEuclidean);
        index.Add([.. Enumerable.Range(0, Count).Select(row => (long)row)], rows);

        index.RangeSearch(rows.AsSpan(Dimension, 4 * Dimension), 1, _found);

        Assert.IsLessThan(_found.CountOf(0) + _found.CountOf(1) + _found.CountOf(2) + _found.CountOf(3) + 10,
            _found.RescoredCount);
    }

    [TestMethod]
    public void A_table_serves_searches_of_both_kinds_by_turns()
    {
        FlatIndex index = Corners();
        for (int turn = 0; turn < 2; turn++)
        {
            index.RangeSearch([0, 0, 9, 9, 3, 0], 16, _found);
            CollectionAssert.AreEqual((int[])[3, 0, 3], Counts());
            CollectionAssert.AreEqual(new long[] { 11, 10, 13 }, _found.IdsOf(2).ToArray());
            index.Search([0, 0, 3, 4], 2, _found);
            CollectionAssert.AreEqual((int[])[2, 2], Counts());
            CollectionAssert.AreEqual(new long[] { 13, 12 }, _found.IdsOf(1).ToArray());
        }
    }

    [TestMethod]
    public void A_bank_with_a_graph_compares_with_all()
    {
        const int Count = 3000;
        var random = new Random(5);
        var bank = new MemoryBank(4, Metric.SquaredEuclidean);
        float[] keys = [.. Enumerable.Range(0, Count * 4).Select(_ => random.NextSingle())];
        bank.AddRange(keys, new int[Count]);
        BankSnapshot graph = BankGraph.Attach(bank.Snapshot(), new GraphSettings { LinkCount = 4 });
        var expected = new NeighborTable();
        bank.Snapshot().RangeSearch(keys.AsSpan(0, 400), 0.05f, expected);

        graph.RangeSearch(keys.AsSpan(0, 400), 0.05f, _found);

        Assert.IsGreaterThan(2000, expected.RescoredCount);
        for (int query = 0; query < 100; query++)
            CollectionAssert.AreEqual(expected.IdsOf(query).ToArray(), _found.IdsOf(query).ToArray());
    }

    [TestMethod]
    public void A_bank_of_codes_alone_refuses()
    {
        var bank = new MemoryBank(4);
        bank.AddRange([1, 2, 3, 4, 4, 3, 2, 1], new int[2]);
        BankSnapshot coded = BankQuantizer.Attach(bank.Snapshot(), CodedBanks.Settings());

        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(
            () => coded.RangeSearch(new float[coded.Dimension], 1, _found));

        Assert.AreEqual(
            "RangeSearch must have the entries' vectors. Got codes alone. Search for the nearest, or keep the vectors "
            + "with QuantizedSettings.KeepVectors.",
            error.Message);
    }

    [TestMethod]
    [DataRow(Metric.Cosine, -0.5f, "finite and at least 0. Got -0.5.")]
    [DataRow(Metric.SquaredEuclidean, float.PositiveInfinity, "finite and at least 0. Got Infinity.")]
    [DataRow(Metric.InnerProduct, float.NaN, "finite. Got NaN.")]
    public void A_distance_out_of_range_is_refused(Metric metric, float distance, string expected)
    {
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => new FlatIndex(2, metric).RangeSearch([0, 0], distance, _found));

        Assert.AreEqual($"largestDistance must be {expected} (Parameter 'largestDistance')", error.Message);
    }

    [TestMethod]
    public void Queries_of_another_length_are_refused()
    {
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => Corners().RangeSearch([1, 2, 3], 1, _found));

        Assert.AreEqual("queries must be [n, 2]. Got 3 values. (Parameter 'queries')", error.Message);
    }

    private static FlatIndex Corners()
    {
        var index = new FlatIndex(2, Metric.SquaredEuclidean);
        index.Add([10, 11, 12, 13], [0, 0, 3, 0, 0, 4, 3, 4]);
        return index;
    }

    private int[] Counts() => [.. Enumerable.Range(0, _found.QueryCount).Select(_found.CountOf)];
}
