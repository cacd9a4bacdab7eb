// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory.Tests.Indexes.Graph;

[TestClass]
public sealed class GraphCopiesTests
{
    private const int Piles = 4;
    private const int PileSize = 300;
    private const int Others = 1200;

    private static readonly GraphCase _case = WithPiles();

    [TestMethod]
    [DynamicData(nameof(GraphRecallTests.MetricsAndEncodings), typeof(GraphRecallTests))]
    public void Search_beside_piles_of_equal_entries_finds_them_and_the_others(Metric metric, VectorEncoding encoding)
    {
        GraphIndex index = _case.Build(metric, Small() with { Encoding = encoding });
        FlatIndex exact = _case.BuildExact(metric);

        Assert.IsGreaterThanOrEqualTo(0.99, _case.Recall(index, exact));
        AssertSame(index, exact, Pile(2), k: 50, new SearchOptions { CandidateCount = 50 });
        AssertSame(index, exact, Pile(2), k: 50, new SearchOptions { CandidateCount = 50, Filter = id => id % 2 == 0 });
    }

    [TestMethod]
    [DynamicData(nameof(GraphRecallTests.MetricsAndEncodings), typeof(GraphRecallTests))]
    public void Vectors_that_differ_in_the_sign_of_zero_are_copies(Metric metric, VectorEncoding encoding)
    {
        const int D = 8;
        const int Equal = 300;
        var random = new SeededRandom(8);
        var index = new GraphIndex(D, metric, Small() with { Encoding = encoding });
        var exact = new FlatIndex(D, metric);
        float[] rows = new float[2 * Equal * D];
        for (int i = 0; i < rows.Length; i++) rows[i] = MathF.CopySign(0, random.Next(2) - 0.5f);
        for (int row = 0; row < 2 * Equal; row++) rows[row * D] = row % 2 == 0 ? 1 : row; // every other one of its own
        long[] ids = [.. Enumerable.Range(0, 2 * Equal).Select(id => (long)id)];
        index.Add(ids, rows);
        exact.Add(ids, rows);
        index.Remove([0]);
        exact.Remove([0]);

        Assert.AreEqual(Equal, Linked(index));
        Assert.AreEqual(Equal, Linked(Reloaded(index)));
        AssertSame(index, exact, rows[..D], k: 50, new SearchOptions { CandidateCount = 50 });
    }

    [TestMethod]
    public void Add_of_copies_leaves_the_graph_as_it_is()
    {
        var distinct = new GraphCase(1500);
        var once = new GraphIndex(distinct.Dimension, Metric.SquaredEuclidean, Small());
        var twice = new GraphIndex(distinct.Dimension, Metric.SquaredEuclidean, Small());
        for (int start = 0; start < 1500; start += 500)
        {
            ReadOnlySpan<float> rows = distinct.Rows.AsSpan(start * distinct.Dimension, 500 * distinct.Dimension);
            long[] ids = [.. Enumerable.Range(start, 500).Select(id => (long)id)];
            once.Add(ids, rows);
            twice.Add(ids, rows);
            twice.Add([.. ids.Select(id => id + 5000)], rows);
        }

        var first = new NeighborTable();
        var second = new NeighborTable();
        once.Search(distinct.Queries, 5, first, new SearchOptions { CandidateCount = 10 });
        twice.Search(distinct.Queries, 10, second, new SearchOptions { CandidateCount = 10 });

        for (int query = 0; query < first.QueryCount; query++)
        {
            long[] pairs = [.. first.IdsOf(query).ToArray().SelectMany(id => new[] { id, id + 5000 })];
            CollectionAssert.AreEqual(pairs, second.IdsOf(query).ToArray());
        }
    }

