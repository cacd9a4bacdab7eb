// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.AdaNpc;

[TestClass]
public sealed class SavedStateTests
{
    [TestMethod]
    public void Saved_state_with_matched_statistics_goes_on_as_the_one_that_was_saved()
    {
        var settings = new AdaptationSettings
        {
            BatchSize = 12,
            MatchStatistics = true,
            Capacity = 40,
            Eviction = EvictionKind.Fifo,
        };
        float[] rows = Streams.Rows(60, seed: 4, drift: 0.5);
        var memory = new AdaptiveMemory(Streams.Source(30), 3, settings);
        Streams.Describe(memory, Streams.Rows(60, seed: 2, drift: 0.5));

        AdaptiveState saved = SavedState.Again(memory.Snapshot());
        var resumed = new AdaptiveMemory(AdaptiveState.Start(Streams.Source(30), 3, 0), settings, saved);

        Assert.AreEqual(Streams.DescribeStill(memory, rows), Streams.DescribeStill(resumed, rows));
        Assert.AreEqual(Streams.Describe(memory, rows), Streams.Describe(resumed, rows));
    }

    [TestMethod]
    public void Saved_state_of_corrected_entries_is_read_and_goes_on()
    {
        var settings = new AdaptationSettings { Capacity = 40, Eviction = EvictionKind.ClassBalancedReservoir };
        var memory = new AdaptiveMemory(Streams.Source(9), 3, settings);
        memory.Adapt(Streams.Rows(30, seed: 2, drift: 0.5), new AdaptivePredictions());
        long[] adapted = [.. memory.Snapshot().Notes.Select(note => note.Id)];
        foreach (long id in adapted) memory.Correct(id, 2);

        AdaptiveState saved = SavedState.Again(memory.Snapshot());

        Assert.IsGreaterThan(3, adapted.Length);
        float[] rows = Streams.Rows(60, seed: 4, drift: 0.5);
        var resumed = new AdaptiveMemory(AdaptiveState.Start(Streams.Source(9), 3, 0), settings, saved);
        Assert.AreEqual(Streams.Describe(memory, rows), Streams.Describe(resumed, rows));
    }

    [TestMethod]
    public void Load_then_save_gives_the_same_bytes()
    {
        byte[] bytes = SavedState.Bytes(Adapted());

        CollectionAssert.AreEqual(bytes, SavedState.Bytes(SavedState.Load(bytes)));
    }

    [TestMethod]
    public void Load_any_bit_flipped_or_missing_is_refused()
    {
        byte[] bytes = SavedState.Bytes(Adapted());
        for (int place = 0; place < bytes.Length; place++)
        {
            byte[] damaged = [.. bytes];
            damaged[place] ^= 0x40;

            Assert.ThrowsExactly<InvalidDataException>(() => SavedState.Load(damaged), $"byte {place}");
            Assert.ThrowsExactly<InvalidDataException>(() => SavedState.Load(bytes[..place]), $"{place} bytes");
        }
    }

    [TestMethod]
    public void Load_forged_content_with_right_checksums_is_refused()
    {
        AdaptiveState good = Adapted();
        EntryNote[] notes = [.. good.Notes];
        long firstId = notes[0].Id;

        AssertForged(
            With(good, nextId: good.Memory.NextId - 1),
            "'adaptation'",
            $"must have a next id of at least {good.Memory.NextId}, the bank's. Got {good.Memory.NextId - 1}.");
        AssertForged(With(good, random: new ulong[4]), "'adaptation'", "must have a random state. Got zeros only.");
        AssertForged(With(good, classCount: 0), "'adaptation'", "must have at least 1 class. Got 0.");
        AssertForged(With(good, asked: [1]), "'asked'", "must hold 3 values of 8 bytes. Got 8 bytes.");
        AssertForged(
            With(good, asked: [0, 99, 99]), "'asked'", "must be at least 11, the entries of the class. Got 0.");
        AssertForged(
            With(good, notes: [notes[0] with { Confidence = double.NaN }, .. notes[1..]]),
            "'confidences'",
            "must be in [0, 1]. Got NaN.");
        AssertForged(
            With(good, notes: [notes[0] with { ParentIds = [firstId] }, .. notes[1..]]),
            "'parents'",
            $"must be below {firstId}, the id they are parents of. Got {firstId}.");
        AssertForged(With(good, notes: notes[1..]), "'confidences'", "must hold 4 values of 8 bytes. Got 24 bytes.");
        AssertForged(With(good, recentRows: [1]), "'recentRows'", "must hold rows of 4 values. Got 1 values.");
        AssertForged(
            With(good, recentRows: [1, 2, 3, float.NaN]), "'recentRows'", "must be finite. Got NaN or infinity.");
        AssertForged(
            With(good, statistics: new FeatureStatistics([0], [1])),
            "'means'",
            "must hold none or 4 values. Got 1.");
        AssertForged(
            With(good, statistics: new FeatureStatistics([0, 0, 0, 0], [1, 1, 0, 1])),
            "'deviations'",
            "must be finite and above 0. Got 0.");
    }

