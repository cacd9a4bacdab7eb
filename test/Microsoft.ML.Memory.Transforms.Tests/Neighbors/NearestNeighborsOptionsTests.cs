// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

[TestClass]
public sealed class NearestNeighborsOptionsTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void All_violated_options_are_named_at_once()
    {
        var options = new NearestNeighborsOptions
        {
            FeatureColumnName = "",
            IdColumnName = "",
            GroupColumnName = "",
            NeighborCount = 0,
            Metric = (Metric)9,
            LargestDistance = float.NaN,
            IdsColumnName = "",
            DistancesColumnName = "NeighborName",
            Index = new IndexOptions { Strategy = (SearchStrategy)9, MemoryBudget = -1 },
            StoredColumnNames = ["Name", ""],
        };

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => _mlContext.Transforms.NearestNeighbors(options));

        Assert.AreEqual(
            "NearestNeighborsOptions.FeatureColumnName must be a column name. Got an empty name. "
            + "NearestNeighborsOptions.IdColumnName must be null or a column name. Got an empty name. "
            + "NearestNeighborsOptions.GroupColumnName must be null or a column name. Got an empty name. "
            + "NearestNeighborsOptions.NeighborCount must be null or at least 1. Got 0. "
            + "NearestNeighborsOptions.Metric must be a metric. Got 9. "
            + "NearestNeighborsOptions.LargestDistance must be null, or finite and at least 0. Got NaN. "
            + "NearestNeighborsOptions.IdsColumnName must be a column name. Got an empty name. "
            + "NearestNeighborsOptions.Index.Strategy must be a strategy. Got 9. "
            + "NearestNeighborsOptions.Index.MemoryBudget must be null or at least 0. Got -1. "
            + "NearestNeighborsOptions.StoredColumnNames must be a column name. Got an empty name. "
            + "NearestNeighborsOptions.StoredColumnNames must be names that lead to output columns of different names. "
            + "Got NeighborName.",
            error.Message);
    }

    [TestMethod]
    public void All_within_a_distance_need_a_distance()
    {
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => _mlContext.Transforms.NearestNeighbors(new NearestNeighborsOptions { NeighborCount = null }));

        Assert.AreEqual(
            "NearestNeighborsOptions.LargestDistance must be a distance where NeighborCount is null. Got null.",
            error.Message);
    }

    [TestMethod]
    [DataRow(SearchStrategy.Graph)]
    [DataRow(SearchStrategy.Quantized)]
    public void All_within_a_distance_are_not_found_by_an_index_that_misses_some(SearchStrategy strategy)
    {
        var options = new NearestNeighborsOptions
        {
            NeighborCount = null,
            LargestDistance = 1,
            Index = new IndexOptions { Strategy = strategy },
        };

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => _mlContext.Transforms.NearestNeighbors(options));

        Assert.AreEqual(
            $"NearestNeighborsOptions.NeighborCount must be a number where Index.Strategy is {strategy}. Got null.",
            error.Message);
    }

    [TestMethod]
    public void Leaving_out_the_same_id_needs_ids()
    {
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => _mlContext.Transforms.NearestNeighbors(new NearestNeighborsOptions { LeavesOutSameId = true }));

        Assert.AreEqual(
            "NearestNeighborsOptions.LeavesOutSameId must be false where IdColumnName is null. Got True.",
            error.Message);
    }

    [TestMethod]
    [DataRow(Metric.Cosine, false)]
    [DataRow(Metric.SquaredEuclidean, false)]
    [DataRow(Metric.InnerProduct, true)]
    public void Largest_distance_may_be_negative_where_distances_may(Metric metric, bool isAllowed)
    {
        var options = new NearestNeighborsOptions { Metric = metric, LargestDistance = -1 };

        if (isAllowed)
        {
            Assert.AreEqual(-1, _mlContext.Transforms.NearestNeighbors(options).Options.LargestDistance);
            return;
        }

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => _mlContext.Transforms.NearestNeighbors(options));
        Assert.AreEqual(
            "NearestNeighborsOptions.LargestDistance must be null, or finite and at least 0. Got -1.", error.Message);
    }
}