    [TestMethod]
    public void Changes_give_the_same_bytes_whatever_the_number_of_threads_and_after_loading()
    {
        byte[][] saved =
        [
            .. new[] { 1, 2, 8 }.Select(threads =>
            {
                GraphIndex index = _case.Build(Metric.Cosine, Small() with { ThreadCount = threads });
                index.Remove([.. _case.Ids.Where(id => id % 3 == 0)]);
                index.Add([0, 3, 6], _case.Rows.AsSpan(0, 3 * _case.Dimension));
                return GraphFileTests.Saved(index);
            }),
        ];

        CollectionAssert.AreEqual(saved[0], saved[1]);
        CollectionAssert.AreEqual(saved[0], saved[2]);
        CollectionAssert.AreEqual(saved[0], GraphFileTests.Saved(Reloaded(saved[0])));
    }

    [TestMethod]
    public void Load_goes_on_with_the_copies_where_they_were()
    {
        GraphIndex index = _case.Build(Metric.Cosine, Small());
        GraphIndex loaded = Reloaded(index);
        GraphIndex copied = index.Copy(_ => 0);

        foreach (GraphIndex each in (GraphIndex[])[index, loaded, copied])
        {
            each.Remove([.. _case.Ids.AsSpan(0, 200)]);
            each.Add([5000, 5001, 5002], [.. Pile(0), .. Pile(1), .. Pile(0)]);
        }

        CollectionAssert.AreEqual(GraphFileTests.Saved(index), GraphFileTests.Saved(loaded));
        CollectionAssert.AreEqual(GraphFileTests.Saved(index), GraphFileTests.Saved(copied));
    }

    [TestMethod]
    public void Load_of_equal_entries_that_are_both_in_the_graph_goes_on_with_them()
    {
        GraphIndex index = Reloaded(new ForgedGraph { Metric = 1, Vectors = [1, 2, 1, 2] }.Bytes());
        var found = new NeighborTable();
        index.Add([20, 21, 22], [1, 2, 5, 5, 1, 2]);

        AssertFound([7, 4, 20, 22]);
        index.Remove([4]);
        AssertFound([7, 20, 22]);
        index.Remove([7]);
        AssertFound([20, 22]);
        index = Reloaded(index);
        index.Add([23], [1, 2]);
        AssertFound([20, 22, 23]);

        void AssertFound(long[] ids)
        {
            index.Search([1, 2], ids.Length, found, new SearchOptions { CandidateCount = 3 });
            CollectionAssert.AreEqual(ids, found.IdsOf(0).ToArray());
        }
    }

    [TestMethod]
    public void Remove_of_the_first_of_a_pile_again_and_again_lets_the_next_take_its_place()
    {
        GraphIndex index = _case.Build(Metric.SquaredEuclidean, Small());
        FlatIndex exact = _case.BuildExact(Metric.SquaredEuclidean);
        float[] pile = Pile(1);
        var found = new NeighborTable();
        exact.Search(pile, PileSize, found);
        long[] members = found.IdsOf(0).ToArray();
        Assert.AreEqual(0f, found.DistancesOf(0)[PileSize - 1]);

        foreach (long id in members)
        {
            index.Remove([id]);
            exact.Remove([id]);
            AssertSame(index, exact, pile, k: 3, new SearchOptions { CandidateCount = 20 });
        }

        index.Add(members, [.. members.SelectMany(_ => pile)]);
        exact.Add(members, [.. members.SelectMany(_ => pile)]);
        AssertSame(index, exact, pile, k: PileSize, new SearchOptions { CandidateCount = PileSize });
        Assert.IsGreaterThanOrEqualTo(0.99, _case.Recall(index, exact));
    }

