// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Maps;

[TestClass]
public sealed class EntryMapTests
{
    [TestMethod]
    public void Groups_lie_apart_and_their_entries_together()
    {
        BankSnapshot memory = Memories.Groups(400, groupCount: 8, seed: 5);

        EntryMap map = EntryMap.OfNeighbors(EntryNeighbors.Of(memory));

        // eight groups cannot lie apart in a plane that is but a shadow of theirs
        int apart = SameGroup(map, groupCount: 8);
        int shadow = SameGroup(EntryMap.Principal(memory), groupCount: 8);
        Assert.AreEqual(400, apart);
        Assert.IsLessThan(390, shadow);
        Assert.IsEmpty(map.VarianceShares.ToArray());
    }

    [TestMethod]
    public void Same_seed_same_bits_and_another_seed_another_map()
    {
        EntryNeighbors neighbors = EntryNeighbors.Of(Memories.Groups(700, groupCount: 3, seed: 1), 10);
        var settings = new EntryMapSettings { EpochCount = 40, Seed = 3 };

        EntryMap one = EntryMap.OfNeighbors(neighbors, settings with { ThreadCount = 1 });
        EntryMap two = EntryMap.OfNeighbors(neighbors, settings with { ThreadCount = 7 });
        EntryMap other = EntryMap.OfNeighbors(neighbors, settings with { Seed = 4 });

        CollectionAssert.AreEqual(one.X.ToArray(), two.X.ToArray());
        CollectionAssert.AreEqual(one.Y.ToArray(), two.Y.ToArray());
        CollectionAssert.AreNotEqual(one.X.ToArray(), other.X.ToArray());
    }

    [TestMethod]
    public void A_given_start_is_where_the_principal_plane_starts()
    {
        EntryNeighbors neighbors = EntryNeighbors.Of(Memories.Groups(100, groupCount: 3, seed: 1), 10);
        EntryMap plane = EntryMap.Principal(neighbors.Memory);

        EntryMap given = EntryMap.OfNeighbors(neighbors, start: plane);
        EntryMap own = EntryMap.OfNeighbors(neighbors);

        CollectionAssert.AreEqual(own.X.ToArray(), given.X.ToArray());
        CollectionAssert.AreEqual(own.Y.ToArray(), given.Y.ToArray());
    }

    [TestMethod]
    public void Duplicates_and_entries_without_neighbours_have_places_of_their_own()
    {
        BankSnapshot memory = Memories.Of(
            Metric.SquaredEuclidean, [.. Enumerable.Range(0, 60).Select(row => new float[] { row < 40 ? 1 : row, 2 })]);
        EntryNeighbors neighbors = EntryNeighbors.Of(
            memory, 5, new SearchOptions { Filter = id => id < 20 });

        EntryMap map = EntryMap.OfNeighbors(neighbors);
        EntryMap alone = EntryMap.OfNeighbors(EntryNeighbors.Of(memory, 5, new SearchOptions { Filter = _ => false }));

        Assert.AreEqual(60, Enumerable.Range(0, 60).Select(row => (map.X[row], map.Y[row])).Distinct().Count());
        Assert.AreEqual(60, Enumerable.Range(0, 60).Select(row => (alone.X[row], alone.Y[row])).Distinct().Count());
    }

    [TestMethod]
    public void Progress_ends_at_one_and_a_cancelled_map_stops()
    {
        EntryNeighbors neighbors = EntryNeighbors.Of(Memories.Groups(50, groupCount: 3, seed: 1), 10);
        using var cancelled = new CancellationTokenSource();
        var told = new List<double>();

        EntryMap.OfNeighbors(neighbors, new EntryMapSettings { EpochCount = 4 }, null, new Heard(told.Add));
        var stopping = new Heard(_ => cancelled.Cancel());

        CollectionAssert.AreEqual(new[] { 0.25, 0.5, 0.75, 1 }, told);
        Assert.ThrowsExactly<OperationCanceledException>(
            () => EntryMap.OfNeighbors(neighbors, null, null, stopping, cancelled.Token));
    }

    [TestMethod]
    public void Settings_out_of_range_are_told_all_at_once()
    {
        var settings = new EntryMapSettings
        {
            MinimumDistance = 2,
            Spread = 101,
            EpochCount = 0,
            NegativeSampleCount = -1,
            LearningRate = double.NaN,
            ThreadCount = 0,
        };
        EntryNeighbors neighbors = EntryNeighbors.Of(Memories.Of(Metric.Cosine));

        Refusal.Assert<ArgumentException>(
            "EntryMapSettings.Spread must be in [0.01, 100]. Got 101. "
            + "EntryMapSettings.EpochCount must be at least 1. Got 0. "
            + "EntryMapSettings.NegativeSampleCount must be at least 0. Got -1. "
            + "EntryMapSettings.LearningRate must be in (0, 100]. Got NaN. "
            + "EntryMapSettings.ThreadCount must be at least 1. Got 0.",
            () => EntryMap.OfNeighbors(neighbors, settings));
        Refusal.Assert<ArgumentException>(
            "EntryMapSettings.MinimumDistance must be at least 0 and at most Spread. Got 2.",
            () => EntryMap.OfNeighbors(neighbors, new EntryMapSettings { MinimumDistance = 2 }));
    }

    [TestMethod]
    public void A_start_of_another_memory_is_refused()
    {
        EntryNeighbors neighbors = EntryNeighbors.Of(Memories.Of(Metric.Cosine, [1, 2]));
        EntryMap other = EntryMap.Principal(Memories.Of(Metric.Cosine, [1, 2]));

        Refusal.Assert<ArgumentException>(
            "start must be a map of the memory that the neighbours are of. Got one of another memory. "
            + "(Parameter 'start')",
            () => EntryMap.OfNeighbors(neighbors, start: other));
    }

    private static int SameGroup(EntryMap map, int groupCount)
    {
        var bank = new MemoryBank(2, Metric.SquaredEuclidean);
        for (int row = 0; row < map.Count; row++) bank.Add([map.X[row], map.Y[row]], row % groupCount);
        EntryNeighbors nearest = EntryNeighbors.Of(bank.Snapshot(), 1);
        return Enumerable.Range(0, map.Count)
            .Count(row => row % groupCount == nearest.PositionsOf(row)[0] % groupCount);
    }
}
