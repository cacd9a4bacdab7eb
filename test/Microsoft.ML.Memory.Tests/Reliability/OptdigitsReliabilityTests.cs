// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.Memory.Tests.RealData;

namespace Microsoft.ML.Memory.Tests.Reliability;

/// <summary>Counts and pruned votes on the digits against an independent float64 reference.</summary>
[TestClass]
public sealed class OptdigitsReliabilityTests
{
    private const int Retrieved = 50;

    [TestMethod]
    [DataRow(10, 0)]
    [DataRow(100, 6)]
    public void Of_counts_equal_the_reference(int k, int mayDiffer)
    {
        BankSnapshot memory = Optdigits.Train().Memory();
        ushort[] wrong = Read($"loo{k}.wrong.bin");
        ushort[] correct = Read($"loo{k}.correct.bin");

        EntryReliability counts = EntryReliability.Of(memory, k);

        int[] apart = [.. Enumerable.Range(0, memory.Count).Select(position =>
            Math.Abs(counts.WrongOf(position) - wrong[position])
            + Math.Abs(counts.CorrectOf(position) - correct[position]))];
        Assert.IsLessThanOrEqualTo(1, apart.Max());
        Assert.IsLessThanOrEqualTo(mayDiffer, apart.Sum());
    }

    [TestMethod]
    public void Of_is_the_same_for_every_thread_count()
    {
        BankSnapshot memory = Optdigits.Train().Memory();

        EntryReliability one = EntryReliability.Of(memory, 10, new SearchOptions { ThreadCount = 1 });
        EntryReliability three = EntryReliability.Of(memory, 10, new SearchOptions { ThreadCount = 3 });

        for (int position = 0; position < memory.Count; position++)
        {
            Assert.AreEqual(one.WrongOf(position), three.WrongOf(position));
            Assert.AreEqual(one.CorrectOf(position), three.CorrectOf(position));
        }
    }

    [TestMethod]
    public void Pruned_votes_are_right_as_often_as_the_reference()
    {
        JsonElement golden = Parse("optdigits-pruning.json").GetProperty("accuracyWithPruning");

        AssertAccuracies(golden, Optdigits.Train(), settingCount: 7, tolerance: 1);
    }

    [TestMethod]
    public void Pruned_votes_under_label_noise_are_right_as_often_as_the_reference()
    {
        JsonElement golden = Parse("optdigits-noise.json");
        Optdigits train = Optdigits.Train();
        int[] flipped = golden.GetProperty("flippedRows").Deserialize<int[]>()!;
        int[] labels = golden.GetProperty("newLabels").Deserialize<int[]>()!;
        for (int index = 0; index < flipped.Length; index++) train.Labels[flipped[index]] = labels[index];

        AssertAccuracies(golden.GetProperty("results"), train, settingCount: 4, tolerance: 2);

        BankSnapshot memory = train.Memory();
        EntryReliability counts = EntryReliability.Of(memory, 10);
        Assert.AreEqual(
            golden.GetProperty("sumWrong").GetInt32(), memory.Entries.Sum(entry => counts.WrongOf(entry.Position)));
        int[] noisy = [.. counts.MostWrong(100).Select(entry => (int)entry.Id)];
        Assert.IsGreaterThan(95, noisy.Intersect(flipped).Count(), "the worst entries are the mislabelled ones");
    }

    private static void AssertAccuracies(JsonElement golden, Optdigits train, int settingCount, int tolerance)
    {
        Dictionary<string, GoldenPruned> settings = GoldenDigits.From(golden).Settings;
        Assert.HasCount(settingCount, settings);
        BankSnapshot memory = train.Memory();
        Optdigits test = Optdigits.Test();
        var neighbors = new NeighborTable();
        memory.Search(test.Rows, Retrieved, neighbors);
        var counts = new Dictionary<int, EntryReliability>();
        foreach ((string name, GoldenPruned expected) in settings)
        {
            PruningOptions options = GoldenDigits.PruningOf(name);
            int k = options.CountedNeighbors;
            if (!counts.ContainsKey(k)) counts[k] = EntryReliability.Of(memory, k);
            var pruning = new EntryPruning(memory, counts[k], options);
            Assert.AreEqual(expected.Excluded, pruning.ExcludedCount, name);
            var plurality = DigitVotes.Cast(memory, neighbors, new PluralityVote(), pruning);
            AssertCorrect(expected.Plurality, plurality, test, tolerance, $"{name}, plurality");
            var rank = DigitVotes.Cast(memory, neighbors, new RankVote(), pruning);
            AssertCorrect(expected.Rank, rank, test, tolerance, $"{name}, rank");
        }
    }

    private static void AssertCorrect(
        GoldenCorrect expected, DigitVotes votes, Optdigits test, int tolerance, string name)
    {
        for (int index = 0; index < expected.Ks.Length; index++)
        {
            int k = expected.Ks[index];
            Assert.AreEqual(expected.Correct[index], votes.Correct(test, k), tolerance, $"{name}, k {k}");
        }
    }

    private static JsonElement Parse(string file)
        => JsonDocument.Parse(File.ReadAllBytes(SharedFolder.PathOf($"golden/memory/voting/{file}"))).RootElement;

    private static ushort[] Read(string file)
        => MemoryMarshal.Cast<byte, ushort>(
            File.ReadAllBytes(SharedFolder.PathOf($"golden/memory/voting/{file}"))).ToArray();
}
