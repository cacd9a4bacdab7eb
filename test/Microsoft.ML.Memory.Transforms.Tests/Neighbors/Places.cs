// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

/// <summary>Makes places and lookups of places.</summary>
internal static class Places
{
    /// <summary>Four corners: those of a rectangle of width 3 and height 4, with the ids 10 to 13.</summary>
    public static Place[] Corners =>
    [
        new() { Id = 10, Name = "zero", Height = 1, Features = [0, 0] },
        new() { Id = 11, Name = "three", Height = 2, Features = [3, 0] },
        new() { Id = 12, Name = "four", Height = 3, Features = [0, 4] },
        new() { Id = 13, Name = "five", Height = float.NaN, Features = [3, 4] },
    ];

    public static NearestNeighborsOptions Options => new()
    {
        IdColumnName = "Id",
        NeighborCount = 3,
        Metric = Metric.SquaredEuclidean,
        StoredColumnNames = ["Name", "Height"],
    };

    public static Place[] Draw(int count, int seed, long firstId = 0)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(index => new Place
        {
            Id = firstId + index,
            Name = $"place {firstId + index}",
            Height = random.NextSingle(),
            Features = [random.Next(12) - 5, random.NextSingle() * 4],
        })];
    }

    public static IDataView View(MLContext mlContext, IEnumerable<Place> places)
        => mlContext.Data.LoadFromEnumerable(places);

    public static NearestNeighborsTransformer Fit(
        MLContext mlContext, IEnumerable<Place> places, NearestNeighborsOptions? options = null)
        => mlContext.Transforms.NearestNeighbors(options ?? Options).Fit(View(mlContext, places));

    public static PlaceNeighbors[] Find(MLContext mlContext, ITransformer lookup, params IEnumerable<Place> queries)
        => [.. mlContext.Data.CreateEnumerable<PlaceNeighbors>(
            lookup.Transform(View(mlContext, queries)), reuseRowObject: false, ignoreMissingColumns: true)];

    public static void AssertSame(IReadOnlyList<PlaceNeighbors> expected, IReadOnlyList<PlaceNeighbors> actual)
        => CollectionAssert.AreEqual(
            expected.Select(row => row.ToString()).ToArray(), actual.Select(row => row.ToString()).ToArray());
}
