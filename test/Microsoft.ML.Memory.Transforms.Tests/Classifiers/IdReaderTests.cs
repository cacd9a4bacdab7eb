// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Classifiers;

[TestClass]
public sealed class IdReaderTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Ids_are_read_from_integers_of_32_and_64_bits()
    {
        CollectionAssert.AreEqual(new long[] { 0, int.MaxValue }, Stored<int>(0, int.MaxValue));
        CollectionAssert.AreEqual(new long[] { 0, uint.MaxValue }, Stored<uint>(0, uint.MaxValue));
        CollectionAssert.AreEqual(new[] { 0, 1L << 62 }, Stored<long>(0, 1L << 62));
        CollectionAssert.AreEqual(new[] { 0, 1L << 62 }, Stored<ulong>(0, 1UL << 62));
    }

    [TestMethod]
    public void An_id_that_does_not_fit_is_refused_with_its_row()
        => Assert.AreEqual(
            "The id of row 1 must be at most 9223372036854775807. Got 9223372036854775808. Number the rows anew.",
            Assert.ThrowsExactly<InvalidOperationException>(() => Stored<ulong>(0, 1UL << 63)).Message);

    [TestMethod]
    public void A_row_of_UInt64_finds_all_but_itself()
    {
        IDataView rows = _mlContext.Data.LoadFromEnumerable<Row<ulong>>([new() { Id = 7 }, new() { Id = 1UL << 40 }]);
        var options = new NearestNeighborsOptions { IdColumnName = "Id", NeighborCount = 1, LeavesOutSameId = true };

        IDataView found = _mlContext.Transforms.NearestNeighbors(options).Fit(rows).Transform(rows);

        CollectionAssert.AreEqual(
            new[] { 1L << 40, 7 }, found.GetColumn<long[]>("NeighborIds").Select(ids => ids[0]).ToArray());
    }

    private long[] Stored<T>(params T[] ids)
    {
        IDataView rows = _mlContext.Data.LoadFromEnumerable(ids.Select(id => new Row<T> { Id = id }));
        return [.. _mlContext.Transforms.NearestNeighbors(idColumnName: "Id").Fit(rows).Ids];
    }

    private sealed class Row<T>
    {
        public T? Id { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [1, 0];
    }
}
