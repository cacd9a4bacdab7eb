// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.AdaNpc;

[TestClass]
public sealed class RemovingTests
{
    /// <summary>Two corners a right angle apart: entry 0 of class 0, entry 1 of class 1.</summary>
    private static AdaptiveMemory Corners(int neighborCount = 1)
    {
        var bank = new MemoryBank(2);
        bank.AddRange([1, 0, 0, 1], [0, 1]);
        return new AdaptiveMemory(
            bank.Snapshot(), 2, new() { NeighborCount = neighborCount, ConfidenceThreshold = 0 });
    }

    [TestMethod]
    public void RemoveWithDescendants_follows_every_line_and_leaves_the_others()
    {
        AdaptiveMemory memory = Corners();
        var predictions = new AdaptivePredictions();

        // Each row lies nearest to the one before on its side: 2 and 4 go back to 0, 3 and 5 to 1.
        memory.Adapt([1, 0.1f, 0.1f, 1, 1, 0.2f, 0.2f, 1], predictions);

        CollectionAssert.AreEqual(new long[] { 0, 2, 4 }, memory.RemoveWithDescendants(0).ToArray());
        CollectionAssert.AreEqual(new long[] { 1, 3, 5 }, Ids(memory));
    }

    [TestMethod]
    public void RemoveWithDescendants_leaves_what_a_memory_without_the_entry_would_have()
    {
        BankSnapshot source = Streams.Source(30);
        var settings = new AdaptationSettings { NeighborCount = 3, ConfidenceThreshold = 0 };
        var memory = new AdaptiveMemory(source, 3, settings);
        Streams.Describe(memory, Streams.Rows(25, seed: 2, drift: 0.2));
        AdaptiveState before = memory.Snapshot();

        long[] removed = [.. memory.RemoveWithDescendants(7)];

        HashSet<long> gone = [.. removed];
        foreach (EntryNote note in before.Notes)
            Assert.AreEqual(gone.Contains(note.Id), note.ParentIds.Any(gone.Contains), $"id {note.Id}");
        CollectionAssert.AreEqual(
            before.Memory.Entries.Select(entry => entry.Id).Where(id => !gone.Contains(id)).ToArray(), Ids(memory));
    }

    [TestMethod]
    public void RemoveWithDescendants_where_a_line_is_lost_removes_what_may_descend()
    {
        AdaptiveMemory memory = Corners();
        memory.Adapt([1, 0.1f, 1, 0.2f], new AdaptivePredictions());
        memory.Remove(2);

        CollectionAssert.AreEqual(new long[] { 1, 3 }, memory.RemoveWithDescendants(1).ToArray());
    }

    [TestMethod]
    public void Correct_gives_the_entry_its_label_as_feedback_under_a_new_id()
    {
        AdaptiveMemory memory = Corners();
        var predictions = new AdaptivePredictions();
        memory.Adapt([1, 0.5f], predictions);

        long id = memory.Correct(2, 1);

        memory.Predict([1, 0.5f], predictions);
        Assert.AreEqual(3, id);
        Assert.AreEqual(1, predictions.LabelOf(0));
        Assert.AreEqual(EntryOrigin.Feedback, memory.Memory().Entries.Last().Origin);
        Assert.AreEqual(3, memory.Count);
    }

    [TestMethod]
    public void Condense_keeps_source_feedback_and_the_herded_rows()
    {
        AdaptiveMemory memory = Corners();
        float[] rows = [1, 0.1f, 1, 0.3f, 1, 0.2f, 0.1f, 1];
        memory.Adapt(rows, new AdaptivePredictions());
        memory.Learn([1, 0.4f], [0]);

        CollectionAssert.AreEqual(new long[] { 2, 3 }, memory.Condense(1).ToArray());
        CollectionAssert.AreEqual(new long[] { 0, 1, 4, 5, 6 }, Ids(memory));
        CollectionAssert.AreEqual(new long[] { 4, 5 }, memory.Condense(0).ToArray());
    }

    [TestMethod]
    public void Removed_entries_make_room_for_others()
    {
        var settings = new AdaptationSettings { ConfidenceThreshold = 0, Capacity = 30 };
        var memory = new AdaptiveMemory(Streams.Source(30), 3, settings);

        memory.Remove(0, 1);
        Streams.Describe(memory, Streams.Rows(5, seed: 2, drift: 0));

        Assert.AreEqual(30, memory.Count);
    }

    private static long[] Ids(AdaptiveMemory memory) => [.. memory.Memory().Entries.Select(entry => entry.Id)];
}
