// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.AdaNpc;

[TestClass]
public sealed class BallTests
{
    [TestMethod]
    public void Ball_has_all_that_pass_a_filter_where_none_lies_outside()
    {
        var memory = new AdaptiveMemory(Streams.Source(30), 3, new() { BallSimilarity = -0.99, NeighborCount = 2 });
        var predictions = new AdaptivePredictions();

        memory.Predict([1, 0, 0, 0], predictions, new SearchOptions { Filter = id => id % 10 == 0 });

        CollectionAssert.AreEquivalent(new long[] { 0, 10, 20 }, predictions.NeighborIdsOf(0).ToArray());
    }

    [TestMethod]
    public void Tables_of_a_prediction_of_very_many_rows_are_not_kept()
    {
        var memory = new AdaptiveMemory(Streams.Source(30), 3, new() { NeighborCount = 30 });
        var predictions = new AdaptivePredictions();

        memory.Predict(new float[40_000 * memory.Dimension], predictions);
        int afterMany = memory.IdleCount;
        memory.Predict([1, 0, 0, 0], predictions);

        Assert.AreEqual((0, 1), (afterMany, memory.IdleCount));
    }
}
