// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

/// <summary>Lookups in groups beside a lookup of each group's rows alone, through edits, saving and loading.</summary>
[TestClass]
public sealed class NeighborGroupsPropertyTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Exact_lookups_equal_a_lookup_of_each_group_alone()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20_261_123, 11);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, seed => Holds(seed, SearchStrategy.Exact)));
    }

    [TestMethod]
    [DataRow(SearchStrategy.Graph)]
    [DataRow(SearchStrategy.Quantized)]
    public void Lookups_by_other_indexes_find_as_many_and_all_of_the_group(SearchStrategy strategy)
    {
        for (int seed = 0; seed < 25; seed++) Assert.IsTrue(Holds(seed, strategy));
    }

    private bool Holds(int seed, SearchStrategy strategy)
    {
        var random = new Random(seed);
        int shops = random.Next(1, 12);
        NearestNeighborsOptions options = DrawOptions(random, strategy);
        List<Offer> stored = [.. Offers.Draw(random.Next(1, 400), seed, shops)];
        NearestNeighborsTransformer lookup = Offers.Fit(_mlContext, stored, options);
        for (int step = 0; step < 4; step++)
        {
            Offer[] queries = [.. stored.Take(30), .. Offers.Draw(60, seed + 1, shops + 1, firstId: 100_000)];
            AssertFound(lookup, stored, queries, $"seed {seed}, step {step}, {options}");
            Offer[] edited = step == 0
                ? Offers.Draw(random.Next(200), seed + 2, shops + 1, firstId: 1000)
                : [.. stored.Where(offer => random.Next(offer.Shop == "shop 0" ? 2 : 5) == 0)];
            lookup = step == 0
                ? lookup.Add(Offers.View(_mlContext, edited))
                : lookup.Remove(edited.Select(offer => offer.Id));
            if (step == 0) stored.AddRange(edited);
            else stored.RemoveAll(edited.Contains);
            if (random.Next(2) == 0) lookup = SavedAndLoaded(lookup);
        }

        return true;
    }

    private static NearestNeighborsOptions DrawOptions(Random random, SearchStrategy strategy)
    {
        bool findsAll = strategy == SearchStrategy.Exact && random.Next(3) == 0;
        return Offers.Options with
        {
            Metric = (Metric)random.Next(3),
            LeavesOutSameId = random.Next(2) == 0,
            NeighborCount = findsAll ? null : random.Next(1, 30),
            LargestDistance = findsAll || (strategy == SearchStrategy.Exact && random.Next(3) == 0)
                ? random.NextSingle() * random.Next(9)
                : null,
            Index = new IndexOptions
            {
                Strategy = strategy,
                Graph = strategy == SearchStrategy.Graph
                    ? new GraphSettings { LinkCount = 4, SearchCandidateCount = random.Next(1, 9) }
                    : null,
                Quantization = strategy == SearchStrategy.Quantized
                    ? new QuantizedSettings { TrainingCount = 20, Iterations = 2, KeepVectors = random.Next(2) == 0 }
                    : null,
            },
        };
    }

    private void AssertFound(
        NearestNeighborsTransformer lookup, List<Offer> stored, Offer[] queries, string context)
    {
        OfferNeighbors[] found = Find(lookup, queries);
        foreach (IGrouping<string, int> group in Enumerable.Range(0, queries.Length)
            .GroupBy(query => queries[query].Shop ?? ""))
        {
            Offer[] own = [.. stored.Where(offer => group.Key.Length > 0 && offer.Shop == group.Key)];
            OfferNeighbors[] expected = Alone(own, lookup.Options, [.. group.Select(query => queries[query])]);
            foreach ((int query, OfferNeighbors alone) in group.Zip(expected))
            {
                if (lookup.Options.Index.Strategy == SearchStrategy.Exact)
                    Assert.AreEqual($"{alone}", $"{found[query]}", context);
                Assert.HasCount(alone.NeighborIds.Length, found[query].NeighborIds, context);
                CollectionAssert.IsSubsetOf(
                    found[query].NeighborIds, own.Select(offer => offer.Id).ToArray(), context);
                CollectionAssert.AreEqual(
                    found[query].NeighborIds.Select(id => $"offer {id}").ToArray(), found[query].NeighborName, context);
            }
        }
    }

    private OfferNeighbors[] Alone(Offer[] own, NearestNeighborsOptions options, Offer[] queries)
    {
        if (own.Length == 0) return [.. queries.Select(query => new OfferNeighbors { Id = query.Id })];
        return Find(
            Offers.Fit(_mlContext, own, options with { GroupColumnName = null, Index = new IndexOptions() }), queries);
    }

    private OfferNeighbors[] Find(ITransformer lookup, Offer[] queries) =>
        [.. _mlContext.Data.CreateEnumerable<OfferNeighbors>(
            lookup.Transform(Offers.View(_mlContext, queries)), reuseRowObject: false)];

    private NearestNeighborsTransformer SavedAndLoaded(NearestNeighborsTransformer lookup)
    {
        using var stream = new MemoryStream();
        _mlContext.Model.Save(lookup, null, stream);
        stream.Position = 0;
        return (NearestNeighborsTransformer)_mlContext.Model.Load(stream, out _);
    }
}
