// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

[TestClass]
public sealed class GraphPropertyTests
{
    private const int Dimension = 3;

    [TestMethod]
    public void Changes_in_any_order_leave_what_a_flat_index_holds()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20_261_121, 5);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, EqualsFlat));
    }

    private static bool EqualsFlat(int seed)
    {
        var random = new SeededRandom(seed);
        int offset = random.Next(2) * 1000;
        var metric = (Metric)random.Next(3);
        var settings = new GraphSettings
        {
            Encoding = (VectorEncoding)random.Next(3),
            LinkCount = 2 + random.Next(6),
            BuildCandidateCount = 1 + random.Next(30),
            ThreadCount = 1 + random.Next(2),
        };
        var graph = new GraphIndex(Dimension, metric, settings);
        var flat = new FlatIndex(Dimension, metric);
        var ids = new List<long>();
        long nextId = 0;
        for (int step = 0; step < 12; step++)
        {
            Change(random, offset, graph, flat, ids, ref nextId);
            if (random.Next(4) == 0)
            {
                using var stream = new MemoryStream(GraphFileTests.Saved(graph));
                graph = GraphIndex.Load(stream);
            }

            AssertEqual(graph, flat, Values(random, 2, offset), 1 + random.Next(9));
        }

        return true;
    }

    private static void Change(
        SeededRandom random, int offset, GraphIndex graph, FlatIndex flat, List<long> ids, ref long nextId)
    {
        if (random.Next(2) == 0 && ids.Count > 0)
        {
            long[] gone = [.. ids];
            random.Shuffle<long>(gone);
            gone = gone[..(1 + random.Next(gone.Length))];
            graph.Remove(gone);
            flat.Remove(gone);
            ids.RemoveAll(gone.Contains);
            return;
        }

        long first = nextId;
        nextId += 1 + random.Next(150);
        long[] added = [.. Enumerable.Range((int)first, (int)(nextId - first)).Select(id => (long)id)];
        float[] rows = Values(random, added.Length, offset);
        graph.Add(added, rows);
        flat.Add(added, rows);
        ids.AddRange(added);
    }

    private static void AssertEqual(GraphIndex graph, FlatIndex flat, float[] queries, int k)
    {
        var found = new NeighborTable();
        var truth = new NeighborTable();
        Assert.AreEqual(flat.Count, graph.Count);
        graph.Search(queries, k, found, new SearchOptions { CandidateCount = Math.Max(1, graph.Count) });
        flat.Search(queries, k, truth);
        for (int query = 0; query < truth.QueryCount; query++)
        {
            CollectionAssert.AreEqual(truth.IdsOf(query).ToArray(), found.IdsOf(query).ToArray());
            CollectionAssert.AreEqual(truth.DistancesOf(query).ToArray(), found.DistancesOf(query).ToArray());
        }

        // With few candidates some may be missed, but never are there fewer than k.
        graph.Search(queries, k, found, new SearchOptions { CandidateCount = 1 });
        for (int query = 0; query < truth.QueryCount; query++)
            Assert.AreEqual(truth.CountOf(query), found.CountOf(query));
    }

    // Small whole numbers make ties and zero vectors.
    private static float[] Values(SeededRandom random, int rows, int offset)
    {
        float[] values = new float[rows * Dimension];
        foreach (ref float value in values.AsSpan()) value = offset + random.Next(5) - 2;
        return values;
    }
}
