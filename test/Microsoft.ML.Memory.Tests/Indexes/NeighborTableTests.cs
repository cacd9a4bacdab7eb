// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed class NeighborTableTests
{
    [TestMethod]
    public void Search_for_more_neighbours_than_a_table_holds_is_refused()
    {
        const int Count = 50_000;
        var index = new FlatIndex(1, Metric.SquaredEuclidean);
        index.Add([.. Enumerable.Range(0, Count).Select(row => (long)row)], new float[Count]);

        Refusal.Assert<ArgumentException>(
            $"k must be at most {Array.MaxLength / Count} for {Count} queries. Got {Count}. "
            + "Search for fewer queries at a time. (Parameter 'k')",
            () => index.Search(new float[Count], int.MaxValue, new NeighborTable()));
    }

    [TestMethod]
    public void More_neighbours_within_a_distance_than_a_table_holds_are_refused()
    {
        var table = new NeighborTable();
        table.Reset([2, 3]);

        Refusal.Assert<InvalidOperationException>(
            $"RangeSearch must find at most {Array.MaxLength} neighbours in all. Got {3L * int.MaxValue}. "
            + "Ask for fewer queries at a time, or for a smaller distance.",
            () => table.Reset([int.MaxValue, int.MaxValue, int.MaxValue]));

        Assert.AreEqual(2, table.QueryCount);
        Assert.AreEqual(3, table.Capacity);
    }
}