    [TestMethod]
    public void Changes_among_few_vectors_leave_what_a_flat_index_finds()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20_261_122, 7);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, seed => EqualsFlat(new SeededRandom(seed))));
    }

    private static bool EqualsFlat(SeededRandom random)
    {
        const int Distinct = 27;
        var metric = (Metric)random.Next(3);
        var settings = new GraphSettings
        {
            Encoding = (VectorEncoding)random.Next(3),
            LinkCount = 2 + random.Next(6),
            BuildCandidateCount = 1 + random.Next(30),
            ThreadCount = 1 + random.Next(2),
        };
        var graph = new GraphIndex(3, metric, settings);
        var flat = new FlatIndex(3, metric);
        var ids = new List<long>();
        for (int step = 0; step < 15; step++)
        {
            if (random.Next(2) == 0 && ids.Count > 0) Remove(random, graph, flat, ids);
            else Add(random, graph, flat, ids, 1000 * step);
            graph = random.Next(6) switch
            {
                0 => Reloaded(graph),
                1 => graph.Copy(_ => 0),
                _ => graph,
            };
            long divisor = 1 + random.Next(3);
            var options = new SearchOptions
            {
                CandidateCount = Distinct,
                Filter = divisor == 1 ? null : id => id % divisor == 0,
            };
            AssertSame(graph, flat, Values(random, 2), 1 + random.Next(80), options);
        }

        return true;
    }

    private static void Add(SeededRandom random, GraphIndex graph, FlatIndex flat, List<long> ids, int firstId)
    {
        long[] added = [.. Enumerable.Range(firstId, 1 + random.Next(80)).Select(id => (long)id)];
        float[] rows = Values(random, added.Length);
        graph.Add(added, rows);
        flat.Add(added, rows);
        ids.AddRange(added);
    }

    private static void Remove(SeededRandom random, GraphIndex graph, FlatIndex flat, List<long> ids)
    {
        long[] gone = [.. ids];
        random.Shuffle<long>(gone);
        gone = gone[..(1 + random.Next(gone.Length))];
        graph.Remove(gone);
        flat.Remove(gone);
        ids.RemoveAll(gone.Contains);
    }

    private static void AssertSame(
        GraphIndex index, FlatIndex exact, float[] queries, int k, SearchOptions options)
    {
        var found = new NeighborTable();
        var truth = new NeighborTable();
        index.Search(queries, k, found, options);
        exact.Search(queries, k, truth, options);
        Assert.AreEqual(exact.Count, index.Count);
        for (int query = 0; query < truth.QueryCount; query++)
        {
            CollectionAssert.AreEqual(truth.IdsOf(query).ToArray(), found.IdsOf(query).ToArray());
            CollectionAssert.AreEqual(truth.DistancesOf(query).ToArray(), found.DistancesOf(query).ToArray());
        }
    }

    private static float[] Values(SeededRandom random, int rows)
    {
        float[] values = new float[rows * 3];
        foreach (ref float value in values.AsSpan()) value = random.Next(3) - 1;
        return values;
    }

    /// <summary>Counts the entries that are in the graph, by the levels in a file.</summary>
    private static int Linked(GraphIndex index)
    {
        using var stream = new MemoryStream(GraphFileTests.Saved(index));
        var reader = new SectionReader(stream);
        reader.ReadAll<byte>("graph");
        reader.ReadAll<long>("ids");
        reader.ReadAll<long>("sequences");
        return reader.ReadAll<byte>("levels").Count(level => level != 255);
    }

    private static float[] Pile(int pile) => _case.Rows[(pile * _case.Dimension)..((pile + 1) * _case.Dimension)];

    private static GraphIndex Reloaded(GraphIndex index) => Reloaded(GraphFileTests.Saved(index));

    private static GraphIndex Reloaded(byte[] saved)
    {
        using var stream = new MemoryStream(saved);
        return GraphIndex.Load(stream);
    }

    private static GraphSettings Small() => new() { ThreadCount = 1, BuildCandidateCount = 60 };

    /// <summary>Makes a case of which rows are equal to one of the first few, here and there.</summary>
    private static GraphCase WithPiles()
    {
        var data = new GraphCase(Others + (Piles * PileSize));
        var random = new SeededRandom(4);
        int[] rows = [.. Enumerable.Range(Piles, data.Ids.Length - Piles)];
        random.Shuffle<int>(rows);
        for (int copy = 0; copy < Piles * (PileSize - 1); copy++)
        {
            data.Rows.AsSpan(copy % Piles * data.Dimension, data.Dimension)
                .CopyTo(data.Rows.AsSpan(rows[copy] * data.Dimension));
        }

        return data;
    }
}
