// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.Maps;

[TestClass]
public sealed class EntryMapPropertyTests
{
    [TestMethod]
    public void Whatever_is_stored_has_a_finite_place_that_follows_from_it_alone()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(80).WithReplay(20_261_121, 7);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, IsFiniteAndRepeatable));
    }

    private static bool IsFiniteAndRepeatable(int seed)
    {
        var random = new SeededRandom(seed);
        var metric = (Metric)random.Next(3);
        int dimension = 1 + random.Next(4);
        double scale = Math.Pow(10, random.Next(37) - 18);
        float[][] keys = [.. Enumerable.Range(0, random.Next(40)).Select(_ => Enumerable.Range(0, dimension)
            .Select(_ => (float)((random.Next(4) - 1) * scale)).ToArray())];
        BankSnapshot memory = Memories.Of(metric, keys);
        EntryNeighbors neighbors = EntryNeighbors.Of(memory, 1 + random.Next(45));
        var settings = new EntryMapSettings
        {
            Seed = seed,
            EpochCount = 1 + random.Next(30),
            LearningRate = random.Next(5) == 0 ? 100 : 1,
            Spread = random.Next(5) == 0 ? 0.01 : 1,
            MinimumDistance = 0.01,
        };

        EntryMap one = EntryMap.OfNeighbors(neighbors, settings with { ThreadCount = 1 });
        EntryMap other = EntryMap.OfNeighbors(neighbors, settings with { ThreadCount = 3 });

        Assert.AreEqual(memory.Count, one.Count);
        for (int row = 0; row < one.Count; row++)
            Assert.IsTrue(float.IsFinite(one.X[row]) && float.IsFinite(one.Y[row]), $"seed {seed}");
        CollectionAssert.AreEqual(one.X.ToArray(), other.X.ToArray(), $"seed {seed}");
        CollectionAssert.AreEqual(one.Y.ToArray(), other.Y.ToArray(), $"seed {seed}");
        return true;
    }
}
