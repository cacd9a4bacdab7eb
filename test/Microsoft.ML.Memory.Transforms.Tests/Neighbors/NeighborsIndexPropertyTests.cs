// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

/// <summary>Lookups of all kinds of vectors by all kinds of indexes, through edits, saving and loading.</summary>
[TestClass]
public sealed class NeighborsIndexPropertyTests
{
    private const int D = 8;

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Lookups_by_any_index_keep_what_they_promise_through_edits_and_saving()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20_261_122, 7);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, Holds));
    }

    private bool Holds(int seed)
    {
        var random = new Random(seed);
        int kind = random.Next(6);
        NearestNeighborsOptions options = DrawOptions(random);
        List<Row> stored = [.. Draw(random, random.Next(1, 200), kind, firstId: 0)];
        NearestNeighborsTransformer lookup = _mlContext.Transforms.NearestNeighbors(options).Fit(View(stored));
        for (int step = 0; step < 4; step++)
        {
            Row[] queries = [.. stored.Take(5), .. Draw(random, 5, kind, firstId: 100_000), new Row { Id = -1 }];
            AssertFound(lookup, stored, queries, $"seed {seed}, step {step}, {lookup.Strategy}, {options}");
            Row[] edited = step == 0
                ? Draw(random, random.Next(60), kind, firstId: 1000)
                : [.. stored.Where(_ => random.Next(3) == 0)];
            lookup = step == 0 ? lookup.Add(View(edited)) : lookup.Remove(edited.Select(row => row.Id));
            if (step == 0) stored.AddRange(edited);
            else stored.RemoveAll(edited.Contains);
            if (step == 1) lookup = SavedAndLoaded(lookup);
        }

        return true;
    }

    private static NearestNeighborsOptions DrawOptions(Random random)
    {
        var metric = (Metric)random.Next(3);
        var index = new IndexOptions
        {
            Strategy = (SearchStrategy)random.Next(4),
            LargestExactValues = random.Next(100 * D),
            MemoryBudget = random.Next(2) == 0 ? null : random.Next(2) << 30,
            TargetRecall = random.Next(2) == 0 ? null : random.NextDouble() + double.Epsilon,
            Graph = random.Next(3) == 0 ? null : new GraphSettings
            {
                LinkCount = random.Next(2, 12),
                BuildCandidateCount = random.Next(1, 40),
                SearchCandidateCount = random.Next(1, 40),
                Encoding = (VectorEncoding)random.Next(3),
            },
            Quantization = new QuantizedSettings
            {
                SubspaceCount = random.Next(1, D + 1),
                TrainingCount = random.Next(1, 150),
                Iterations = 2,
                KeepVectors = random.Next(2) == 0,
            },
        };
        bool mayFindAll = index.Strategy is SearchStrategy.Auto or SearchStrategy.Exact;
        bool findsAll = mayFindAll && random.Next(3) == 0;
        return new NearestNeighborsOptions
        {
            IdColumnName = "Id",
            StoredColumnNames = ["Name"],
            Metric = metric,
            LeavesOutSameId = random.Next(2) == 0,
            NeighborCount = findsAll ? null : random.Next(6) == 0 ? int.MaxValue : random.Next(1, 40),
            LargestDistance = findsAll || random.Next(3) == 0 ? random.NextSingle() * random.Next(4) : null,
            Index = index,
        };
    }

    private static Row[] Draw(Random random, int count, int kind, long firstId)
    {
        var rows = new Row[count];
        for (int row = 0; row < count; row++)
        {
            rows[row] = new Row { Id = firstId + row, Name = $"row {firstId + row}" };
            bool isCopy = row > 0 && random.Next(6) == 0;
            rows[row].Features = isCopy
                ? rows[random.Next(row)].Features
                : [.. Enumerable.Range(0, D).Select(_ => Value(random, kind))];
        }

        return rows;
    }

    private static float Value(Random random, int kind) => kind switch
    {
        0 => random.NextSingle() - 0.5f,
        1 => random.Next(3),
        2 => (random.NextSingle() - 0.5f) * 1e30f,
        3 => (random.NextSingle() - 0.5f) * 1e-38f,
        4 => random.Next(256),
        _ => 0,
    };

    private void AssertFound(
        NearestNeighborsTransformer lookup, List<Row> stored, Row[] queries, string context)
    {
        NearestNeighborsOptions options = lookup.Options;
        bool hasVectors = lookup.Bank.Quantizer?.KeepsKeys != false;
        Found[] found = [.. _mlContext.Data.CreateEnumerable<Found>(lookup.Transform(View(queries)), false)];
        CollectionAssert.AreEqual(stored.Select(row => row.Id).ToArray(), lookup.Ids.ToArray(), context);
        for (int query = 0; query < queries.Length; query++)
        {
            (long Id, float Distance)[] near = [.. found[query].NeighborIds.Zip(found[query].NeighborDistances)];
            (long Id, float Distance)[] all = BruteForce(stored, queries[query], options);
            (long Id, float Distance)[] expected = [.. all.Take(options.NeighborCount ?? int.MaxValue)
                .Where(each => !(each.Distance > options.LargestDistance))];
            if (lookup.Strategy == SearchStrategy.Exact) CollectionAssert.AreEqual(expected, near, context);
            if (hasVectors) CollectionAssert.IsSubsetOf(near, all, context);
            if (options.LargestDistance is null) Assert.HasCount(expected.Length, near, context);
            Assert.IsFalse(near.Any(each => each.Distance > options.LargestDistance), context);
            CollectionAssert.AreEqual(near.Select(each => each.Distance).Order().ToArray(),
                near.Select(each => each.Distance).ToArray(), context);
            CollectionAssert.AllItemsAreUnique(found[query].NeighborIds, context);
            CollectionAssert.IsSubsetOf(found[query].NeighborIds, all.Select(each => each.Id).ToArray(), context);
            CollectionAssert.AreEqual(
                near.Select(each => $"row {each.Id}").ToArray(), found[query].NeighborName, context);
        }
    }

    /// <summary>All stored rows that may be found, by the distances of a bank that compares vectors with all.</summary>
    private static (long Id, float Distance)[] BruteForce(List<Row> stored, Row query, NearestNeighborsOptions options)
    {
        if (stored.Count == 0) return [];
        var bank = new MemoryBank(D, options.Metric);
        foreach (Row row in stored) bank.AddRange(row.Features, [0], ids: [row.Id]);
        var all = new NeighborTable();
        bank.Snapshot().Search(query.Features, stored.Count, all);
        return [.. all.IdsOf(0).ToArray().Zip(all.DistancesOf(0).ToArray())
            .Where(each => !options.LeavesOutSameId || each.First != query.Id)];
    }

    private NearestNeighborsTransformer SavedAndLoaded(NearestNeighborsTransformer lookup)
    {
        using var stream = new MemoryStream();
        _mlContext.Model.Save(lookup, null, stream);
        stream.Position = 0;
        return (NearestNeighborsTransformer)_mlContext.Model.Load(stream, out _);
    }

    private IDataView View(IEnumerable<Row> rows) => _mlContext.Data.LoadFromEnumerable(rows);

    private sealed class Row
    {
        public long Id { get; set; }

        public string Name { get; set; } = "";

        [VectorType(D)]
        public float[] Features { get; set; } = new float[D];
    }

    private sealed class Found
    {
        public long[] NeighborIds { get; set; } = [];

        public float[] NeighborDistances { get; set; } = [];

        public string[] NeighborName { get; set; } = [];
    }
}
