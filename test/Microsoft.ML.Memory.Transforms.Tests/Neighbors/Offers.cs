// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

/// <summary>Makes offers of several shops, and lookups that keep the shops apart.</summary>
internal static class Offers
{
    /// <summary>At 0, 1, 2, ... on a line, by turns of two shops, and one of none.</summary>
    public static Offer[] Line =>
    [
        new() { Id = 10, Shop = "north", Name = "a", Features = [0, 0] },
        new() { Id = 11, Shop = "south", Name = "b", Features = [1, 0] },
        new() { Id = 12, Shop = "north", Name = "c", Features = [2, 0] },
        new() { Id = 13, Shop = "south", Name = "d", Features = [3, 0] },
        new() { Id = 14, Shop = null, Name = "e", Features = [4, 0] },
        new() { Id = 15, Shop = "north", Name = "f", Features = [5, 0] },
    ];

    public static NearestNeighborsOptions Options => new()
    {
        IdColumnName = "Id",
        GroupColumnName = "Shop",
        NeighborCount = 2,
        Metric = Metric.SquaredEuclidean,
        StoredColumnNames = ["Name"],
    };

    public static Offer[] Draw(int count, int seed, int shopCount, long firstId = 0)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(index => new Offer
        {
            Id = firstId + index,
            Shop = random.Next(9) == 0 ? null : $"shop {random.Next(random.Next(shopCount) + 1)}",
            Name = $"offer {firstId + index}",
            Features = [random.Next(9), random.Next(9)],
        })];
    }

    public static IDataView View(MLContext mlContext, IEnumerable<Offer> offers)
        => mlContext.Data.LoadFromEnumerable(offers);

    public static NearestNeighborsTransformer Fit(
        MLContext mlContext, IEnumerable<Offer> offers, NearestNeighborsOptions? options = null)
        => mlContext.Transforms.NearestNeighbors(options ?? Options).Fit(View(mlContext, offers));

    public static string[] Find(MLContext mlContext, ITransformer lookup, params IEnumerable<Offer> queries)
        => Read(mlContext, lookup.Transform(View(mlContext, queries)));

    public static string[] Read(MLContext mlContext, IDataView found)
        => [.. mlContext.Data.CreateEnumerable<OfferNeighbors>(found, reuseRowObject: false).Select(row => $"{row}")];
}
