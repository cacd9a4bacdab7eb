// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

[TestClass]
public sealed class NeighborsPropertyTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Rows_compared_with_each_other_equal_brute_force_without_themselves()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20_261_121, 7);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, EqualsBruteForce));
    }

    private bool EqualsBruteForce(int seed)
    {
        var random = new Random(seed);
        Place[] places = Places.Draw(random.Next(1, 60), seed, firstId: random.Next(1000) - 500);
        random.Shuffle(places);
        NearestNeighborsOptions options = Places.Options with
        {
            NeighborCount = random.Next(1, 70),
            LeavesOutSameId = true,
            LargestDistance = random.Next(2) == 0 ? null : random.Next(40),
        };
        if (options.LargestDistance is not null && random.Next(2) == 0) options = options with { NeighborCount = null };

        PlaceNeighbors[] found = Places.Find(_mlContext, Places.Fit(_mlContext, places, options), places);

        for (int row = 0; row < places.Length; row++)
        {
            (long Id, float Distance, string? Name)[] expected = BruteForce(places, places[row], options);
            CollectionAssert.AreEqual(expected.Select(each => each.Id).ToArray(), found[row].NeighborIds);
            CollectionAssert.AreEqual(expected.Select(each => each.Distance).ToArray(), found[row].NeighborDistances);
            CollectionAssert.AreEqual(expected.Select(each => each.Name).ToArray(), found[row].NeighborName);
            CollectionAssert.DoesNotContain(found[row].NeighborIds, places[row].Id);
            Assert.IsTrue(found[row].NeighborDistances.Zip(found[row].NeighborDistances.Skip(1)).All(
                pair => pair.First <= pair.Second));
        }

        return true;
    }

    /// <summary>Exact in double, as the search promises; a stable sort keeps the order of adding.</summary>
    private static (long Id, float Distance, string? Name)[] BruteForce(
        Place[] places, Place query, NearestNeighborsOptions options)
        =>
        [
            .. places.Where(place => place.Id != query.Id)
                .Select(place => (place.Id, Distance: SquaredDistance(place, query), place.Name))
                .OrderBy(each => each.Distance)
                .Take(options.NeighborCount ?? int.MaxValue)
                .Select(each => (each.Id, (float)each.Distance, each.Name))
                .Where(each => !(each.Item2 > options.LargestDistance)),
        ];

    private static double SquaredDistance(Place one, Place other)
        => one.Features.Zip(other.Features, (a, b) => ((double)a - b) * ((double)a - b)).Sum();
}
