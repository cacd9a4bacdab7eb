// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

[TestClass]
public sealed class GraphForgedTests
{
    [TestMethod]
    public void Forged_copies_and_links_are_refused_by_name_or_can_be_worked_with()
    {
        int loaded = 0;
        Config config = Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(20_261_122, 9);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, seed =>
        {
            if (Load(Forge(new SeededRandom(seed))) is not { } index) return;
            loaded++;
            WorkWith(index);
        }));

        Assert.IsTrue(loaded is > 100 and < 2900, $"{loaded}");
    }

    /// <summary>Loads a graph; null where it is refused, by section and offset.</summary>
    private static GraphIndex? Load(ForgedGraph forged)
    {
        using var stream = new MemoryStream(forged.Bytes());
        try
        {
            return GraphIndex.Load(stream);
        }
        catch (InvalidDataException error)
        {
            StringAssert.Matches(error.Message, new("^Section '[a-z-]+' of the memory file, at byte [0-9]+, must "));
            return null;
        }
    }

    /// <summary>Makes entries of two vectors, each at its place in the graph or a copy of any of them.</summary>
    private static ForgedGraph Forge(SeededRandom random)
    {
        int count = 2 + random.Next(5);
        byte[] levels = new byte[count];
        for (int slot = 1; slot < count; slot++) levels[slot] = random.Next(2) == 0 ? (byte)0 : byte.MaxValue;
        levels[0] = (byte)random.Next(2);
        float[] vectors =
            [.. Enumerable.Range(0, count).SelectMany(_ => random.Next(4) == 0 ? (float[])[1, 2] : [2, 0])];
        ushort[] counts = [.. levels.SelectMany(level => level == 255 ? [1] : Counts(level))];
        long[] sequences = [.. Enumerable.Range(0, count).Select(slot => (long)slot)];
        random.Shuffle<long>(sequences);
        return new ForgedGraph
        {
            Metric = 1,
            Count = count,
            Entry = 0,
            NextSequence = count,
            Ids = [.. Enumerable.Range(10, count).Select(id => (long)id)],
            Sequences = sequences,
            Levels = levels,
            Vectors = vectors,
            LinkCounts = counts,
            Links = [.. Enumerable.Range(0, counts.Sum(each => each)).Select(_ => random.Next(count))],
        };

        IEnumerable<ushort> Counts(byte level) =>
            Enumerable.Range(0, level + 1).Select(layer => (ushort)random.Next(layer == 0 ? 2 : 1));
    }

    private static void WorkWith(GraphIndex index)
    {
        var found = new NeighborTable();
        index.Add([0, 1, 2], [1, 2, 2, 0, 5, 5]);
        while (index.Count > 0)
        {
            int count = index.Count;
            index.Search([1, 2], count, found);
            long[] ids = found.IdsOf(0).ToArray();
            Assert.HasCount(count, ids.Distinct());
            index.Search([1, 2], 1, found, new SearchOptions { CandidateCount = 1 });
            Assert.AreEqual(1, found.CountOf(0));
            using var stream = new MemoryStream(GraphFileTests.Saved(index));
            Assert.AreEqual(count, GraphIndex.Load(stream).Count);
            index.Remove([ids[count / 2]]);
        }
    }
}