    [TestMethod]
    public void Resume_with_other_features_classes_or_too_many_entries_is_refused()
    {
        AdaptiveState start = AdaptiveState.Start(Streams.Source(6), 3, 0);
        AdaptiveState other = AdaptiveState.Start(new MemoryBank(2).Snapshot(), 2, 0);
        AdaptiveState large = AdaptiveState.Start(Streams.Source(9), 3, 0);

        Refusal.Assert<ArgumentException>(
            "resumed must have 4 features and 3 classes, as the start. Got 2 and 2. (Parameter 'resumed')",
            () => new AdaptiveMemory(start, null, other));
        Refusal.Assert<ArgumentException>(
            "resumed must have at most 8 entries, the capacity. Got 9. (Parameter 'resumed')",
            () => new AdaptiveMemory(start, new() { Capacity = 8 }, large));
    }

    [TestMethod]
    public void Resuming_with_smaller_batches_matches_the_last_rows_of_one_alone()
    {
        var settings = new AdaptationSettings { MatchStatistics = true, BatchSize = 8, ConfidenceThreshold = 2 };
        BankSnapshot source = Streams.Source(30);
        float[] rows = Streams.Rows(16, seed: 3, drift: 0.3), next = Streams.Rows(5, seed: 4, drift: 0.3);
        AdaptiveMemory small = new(source, 3, settings), large = new(source, 3, settings with { BatchSize = 16 });
        small.Adapt(rows, new AdaptivePredictions());
        large.Adapt(rows, new AdaptivePredictions());

        var resumed = new AdaptiveMemory(small.Snapshot(), settings, large.Snapshot());

        Assert.AreEqual(Streams.DescribeStill(small, next), Streams.DescribeStill(resumed, next));
    }

    private static AdaptiveState Adapted()
    {
        var memory = new AdaptiveMemory(
            Streams.Source(30), 3, new() { ConfidenceThreshold = 0, Capacity = 34, NeighborCount = 3 });
        Streams.Describe(memory, Streams.Rows(9, seed: 2, drift: 0.2));
        return memory.Snapshot();
    }

    private static AdaptiveState With(
        AdaptiveState state,
        int? classCount = null,
        long? nextId = null,
        ulong[]? random = null,
        long[]? asked = null,
        EntryNote[]? notes = null,
        float[]? recentRows = null,
        FeatureStatistics? statistics = null)
        => new(
            state.Memory,
            classCount ?? state.ClassCount,
            notes ?? state.Notes,
            asked ?? state.Asked,
            nextId ?? state.NextId,
            random ?? state.Random)
        {
            RecentRows = recentRows ?? state.RecentRows,
            SourceStatistics = statistics ?? state.SourceStatistics,
        };

    private static void AssertForged(AdaptiveState forged, string section, string message)
    {
        string actual = Assert.ThrowsExactly<InvalidDataException>(() => SavedState.Again(forged)).Message;

        StringAssert.StartsWith(actual, $"Section {section} of the memory file, at byte ");
        StringAssert.EndsWith(actual, ", " + message);
    }
}
