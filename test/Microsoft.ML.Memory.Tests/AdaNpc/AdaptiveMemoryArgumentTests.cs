// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.AdaNpc;

[TestClass]
public sealed class AdaptiveMemoryArgumentTests
{
    [TestMethod]
    public void Settings_out_of_range_are_named_all_at_once()
        => Refusal.Assert<ArgumentException>(
            "AdaptationSettings.NeighborCount must be at least 1. Got 0. "
            + "AdaptationSettings.Temperature must be finite and above 0. Got 0. "
            + "AdaptationSettings.ConfidenceThreshold must be a number. Got NaN. "
            + "AdaptationSettings.ConfidenceKind must be a kind of confidence. Got 7. "
            + "AdaptationSettings.BallSimilarity must be null or above -1 and below 1. Got 1. "
            + "AdaptationSettings.ProbabilityFloor must be finite and at least 0. Got -1. "
            + "AdaptationSettings.BatchSize must be in [1, 16384]. Got 0. "
            + "AdaptationSettings.Capacity must be null or at least 1. Got 0. "
            + "AdaptationSettings.Eviction must be a kind of eviction. Got 9. "
            + "AdaptationSettings.BatchSize must be at least 8 where statistics are matched. Got 0. "
            + "AdaptationSettings.Capacity must be at least 30, since the memory starts with 30 entries and 3 classes. "
            + "Got 0.",
            () => new AdaptiveMemory(Streams.Source(30), 3, new()
            {
                NeighborCount = 0,
                Temperature = 0,
                ConfidenceThreshold = double.NaN,
                ConfidenceKind = (ConfidenceKind)7,
                BallSimilarity = 1,
                ProbabilityFloor = -1,
                BatchSize = 0,
                Capacity = 0,
                Eviction = (EvictionKind)9,
                MatchStatistics = true,
            }));

    [TestMethod]
    public void Capacity_below_the_number_of_classes_is_refused()
        => Refusal.Assert<ArgumentException>(
            "AdaptationSettings.Capacity must be at least 5, since the memory starts with 3 entries and 5 classes. "
            + "Got 4.",
            () => new AdaptiveMemory(Streams.Source(3), 5, new() { Capacity = 4 }));

    [TestMethod]
    public void Capacity_by_default_has_room_for_every_class()
        => Assert.AreEqual(5000, new AdaptiveMemory(Streams.Source(3), 5000).Capacity);

    [TestMethod]
    public void Rows_of_more_shares_than_an_array_holds_are_refused()
    {
        const int ClassCount = 1 << 16;
        var bank = new MemoryBank(1);
        bank.Add([1], 0);
        var memory = new AdaptiveMemory(bank.Snapshot(), ClassCount, new() { Capacity = ClassCount });
        const string Message =
            "rows must be at most 32767 at a time for 65536 classes. Got 40000. (Parameter 'rows')";

        Refusal.Assert<ArgumentException>(
            Message, () => memory.Predict(new float[40_000], new AdaptivePredictions()));
        Refusal.Assert<ArgumentException>(
            Message, () => memory.Adapt(new float[40_000], new AdaptivePredictions()));
    }

    [TestMethod]
    public void Learned_rows_that_matching_takes_to_infinity_are_refused_and_change_nothing()
    {
        var memory = new AdaptiveMemory(
            Streams.Source(30), 3, new() { MatchStatistics = true, BatchSize = 8, ConfidenceThreshold = 2 });
        memory.Adapt([.. Enumerable.Repeat(1f, 8 * Streams.Dimension)], new AdaptivePredictions());

        Refusal.Assert<ArgumentException>(
            "rows must be finite once they are matched to the source's statistics. Got infinity in row 1. "
            + "(Parameter 'rows')",
            () => memory.Learn([1, 1, 1, 1, 1, 3e38f, 1, 1], [0, 1]));
        Assert.AreEqual(30, memory.Count);
        Assert.AreEqual(1, memory.Learn([1, 1, 1, 1], [2]));
        Assert.AreEqual(31, memory.Count);
        Assert.AreEqual(31, memory.Snapshot().Memory.Count);
    }

    [TestMethod]
    public void Statistics_of_too_few_source_entries_are_refused()
        => Refusal.Assert<ArgumentException>(
            "AdaptationSettings.MatchStatistics must be false where the memory has fewer than 8 source entries. "
            + "Got True.",
            () => new AdaptiveMemory(Streams.Source(7), 3, new() { MatchStatistics = true, BatchSize = 8 }));

