// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>
/// Runs a history once, then asks of every byte that was written, and of everything else that was done to the files,
/// what an opening finds if the power goes there.
/// </summary>
[TestClass]
public sealed class CrashTests
{
    private readonly MLContext _mlContext = new(seed: 0);
    private readonly ConcurrentDictionary<string, string> _known = new();

    private delegate Task Step(DurableMemory memory);

    [TestMethod]
    public void A_visual_memory_survives_a_crash_at_every_byte()
        => Survive(DurableModels.Visual(_mlContext), everyByte: true,
        [
            memory => memory.AddAsync([0.1f, 0.2f, 0.3f], "ant"),
            memory => memory.AddAsync([0.9f, -0.2f, 0.4f], "eel", id: 40, weight: 2),
            memory => memory.RemoveAsync([1, 3]),
            memory => memory.CorrectAsync(2, "dog"),
            memory => memory.CompactAsync(),
            memory => memory.AddAsync(Points.View(_mlContext, Points.Draw(3, seed: 5))),
            memory => memory.RemoveAsync([40]),
            memory => memory.DropEmptyClassesAsync(),
            memory => memory.CompactAsync(),
            memory => memory.AddAsync([0.3f, 0.2f, 0.1f], "fox"),
        ]);

    [TestMethod]
    public void An_adaptive_memory_survives_a_crash_at_every_operation()
        => Survive(DurableModels.Adaptive(_mlContext), everyByte: false,
        [
            memory => memory.AdaptAsync([0.6f, 0.2f, 0.1f]),
            memory => memory.AdaptAsync(Points.View(_mlContext, Points.Draw(9, seed: 6))),
            memory => memory.AddAsync([0.5f, 0.4f, -0.4f], "ant"),
            memory => memory.CompactAsync(),
            memory => memory.AdaptAsync(Points.View(_mlContext, Points.Draw(9, seed: 7))),
            memory => memory.RemoveAsync([FirstIdOf(memory)]),
            memory => memory.AdaptAsync([float.NaN, 0, 0]),
            memory => memory.CompactAsync(),
            memory => memory.AdaptAsync([0.1f, 0.6f, 0.2f]),
        ]);

    private static long FirstIdOf(DurableMemory memory)
        => memory.Model.FindMemory<AdaNpcTransformer>().Model.Memory.Entries.First().Id;

    /// <summary>Takes everything, nothing, a part of everything, and all but the names, of what was not
    /// flushed.</summary>
    private static IEnumerable<Func<bool, double>> Fates(int seed)
    {
        var random = new Random(seed);
        yield return _ => 0;
        yield return _ => 1;
        yield return isName => isName ? random.Next(2) : random.NextDouble();
        yield return isName => isName ? 0 : 1;
    }

    private static IEnumerable<StoreEvent> PartsOf(StoreEvent done, bool everyByte)
    {
        if (done.Action != StoreAction.Write || !everyByte) yield break;
        for (int length = 1; length < done.Bytes.Length; length++)
            yield return done with { Bytes = done.Bytes[..length] };
    }

    /// <summary>Names everything that an opening may look at: leftovers are not told apart by what is in
    /// them.</summary>
    private static string KeyOf(Dictionary<string, byte[]> files)
    {
        bool hasJournal = files.ContainsKey(DurableModels.Name + ".journal");
        var key = new StringBuilder();
        foreach ((string name, byte[] bytes) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            bool isLeftOver = name.EndsWith(".compacting", StringComparison.Ordinal)
                || (hasJournal && name.EndsWith(".old", StringComparison.Ordinal));
            key.Append(name).Append(isLeftOver ? "" : Convert.ToHexString(SHA256.HashData(bytes)));
        }

        return key.ToString();
    }

    private void Survive(byte[] model, bool everyByte, Step[] history)
    {
        MemoryStore store = DurableModels.StoreOf(model);
        string[] states = Run(store, history);
        var disk = new CrashedDisk(store.Start);
        int acknowledged = 0, seed = 0;
        List<(Dictionary<string, byte[]> Files, int Acknowledged)> found = [];
        foreach (StoreEvent done in store.Events)
        {
            foreach (StoreEvent part in PartsOf(done, everyByte)) found.Add((disk.FilesWith(part), acknowledged));
            disk.Do(done);
            if (done.Action == StoreAction.Acknowledge) acknowledged++;
            found.AddRange(Fates(seed++).Select(fate => (disk.Files(fate), acknowledged)));
        }

        foreach ((Dictionary<string, byte[]> files, int count) in found) Require(files, states, count);
        Console.WriteLine($"{found.Count} crashes, {_known.Count} of them different");
        Assert.IsGreaterThan(everyByte ? 500 : 30, _known.Count);
    }

    private string[] Run(MemoryStore store, Step[] history)
    {
        using DurableMemory memory = DurableModels.Open(_mlContext, store);
        List<string> states = [Describe(memory)];
        foreach (Step step in history)
        {
            step(memory).GetAwaiter().GetResult();
            store.Acknowledge();
            states.Add(Describe(memory));
        }

        return [.. states];
    }

    /// <summary>Requires all that was acknowledged, and of the change that was not all or nothing.</summary>
    private void Require(Dictionary<string, byte[]> files, string[] states, int acknowledged)
    {
        string state = _known.GetOrAdd(KeyOf(files), _ => Reopen(files));
        if (state == states[acknowledged]) return;
        Assert.AreEqual(states[Math.Min(acknowledged + 1, states.Length - 1)], state, $"after {acknowledged} changes");
    }

    /// <summary>Opens what a crash left, twice: the second finds what the first left.</summary>
    private string Reopen(Dictionary<string, byte[]> files)
    {
        var store = new MemoryStore(files);
        string first;
        using (DurableMemory memory = DurableModels.Open(_mlContext, store)) first = Describe(memory);
        if (_known.Count % 8 == 0) CrashAgain(store, first);
        CollectionAssert.AreEquivalent(
            new[] { DurableModels.Name, DurableModels.Name + ".journal" }, store.Files().Keys.ToArray());
        var again = new MemoryStore(store.Files());
        using (DurableMemory memory = DurableModels.Open(_mlContext, again)) Assert.AreEqual(first, Describe(memory));
        return first;
    }

    /// <summary>Requires the same of an opening that follows one which a crash cut off.</summary>
    private void CrashAgain(MemoryStore store, string state)
    {
        var disk = new CrashedDisk(store.Start);
        foreach (StoreEvent done in store.Events)
        {
            disk.Do(done);
            foreach (double kept in (double[])[0, 0.5, 1])
            {
                using DurableMemory memory = DurableModels.Open(_mlContext, new MemoryStore(disk.Files(_ => kept)));
                Assert.AreEqual(state, Describe(memory));
            }
        }
    }

    private string Describe(DurableMemory memory) => DurableModels.Describe(_mlContext, memory.Model);
}
