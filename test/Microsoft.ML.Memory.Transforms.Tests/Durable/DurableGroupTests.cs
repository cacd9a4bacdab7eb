// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>Many writers at once: groups, waiting, cancelling, closing, and a disk that fails.</summary>
[TestClass]
public sealed class DurableGroupTests
{
    private const string JournalName = DurableModels.Name + ".journal";

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public async Task Writers_that_wait_share_a_flush_and_a_wrong_one_disturbs_nobody()
    {
        MemoryStore store = DurableModels.StoreOf(DurableModels.Visual(_mlContext));
        using DurableMemory memory = DurableModels.Open(_mlContext, store);
        using var disk = new HeldDisk(store);
        int flushes = disk.Flushes;
        Task first = memory.AddAsync([0, 0, 0], "ant");
        disk.WaitUntilHeld();

        Task<long?>[] rest =
            [.. Enumerable.Range(0, 50).Select(id => memory.AddAsync([id, 0, 0], "ant", id: 100 + id))];
        Task taken = memory.AddAsync([0, 0, 0], "ant", id: 120);
        Task unknown = memory.RemoveAsync([99]);
        Task known = memory.RemoveAsync([101]);
        disk.Release();

        await first;
        CollectionAssert.AreEqual(
            Enumerable.Range(100, 50).Select(id => (long?)id).ToArray(), await Task.WhenAll(rest));
        await known;
        await DurableMemoryTests.Refuse<ArgumentException>(
            "ids must be free and differ. Got 120, which is taken.", () => taken);
        await DurableMemoryTests.Refuse<KeyNotFoundException>(
            "ids must be stored. Got 99, which is not.", () => unknown);
        Assert.AreEqual(2, disk.Flushes - flushes);
        Assert.AreEqual(6 + 1 + 50 - 1, memory.Count);
    }

    [TestMethod]
    public async Task Nobody_is_told_and_nobody_sees_before_the_disk_has_it()
    {
        MemoryStore store = DurableModels.StoreOf(DurableModels.Visual(_mlContext));
        using DurableMemory memory = DurableModels.Open(_mlContext, store);
        using var disk = new HeldDisk(store);
        Task<long?> change = memory.AddAsync([0, 0, 0], "ant");
        disk.WaitUntilHeld();

        Assert.IsFalse(change.IsCompleted);
        Assert.AreEqual(6, memory.Count);
        Assert.AreEqual(6, memory.Model.FindMemory<VisualMemoryTransformer>().Model.Count);
        disk.Release();

        await change;
        Assert.AreEqual(7, memory.Model.FindMemory<VisualMemoryTransformer>().Model.Count);
    }

    [TestMethod]
    public async Task A_change_can_be_cancelled_until_it_is_taken()
    {
        MemoryStore store = DurableModels.StoreOf(DurableModels.Visual(_mlContext));
        var options = new DurableMemoryOptions { QueueCapacity = 1 };
        using DurableMemory memory = DurableModels.Open(_mlContext, store, options);
        using var disk = new HeldDisk(store);
        using var source = new CancellationTokenSource();
        Task<long?> taken = memory.AddAsync([0, 0, 0], "ant", cancellationToken: source.Token);
        disk.WaitUntilHeld();
        Task<long?> queued = memory.AddAsync([1, 0, 0], "ant", cancellationToken: source.Token);
        Task<long?> waiting = memory.AddAsync([2, 0, 0], "ant", cancellationToken: source.Token);
        Task<long?> patient = memory.AddAsync([3, 0, 0], "ant");

        await source.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAsync<OperationCanceledException>(() => queued);
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => memory.AddAsync([4, 0, 0], "ant", cancellationToken: source.Token));
        Assert.IsFalse(taken.IsCompleted);
        disk.Release();

