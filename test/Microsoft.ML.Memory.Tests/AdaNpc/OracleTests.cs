// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.AdaNpc;

[TestClass]
public sealed class OracleTests
{
    [TestMethod]
    public void T2_3_threshold_above_one_never_grows_and_predicts_as_the_source()
    {
        float[] rows = Streams.Rows(40, seed: 2, drift: 0.3);
        var memory = new AdaptiveMemory(Streams.Source(30), 3, new() { ConfidenceThreshold = 1.0001 });
        var still = new AdaptiveMemory(Streams.Source(30), 3);
        string expected = Streams.DescribeStill(still, rows);

        Streams.Describe(memory, rows);

        Assert.AreEqual(30, memory.Count);
        Assert.AreEqual(expected, Streams.DescribeStill(memory, rows));
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(-1.0)]
    public void T2_3_threshold_of_zero_or_less_remembers_every_row(double threshold)
    {
        var memory = new AdaptiveMemory(Streams.Source(30), 3, new() { ConfidenceThreshold = threshold });

        Streams.Describe(memory, Streams.Rows(40, seed: 2, drift: 0.3));

        Assert.AreEqual(70, memory.Count);
    }

    [TestMethod]
    public void T2_4_same_row_twice_in_one_batch_predicts_the_same()
    {
        var memory = new AdaptiveMemory(Streams.Source(30), 3, new() { ConfidenceThreshold = 0, BatchSize = 2 });
        float[] row = Streams.Rows(1, seed: 2, drift: 0.3);

        string[] lines = Streams.Describe(memory, [.. row, .. row]).Split('\n');

        Assert.AreEqual(lines[0].Replace(" 30 ", " 31 ", StringComparison.Ordinal), lines[1]);
    }

    [TestMethod]
    public void T2_4_same_row_in_the_next_batch_finds_its_own_copy()
    {
        var memory = new AdaptiveMemory(Streams.Source(30), 3, new() { ConfidenceThreshold = 0 });
        float[] row = Streams.Rows(1, seed: 2, drift: 0.3);
        var predictions = new AdaptivePredictions();

        memory.Adapt([.. row, .. row], predictions);

        int label = predictions.LabelOf(0)!.Value;
        Assert.AreEqual(30, predictions.NeighborIdsOf(1)[0]);
        Assert.AreEqual(0f, predictions.NeighborDistancesOf(1)[0]);
        Assert.IsGreaterThanOrEqualTo(predictions.SharesOf(0)[label], predictions.SharesOf(1)[label]);
    }

    [TestMethod]
    [DataRow(EvictionKind.ProtectedSourceFifo)]
    [DataRow(EvictionKind.Reservoir)]
    [DataRow(EvictionKind.ClassBalancedReservoir)]
    [DataRow(EvictionKind.LeastUseful)]
    public void T2_5_reset_leads_back_bit_for_bit(EvictionKind eviction)
    {
        var settings = new AdaptationSettings { ConfidenceThreshold = 0, Capacity = 40, Eviction = eviction };
        var memory = new AdaptiveMemory(Streams.Source(30), 3, settings);
        float[] rows = Streams.Rows(60, seed: 2, drift: 0.5);
        string first = Streams.Describe(memory, rows);

        memory.Reset();

        Assert.AreEqual(30, memory.Count);
        Assert.AreEqual(first, Streams.Describe(memory, rows));
    }

    [TestMethod]
    public void Row_without_numbers_is_not_predicted_and_not_remembered()
    {
        var memory = new AdaptiveMemory(Streams.Source(30), 3, new() { ConfidenceThreshold = -1 });
        var predictions = new AdaptivePredictions();

        memory.Adapt([1, 0, float.NaN, 0, 0, 1, 0, 0], predictions);

        Assert.IsNull(predictions.LabelOf(0));
        Assert.AreEqual(0, predictions.ConfidenceOf(0));
        Assert.AreEqual(1, predictions.LabelOf(1));
        Assert.AreEqual(31, memory.Count);
    }

    [TestMethod]
    public void Zero_row_is_predicted_by_all_at_the_same_distance()
    {
        var memory = new AdaptiveMemory(Streams.Source(30), 3, new() { NeighborCount = 3 });
        var predictions = new AdaptivePredictions();

        memory.Predict([0, 0, 0, 0], predictions);

        CollectionAssert.AreEqual(new long[] { 0, 1, 2 }, predictions.NeighborIdsOf(0).ToArray());
        Assert.AreEqual(0, predictions.LabelOf(0));
        Assert.AreEqual(1.0 / 3, predictions.ConfidenceOf(0), Approx.Reference);
    }

    [TestMethod]
    public void Empty_memory_predicts_nothing_and_learns_from_feedback()
    {
        var memory = new AdaptiveMemory(new MemoryBank(4).Snapshot(), 3, new() { ConfidenceThreshold = -1 });
        var predictions = new AdaptivePredictions();

        memory.Adapt([1, 0, 0, 0], predictions);
        Assert.IsNull(predictions.LabelOf(0));
        Assert.AreEqual(1, memory.Learn([1, 0, 0, 0], [2]));
        memory.Adapt([1, 0, 0, 0], predictions);

        Assert.AreEqual(2, predictions.LabelOf(0));
    }

    [TestMethod]
    public void Statistics_matching_undoes_a_shift_and_scale_of_the_features()
    {
        float[] rows = Streams.Rows(256, seed: 3, drift: 0);
        int[] truth = Streams.Labels(256);
        float[] shifted = Array.ConvertAll(rows, value => (5 * value) + 20);
        BankSnapshot source = Streams.Source(256);
        AdaptationSettings plain = new() { ConfidenceThreshold = 2, BatchSize = 64 };

        int upright = Correct(new AdaptiveMemory(source, 3, plain), rows, truth);
        int lost = Correct(new AdaptiveMemory(source, 3, plain), shifted, truth);
        int matched = Correct(
            new AdaptiveMemory(source, 3, plain with { MatchStatistics = true }), shifted, truth);

        Assert.IsGreaterThan(upright - 13, matched);
        Assert.IsLessThan(matched - 40, lost);
    }

    private static int Correct(AdaptiveMemory memory, float[] rows, int[] truth)
    {
        var predictions = new AdaptivePredictions();
        memory.Adapt(rows, predictions);
        return Enumerable.Range(0, truth.Length).Count(row => predictions.LabelOf(row) == truth[row]);
    }
}