    [TestMethod]
    public void Source_of_another_metric_or_with_other_labels_is_refused()
    {
        var bank = new MemoryBank(2, Metric.InnerProduct);
        Refusal.Assert<ArgumentException>(
            "memory must have the cosine metric. Got InnerProduct. (Parameter 'memory')",
            () => new AdaptiveMemory(bank.Snapshot(), 3));
        Refusal.Assert<ArgumentException>(
            "AdaptiveMemory's classCount must be at least 1. Got 0. (Parameter 'classCount')",
            () => new AdaptiveMemory(Streams.Source(3), 0));
        Refusal.Assert<ArgumentException>(
            "counts must have room for class 2. Got 2 classes. (Parameter 'counts')",
            () => new AdaptiveMemory(Streams.Source(3), 2));
    }

    [TestMethod]
    public void Rows_and_labels_that_do_not_fit_are_refused_and_change_nothing()
    {
        var memory = new AdaptiveMemory(Streams.Source(30), 3, new() { ConfidenceThreshold = 0 });
        var predictions = new AdaptivePredictions();

        Refusal.Assert<ArgumentException>(
            "rows must be [n, 4]. Got 5 values. (Parameter 'rows')", () => memory.Adapt(new float[5], predictions));
        Refusal.Assert<ArgumentException>(
            "rows must be [n, 4]. Got 3 values. (Parameter 'rows')", () => memory.Predict(new float[3], predictions));
        Refusal.Assert<ArgumentException>(
            "rows must be [2, 4] = 8 values long. Got 4. (Parameter 'rows')",
            () => memory.Learn(new float[4], [0, 1]));
        Refusal.Assert<ArgumentException>(
            "rows must be finite. Got NaN or infinity in row 1. (Parameter 'rows')",
            () => memory.Learn([1, 1, 1, 1, 1, float.NaN, 1, 1], [0, 1]));
        Refusal.Assert<ArgumentException>(
            "labels must be in [0, 3). Got 3 in row 1. (Parameter 'labels')",
            () => memory.Learn(new float[8], [0, 3]));
        Assert.AreEqual(30, memory.Count);
    }

    [TestMethod]
    public void Ids_at_their_end_are_refused_before_anything_changes()
    {
        var bank = new MemoryBank(4);
        bank.AddRange(Streams.Rows(3, seed: 1, drift: 0), Streams.Labels(3), default, [1, 2, long.MaxValue - 2]);
        var memory = new AdaptiveMemory(bank.Snapshot(), 3, new() { ConfidenceThreshold = 0, BatchSize = 4 });
        float[] rows = Streams.Rows(4, seed: 2, drift: 0);

        foreach (Action change in (Action[])
        [
            () => memory.Adapt(rows, new AdaptivePredictions()),
            () => memory.Learn(rows, Streams.Labels(4)),
        ])
        {
            Refusal.Assert<InvalidOperationException>(
                "AdaptiveMemory must have ids left for 4 rows. Got next id 9223372036854775806. "
                + "Give source entries lower ids.",
                change);
        }

        Assert.AreEqual(3, memory.Count);
        memory.Adapt(rows.AsSpan(0, 4), new AdaptivePredictions());
        Assert.AreEqual(4, memory.Count);
    }

    [TestMethod]
    public void Ids_that_are_not_there_are_refused_and_change_nothing()
    {
        var memory = new AdaptiveMemory(Streams.Source(30), 3);

        Refusal.Assert<KeyNotFoundException>(
            "ids must be stored. Got 99, which is not. Nothing was removed.", () => memory.Remove(0, 99));
        Refusal.Assert<ArgumentException>(
            "ids must differ. Got 4 twice. Nothing was removed. (Parameter 'ids')",
            () => memory.RemoveWithDescendants(4, 4));
        Refusal.Assert<KeyNotFoundException>("id must be stored. Got 99, which is not.", () => memory.Correct(99, 0));
        Refusal.Assert<ArgumentException>(
            "id must not be that of a source entry. Got 3. (Parameter 'id')", () => memory.Correct(3, 0));
        Refusal.Assert<ArgumentException>(
            "adaptedPerClass must be at least 0. Got -1. (Parameter 'adaptedPerClass')", () => memory.Condense(-1));
        Assert.AreEqual(30, memory.Count);
    }
}
