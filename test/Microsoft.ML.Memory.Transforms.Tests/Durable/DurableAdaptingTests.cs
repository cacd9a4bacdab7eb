// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class DurableAdaptingTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    [DataRow(EvictionKind.Reservoir, false, SearchStrategy.Exact)]
    [DataRow(EvictionKind.LeastUseful, true, SearchStrategy.Exact)]
    [DataRow(EvictionKind.ProtectedSourceFifo, false, SearchStrategy.Exact)]
    [DataRow(EvictionKind.Reservoir, false, SearchStrategy.Quantized)]
    [DataRow(EvictionKind.LeastUseful, true, SearchStrategy.Quantized)]
    public async Task Adapting_equals_a_session_and_comes_back_bit_for_bit(
        EvictionKind eviction, bool matches, SearchStrategy strategy)
    {
        var options = new AdaNpcOptions
        {
            NeighborCount = 3,
            ConfidenceThreshold = 0.5,
            Capacity = 20,
            Eviction = eviction,
            MatchStatistics = matches,
            BatchSize = matches ? 8 : 1,
            Index = new IndexOptions
            {
                Strategy = strategy,
                Quantization = new QuantizedSettings { TrainingCount = 16, KeepVectors = false },
            },
        };
        byte[] model = DurableModels.Adaptive(_mlContext, 16, options);
        AdaNpcSession session = _mlContext.Model.Load(new MemoryStream(model), out _)
            .FindMemory<AdaNpcTransformer>().CreateAdaptiveSession();
        MemoryStore store = DurableModels.StoreOf(model);
        using DurableMemory memory = DurableModels.Open(_mlContext, store);
        Assert.AreEqual(strategy, session.Memory().Strategy);

        for (int round = 0; round < 6; round++)
        {
            Point[] rows = Points.Draw(7, seed: round);
            IReadOnlyList<AdaptivePrediction> expected = session.Adapt(Points.View(_mlContext, rows));
            IReadOnlyList<AdaptivePrediction> actual = await memory.AdaptAsync(Points.View(_mlContext, rows));
            CollectionAssert.AreEqual(expected.Select(Text).ToArray(), actual.Select(Text).ToArray());
            Assert.AreEqual(Text(session.Adapt(rows[0].Features)), Text(await memory.AdaptAsync(rows[0].Features)));
            bool isLearnt = session.Learn(rows[1].Features, "bee");
            long? id = await memory.AddAsync(rows[1].Features, "bee");
            Assert.AreEqual(isLearnt, id is not null);
            if (id is { } learnt)
                Assert.AreEqual(session.Correct(learnt, "cat"), await memory.CorrectAsync(learnt, "cat"));
            if (round == 3) await memory.CompactAsync();
            Assert.AreEqual(Text(session.Predict([0.4f, 0.3f, 0.2f])), Text(memory.Predict([0.4f, 0.3f, 0.2f])));
            using DurableMemory again = DurableModels.Open(_mlContext, new MemoryStore(store.Files()));
            Assert.AreEqual(
                DurableModels.Describe(_mlContext, memory.Model), DurableModels.Describe(_mlContext, again.Model));
        }
    }

    [TestMethod]
    public async Task Descendants_go_with_what_they_come_from()
    {
        MemoryStore store = DurableModels.StoreOf(DurableModels.Adaptive(_mlContext));
        using DurableMemory memory = DurableModels.Open(_mlContext, store);
        AdaptivePrediction prediction = await memory.AdaptAsync([0.9f, 0, 0]);

        IReadOnlyList<long> removed = await memory.RemoveWithDescendantsAsync([prediction.NeighborIds[0]]);

        CollectionAssert.AreEqual(new[] { prediction.NeighborIds[0], prediction.AddedId!.Value }, removed.ToArray());
    }

    [TestMethod]
    public async Task The_capacity_stays_over_compactions()
    {
        var options = new AdaNpcOptions { NeighborCount = 3, ConfidenceThreshold = 0 };
        MemoryStore store = DurableModels.StoreOf(DurableModels.Adaptive(_mlContext, 12, options));
        using DurableMemory memory = DurableModels.Open(_mlContext, store);
        int capacity = memory.Model.FindMemory<AdaNpcTransformer>().CreateAdaptiveSession().Capacity;

        await memory.AdaptAsync(Points.View(_mlContext, Points.Draw(30, seed: 2)));
        await memory.CompactAsync();
        await memory.AdaptAsync(Points.View(_mlContext, Points.Draw(30, seed: 3)));
        await memory.CompactAsync();

        Assert.AreEqual(72, memory.Count);
        Assert.AreEqual(capacity, memory.Model.FindMemory<AdaNpcTransformer>().Options.Capacity);
    }

    [TestMethod]
    public async Task Changes_that_an_adaptive_memory_does_not_take_are_told_so()
    {
        MemoryStore store = DurableModels.StoreOf(DurableModels.Adaptive(_mlContext));
        using DurableMemory memory = DurableModels.Open(_mlContext, store);
        int events = store.Events.Count;

        await DurableMemoryTests.Refuse<ArgumentException>(
            "label must be a class of the model. Got 'eel'. Train a model with that class.",
            () => memory.AddAsync([1, 2, 3], "eel"));
        await DurableMemoryTests.Refuse<ArgumentException>(
            "ids and weights must be left out for an adaptive memory, which numbers its entries itself. Got some.",
            () => memory.AddAsync([1, 2, 3], "ant", id: 7));
        await DurableMemoryTests.Refuse<ArgumentException>(
            "id must not be that of a source entry. Got 0.", () => memory.CorrectAsync(0, "ant"));
        await DurableMemoryTests.Refuse<KeyNotFoundException>(
            "ids must be stored. Got 99, which is not.", () => memory.CorrectAsync(99, "ant"));
        await DurableMemoryTests.Refuse<InvalidOperationException>(
            "DurableMemory.DropEmptyClasses must have a visual memory. Got an adaptive memory, whose classes are "
            + "fixed.",
            () => memory.DropEmptyClassesAsync());

        Assert.AreEqual(events, store.Events.Count);
    }

    private static string Text(AdaptivePrediction prediction)
        => $"{prediction.Label} {prediction.Confidence:R} {string.Join(' ', prediction.Scores)} "
            + $"{string.Join(' ', prediction.NeighborIds)} +{prediction.AddedId} -{prediction.EvictedId}";
}
