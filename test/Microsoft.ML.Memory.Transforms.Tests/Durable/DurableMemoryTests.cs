// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class DurableMemoryTests
{
    private const string HalfPair = "labels must be texts of whole characters. Got one with half of a surrogate pair, "
        + "which no file keeps. Cut texts between characters.";

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public async Task Changes_give_the_memory_that_edits_give_and_come_back()
    {
        byte[] model = DurableModels.Alone(_mlContext);
        MemoryStore store = DurableModels.StoreOf(model);
        IDataView more = Points.Keyed(_mlContext, Points.Draw(20, seed: 5, classCount: 4));
        string live;
        await using (DurableMemory memory = DurableModels.Open(_mlContext, store))
        {
            IReadOnlyList<long?> ids = await memory.AddAsync(more);
            await memory.RemoveAsync([1, 7]);
            live = DurableModels.Describe(_mlContext, memory.Model);
            CollectionAssert.AreEqual(Enumerable.Range(6, 20).Select(id => (long?)id).ToArray(), ids.ToArray());
            Assert.AreEqual(24, memory.Count);
            Assert.AreEqual(2L, memory.Sequence);
        }

        VisualMemoryTransformer edited = _mlContext.Model.Load(new MemoryStream(model), out _)
            .FindMemory<VisualMemoryTransformer>().Add(more).Remove(1, 7);
        Assert.AreEqual(DurableModels.Describe(_mlContext, edited), live);
        using DurableMemory again = DurableModels.Open(_mlContext, new MemoryStore(store.Files()));
        Assert.AreEqual(live, DurableModels.Describe(_mlContext, again.Model));
        Assert.AreEqual(2L, again.Sequence);
        Assert.AreEqual(2L, again.ReplayedCount);
    }

    [TestMethod]
    public async Task An_entry_keeps_its_id_weight_and_corrected_label()
    {
        MemoryStore store = DurableModels.StoreOf(DurableModels.Visual(_mlContext));
        using DurableMemory memory = DurableModels.Open(_mlContext, store);

        long? first = await memory.AddAsync([1, 2, 3], "emu", id: 50, weight: 2.5f);
        long? second = await memory.AddAsync([1, 2, 4], "emu");
        long corrected = await memory.CorrectAsync(50, "gnu");

        VisualMemoryTransformer visual = memory.Model.FindMemory<VisualMemoryTransformer>();
        Entry entry = visual.Model.Entries.Last();
        Assert.AreEqual((50L, 51L, 50L), (first, second, corrected));
        Assert.AreEqual((50L, "gnu", 2.5f), (entry.Id, visual.ClassNames[entry.Label], entry.Weight));
        Assert.AreEqual(EntryOrigin.Feedback, entry.Origin);
    }

    [TestMethod]
    public async Task Changes_that_do_not_fit_are_told_so_and_leave_no_trace()
    {
        MemoryStore store = DurableModels.StoreOf(DurableModels.Visual(_mlContext));
        using DurableMemory memory = DurableModels.Open(_mlContext, store);
        int events = store.Events.Count;
        string before = DurableModels.Describe(_mlContext, memory.Model);

        await Refuse<ArgumentException>(
            "features must be [d] = 3 values long. Got 2. (Parameter 'features')",
            () => memory.AddAsync([1, 2], "ant"));
        await Refuse<ArgumentException>(
            "features must be finite. Got NaN or infinity. (Parameter 'features')",
            () => memory.AddAsync([1, 2, float.NaN], "ant"));
        await Refuse<ArgumentException>(
            "weight must be finite and at least 0. Got -1. (Parameter 'weight')",
            () => memory.AddAsync([1, 2, 3], "ant", weight: -1));
        await Refuse<ArgumentException>(
            "label must be a name. Got an empty one. (Parameter 'label')", () => memory.AddAsync([1, 2, 3], ""));
        foreach (string half in (string[])["\uD83D", "cat \uDE00"])
            await Refuse<ArgumentException>(HalfPair, () => memory.AddAsync([1, 2, 3], half));
        await Refuse<ArgumentException>(HalfPair, () => memory.CorrectAsync(3, "cat \uD83D"));
        await Refuse<ArgumentException>(
            "ids must be free and differ. Got 3, which is taken.", () => memory.AddAsync([1, 2, 3], "ant", id: 3));
        await Refuse<ArgumentException>(
            $"ids must be below {long.MaxValue / 2}. Got {long.MaxValue}.",
            () => memory.AddAsync([1, 2, 3], "ant", id: long.MaxValue));
        await Refuse<KeyNotFoundException>(
            "ids must be stored. Got 99, which is not.", () => memory.RemoveAsync([1, 99]));
        await Refuse<ArgumentException>("ids must differ. Got 1 twice.", () => memory.RemoveAsync([1, 1]));
        await Refuse<KeyNotFoundException>(
            "ids must be stored. Got 99, which is not.", () => memory.CorrectAsync(99, "ant"));
        await Refuse<InvalidOperationException>(
            "DurableMemory must hold an adaptive memory for that. Got a visual memory. Use its Model, or train AdaNpc.",
            () => memory.AdaptAsync([1, 2, 3]));

        Assert.AreEqual(events, store.Events.Count);
        Assert.AreEqual(before, DurableModels.Describe(_mlContext, memory.Model));
    }

    [TestMethod]
    public async Task A_memory_with_the_largest_id_can_be_compacted_and_opened_again()
    {
        const long Largest = (long.MaxValue / 2) - 1;
        MemoryStore store = DurableModels.StoreOf(DurableModels.Visual(_mlContext));
        await using (DurableMemory memory = DurableModels.Open(_mlContext, store))
        {
            await Refuse<ArgumentException>(
                $"ids must be below {Largest + 1}. Got {Largest + 1}.",
                () => memory.AddAsync([1, 2, 3], "ant", id: Largest + 1));
            await memory.AddAsync([1, 2, 3], "ant", id: Largest);
            await Refuse<InvalidOperationException>(
                $"The memory must have ids left for 1 entries. Got next id {Largest + 1}. Give lower ids.",
                () => memory.AddAsync([1, 2, 3], "ant"));
            await memory.CompactAsync();
        }

        using DurableMemory again = DurableModels.Open(_mlContext, new MemoryStore(store.Files()));

        Assert.IsTrue(again.Model.FindMemory<VisualMemoryTransformer>().Model.TryFind(Largest, out _));
    }

    [TestMethod]
    public async Task A_change_larger_than_a_group_is_refused()
    {
        MemoryStore store = DurableModels.StoreOf(DurableModels.Visual(_mlContext));
        var options = new DurableMemoryOptions { LargestGroupBytes = 1024 };
        using DurableMemory memory = DurableModels.Open(_mlContext, store, options);

        await Refuse<ArgumentException>(
            "A change must take up at most 1024 bytes, DurableMemoryOptions.LargestGroupBytes. Got 2431. Split it.",
            () => memory.AddAsync(Points.View(_mlContext, Points.Draw(150, seed: 1))));
    }

    [TestMethod]
    public async Task Nothing_to_change_writes_nothing()
    {
        MemoryStore store = DurableModels.StoreOf(DurableModels.Visual(_mlContext));
        using DurableMemory memory = DurableModels.Open(_mlContext, store);
        int events = store.Events.Count;

        await memory.RemoveAsync([]);
        IReadOnlyList<long?> ids = await memory.AddAsync(
            Points.View(_mlContext, [new Point { Label = "", Features = [1, 2, 3] }]));

        Assert.AreEqual(events, store.Events.Count);
        Assert.IsEmpty(ids);
    }

    [TestMethod]
    public async Task An_empty_memory_keeps_its_classes()
    {
        MemoryStore store = DurableModels.StoreOf(DurableModels.Visual(_mlContext, count: 2));
        using DurableMemory memory = DurableModels.Open(_mlContext, store);

        await memory.RemoveAsync([0, 1]);
        await Refuse<InvalidOperationException>(
            "DurableMemory.DropEmptyClasses must leave at least one class. Got an empty memory. Add entries first.",
            () => memory.DropEmptyClassesAsync());

        Assert.AreEqual(0, memory.Count);
    }

    [TestMethod]
    public async Task Labels_of_every_kind_are_kept()
    {
        foreach (object sample in new object[] { 3, 2.5f, true, 7.25, (byte)4, -9L })
        {
            byte[] model = DurableModels.Saved(_mlContext, LabelKinds.Fit(_mlContext, sample), null);
            MemoryStore store = DurableModels.StoreOf(model);
            string name = Convert.ToString(sample, System.Globalization.CultureInfo.InvariantCulture)!;
            string other = sample is bool ? "False" : "5";
            int dimension;
            using (DurableMemory memory = DurableModels.Open(_mlContext, store))
            {
                dimension = memory.Model.FindMemory<VisualMemoryTransformer>().Model.Dimension;
                await memory.AddAsync(new float[dimension], name);
                await memory.AddAsync(new float[dimension], other);
                await Refuse<ArgumentException>(
                    "label must be a class of the memory, or a new one of the same type. Got 'x', while its labels "
                    + $"are of type {LabelType(memory)}. (Parameter 'label')",
                    () => memory.AddAsync(new float[dimension], "x"));
            }

            using DurableMemory again = DurableModels.Open(_mlContext, new MemoryStore(store.Files()));
            CollectionAssert.AreEqual(
                new[] { name, other }, again.Model.FindMemory<VisualMemoryTransformer>().ClassNames.ToArray());
        }
    }

    [TestMethod]
    [DataRow(SearchStrategy.Graph)]
    [DataRow(SearchStrategy.Graph, 0.99)]
    [DataRow(SearchStrategy.Exact)]
    [DataRow(SearchStrategy.Quantized)]
    public async Task An_index_comes_back_bit_for_bit(SearchStrategy strategy, double? targetRecall = null)
    {
        var options = new VisualMemoryOptions
        {
            NeighborCount = 3,
            Index = new IndexOptions
            {
                Strategy = strategy,
                TargetRecall = targetRecall,
                Graph = new GraphSettings { SearchCandidateCount = 4 },
                Quantization = new QuantizedSettings { TrainingCount = 630, KeepVectors = false, Iterations = 2 },
            },
        };
        MemoryStore store = DurableModels.StoreOf(DurableModels.Alone(_mlContext, 600, options));
        var random = new Random(3);
        using DurableMemory memory = DurableModels.Open(_mlContext, store);
        for (int round = 0; round < 12; round++)
        {
            await memory.AddAsync(Points.Keyed(_mlContext, Points.Draw(40, seed: round)));
            BankSnapshot held = memory.Model.FindMemory<VisualMemoryTransformer>().Model;
            long[] ids = [.. held.Entries.Select(entry => entry.Id)];
            random.Shuffle(ids);
            await memory.RemoveAsync(ids[..60]);
            if (strategy == SearchStrategy.Quantized) await memory.CorrectAsync(ids[^1], "bee");
            if (round == 6) await memory.CompactAsync();
            using DurableMemory again = DurableModels.Open(_mlContext, new MemoryStore(store.Files()));
            Assert.AreEqual(
                DurableModels.Describe(_mlContext, memory.Model), DurableModels.Describe(_mlContext, again.Model));
        }
    }

    [TestMethod]
    public async Task A_compressed_memory_is_that_of_the_same_edits_and_comes_back()
    {
        CompressedMemoryTransformer edited = _mlContext.MulticlassClassification.Trainers
            .CompressedMemory(new CompressedMemoryOptions { CodeCount = 8, BatchSize = 32, Epochs = 2 })
            .Fit(Points.Keyed(_mlContext, Points.Draw(40, seed: 1)));
        MemoryStore store = DurableModels.StoreOf(DurableModels.Saved(_mlContext, edited, null));
        using DurableMemory memory = DurableModels.Open(_mlContext, store);
        for (int round = 0; round < 4; round++)
        {
            IDataView more = Points.Keyed(_mlContext, Points.Draw(5, seed: round + 2, classCount: 4));
            long[] removed = [round, 41 + (5 * round)];
            edited = edited.Add(more).Remove(removed);

            await memory.AddAsync(more);
            await memory.RemoveAsync(removed);
            if (round == 2) await memory.CompactAsync();

            using DurableMemory again = DurableModels.Open(_mlContext, new MemoryStore(store.Files()));
            string expected = DurableModels.Describe(_mlContext, edited);
            Assert.AreEqual(expected, DurableModels.Describe(_mlContext, memory.Model));
            Assert.AreEqual(expected, DurableModels.Describe(_mlContext, again.Model));
        }

        await Refuse<InvalidOperationException>(
            "DurableMemory.Correct must have a memory that keeps vectors. Got a compressed memory. Remove the entry "
            + "and add it again.",
            () => memory.CorrectAsync(5, "ant"));
        await Refuse<ArgumentException>(
            "weights must be left out for a compressed memory, whose entries weigh alike. Got some.",
            () => memory.AddAsync([1, 2, 3], "ant", weight: 2));
    }

    [TestMethod]
    public void Memories_that_cannot_be_changed_are_refused()
    {
        ITransformer bottleneck = _mlContext.MulticlassClassification.Trainers
            .KeyValueBottleneck(
                new KeyValueBottleneckOptions { HeadCount = 8, PairCount = 12, KeyDimension = 3, BatchSize = 64 })
            .Fit(Points.Keyed(_mlContext, Points.Draw(40, seed: 1)));
        MemoryStore store = DurableModels.StoreOf(DurableModels.Saved(_mlContext, bottleneck, null));

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => DurableModels.Open(_mlContext, store));

        Assert.AreEqual(
            "Model 'model.zip' must hold exactly one VisualMemoryTransformer, CompressedMemoryTransformer or "
            + "AdaNpcTransformer, which can be changed entry by entry. Got KeyValueBottleneckTransformer.",
            error.Message);
        Assert.IsEmpty(store.Events);
    }

    [TestMethod]
    public void Settings_out_of_range_are_all_named()
    {
        var options = new DurableMemoryOptions
        {
            CommitDelay = TimeSpan.FromSeconds(2),
            LargestGroupBytes = 1,
            QueueCapacity = 0,
            CompactionBytes = -1,
            CompactionShare = double.NaN,
        };

        var error = Assert.ThrowsExactly<ArgumentException>(
            () => DurableMemory.Open(_mlContext, "model.zip", options));

        Assert.AreEqual(
            "DurableMemoryOptions.CommitDelay must be in [0, 1 s]. Got 00:00:02. "
            + "DurableMemoryOptions.LargestGroupBytes must be in [1024, 2^30]. Got 1. "
            + "DurableMemoryOptions.QueueCapacity must be at least 1. Got 0. "
            + "DurableMemoryOptions.CompactionBytes must be null or at least 0. Got -1. "
            + "DurableMemoryOptions.CompactionShare must be finite and at least 0. Got NaN.",
            error.Message);
    }

    internal static async Task Refuse<TError>(string message, Func<Task> action)
        where TError : Exception
        => Assert.AreEqual(message, (await Assert.ThrowsExactlyAsync<TError>(action)).Message);

    private static string LabelType(DurableMemory memory)
        => memory.Model.FindMemory<VisualMemoryTransformer>().Classes.ValueType?.ToString() ?? "key without values";
}