        Assert.AreEqual(6L, await taken);
        Assert.AreEqual(7L, await patient);
        Assert.AreEqual(8, memory.Count);
    }

    [TestMethod]
    public async Task Closing_finishes_what_was_sent_and_refuses_what_comes()
    {
        MemoryStore store = DurableModels.StoreOf(DurableModels.Visual(_mlContext));
        var options = new DurableMemoryOptions { QueueCapacity = 2 };
        DurableMemory memory = DurableModels.Open(_mlContext, store, options);
        using var disk = new HeldDisk(store);
        Task[] sent = [.. Enumerable.Range(0, 9).Select(id => memory.AddAsync([id, 0, 0], "ant"))];
        disk.WaitUntilHeld();

        Task closing = memory.DisposeAsync().AsTask();
        Assert.ThrowsExactly<ObjectDisposedException>(() => { _ = memory.RemoveAsync([1]); });
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => memory.CompactAsync());
        disk.Release();
        await closing;
        await Task.WhenAll(sent);

        using DurableMemory again = DurableModels.Open(_mlContext, new MemoryStore(store.Files()));
        Assert.AreEqual(15, again.Count);
        memory.Dispose();
    }

    [TestMethod]
    [DataRow(StoreAction.Write)]
    [DataRow(StoreAction.FlushFile)]
    public async Task A_disk_that_fails_ends_the_changes_but_not_the_reading(StoreAction failing)
    {
        MemoryStore store = DurableModels.StoreOf(DurableModels.Visual(_mlContext));
        using DurableMemory memory = DurableModels.Open(_mlContext, store);
        await memory.AddAsync([1, 2, 3], "ant");
        string before = DurableModels.Describe(_mlContext, memory.Model);
        store.Gate = done =>
        {
            if (done.Action == failing) throw new IOException("No space left on device.");
        };

        const string Message = "The memory 'model.zip' must be opened again before it can be changed. Whether this "
            + "change is kept is seen then. Got: Journal 'model.zip.journal' must be opened again, since what is on "
            + "disk is not known. Got: No space left on device.";
        await DurableMemoryTests.Refuse<IOException>(Message, () => memory.AddAsync([1, 2, 4], "bee"));
        store.Gate = null;
        await DurableMemoryTests.Refuse<IOException>(Message, () => memory.RemoveAsync([1]));
        await Assert.ThrowsExactlyAsync<IOException>(() => memory.CompactAsync());

        Assert.AreEqual(before, DurableModels.Describe(_mlContext, memory.Model));
        Assert.IsFalse(store.Exists(DurableModels.Name + ".compacting"));
        using DurableMemory again = DurableModels.Open(_mlContext, new MemoryStore(store.Files()));
        Assert.AreEqual(failing == StoreAction.Write ? 7 : 8, again.Count);
    }

    [TestMethod]
    public async Task A_compaction_that_fails_leaves_the_memory_as_it_is()
    {
        foreach (StoreAction failing in (StoreAction[])[StoreAction.Create, StoreAction.Rename, StoreAction.FlushNames])
        {
            MemoryStore store = DurableModels.StoreOf(DurableModels.Visual(_mlContext));
            using DurableMemory memory = DurableModels.Open(_mlContext, store);
            await memory.AddAsync([1, 2, 3], "ant");
            store.Gate = done =>
            {
                if (done.Action == failing) throw new IOException("No space left on device.");
            };

            await DurableMemoryTests.Refuse<IOException>("No space left on device.", () => memory.CompactAsync());
            store.Gate = null;
            await memory.AddAsync([1, 2, 4], "bee");
            using (DurableMemory again = DurableModels.Open(_mlContext, new MemoryStore(store.Files())))
                Assert.AreEqual(8, again.Count);
            await memory.CompactAsync();

            using DurableMemory compacted = DurableModels.Open(_mlContext, new MemoryStore(store.Files()));
            Assert.AreEqual(8, compacted.Count);
            Assert.AreEqual(0L, compacted.ReplayedCount);
        }
    }

    [TestMethod]
    public async Task Closing_wakes_those_who_wait_for_a_compaction()
    {
        MemoryStore store = DurableModels.StoreOf(DurableModels.Visual(_mlContext));
        DurableMemory memory = DurableModels.Open(_mlContext, store);
        using var disk = new HeldDisk(store);
        Task running = memory.CompactAsync();
        disk.WaitUntilHeld();
        Task waiting = memory.CompactAsync();

        Task closing = memory.DisposeAsync().AsTask();
        disk.Release();
        await closing;

        await running;
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => waiting);
    }

    [TestMethod]
    public async Task Readers_see_whole_changes_only()
    {
        MemoryStore store = DurableModels.StoreOf(DurableModels.Visual(_mlContext, count: 8));
        var options = new DurableMemoryOptions { CompactionBytes = 4000, CompactionShare = 0 };
        using DurableMemory memory = DurableModels.Open(_mlContext, store, options);
        using var stop = new CancellationTokenSource();
        Task<int> reader = Task.Run(() => Read(memory, stop.Token));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (int round = 0; round < 40; round++)
            {
                IReadOnlyList<long?> ids = await memory.AddAsync(
                    Points.View(_mlContext, Points.Draw(4, seed: (100 * writer) + round)));
                if (round % 2 == 0) await memory.RemoveAsync(ids.OfType<long>());
            }
        })));
        await stop.CancelAsync();

        Assert.IsGreaterThan(0, await reader);
        Assert.AreEqual(8 + (4 * 4 * 20), memory.Count);
        Assert.AreEqual(4L * 60, memory.Sequence);
    }

    [TestMethod]
    public async Task A_journal_that_has_grown_is_compacted_by_itself()
    {
        MemoryStore store = DurableModels.StoreOf(DurableModels.Visual(_mlContext));
        var options = new DurableMemoryOptions { CompactionBytes = 1000, CompactionShare = 0 };
        await using (DurableMemory memory = DurableModels.Open(_mlContext, store, options))
        {
            for (int id = 0; id < 60; id++) await memory.AddAsync([id, 1, 2], "ant");
        }

        Assert.Contains(done => done.Action == StoreAction.Rename && done.To == DurableModels.Name, store.Events);
        Assert.IsLessThan(60 * 60, store.Files()[JournalName].Length);
        using DurableMemory again = DurableModels.Open(_mlContext, new MemoryStore(store.Files()));
        Assert.AreEqual(66, again.Count);
    }

    private static int Read(DurableMemory memory, CancellationToken stop)
    {
        int reads = 0;
        for (; !stop.IsCancellationRequested; reads++)
        {
            BankSnapshot seen = memory.Model.FindMemory<VisualMemoryTransformer>().Model;
            Assert.AreEqual(0, seen.Count % 4);
            Assert.AreEqual(seen.Count, seen.Entries.Count());
        }

        return reads;
    }
}
