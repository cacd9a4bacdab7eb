// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Regression;

/// <summary>Makes sales and regressions on sales.</summary>
internal static class Sales
{
    /// <summary>Five sales, two of them at one place, with the ids 10 to 14.</summary>
    public static Sale[] Street =>
    [
        new() { Id = 10, Label = 1, Features = [0, 0] },
        new() { Id = 11, Label = 2, Features = [2, 0] },
        new() { Id = 12, Label = 4, Features = [0, 2] },
        new() { Id = 13, Label = 8, Features = [0, 2] },
        new() { Id = 14, Label = 16, Features = [4, 4] },
    ];

    public static NearestNeighborsRegressionOptions Options => new()
    {
        IdColumnName = "Id",
        NeighborCount = 3,
        NeighborColumns = NeighborColumns.All,
    };

    public static Sale[] Draw(int count, int seed, long firstId = 0)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(index => new Sale
        {
            Id = firstId + index,
            Label = (random.NextSingle() * 100) - 20,
            Weight = random.Next(5) / 2f,
            Features = [random.Next(12) - 5, random.NextSingle() * 4],
        })];
    }

    public static IDataView View(MLContext mlContext, IEnumerable<Sale> sales)
        => mlContext.Data.LoadFromEnumerable(sales);

    public static NearestNeighborsRegressionTransformer Fit(
        MLContext mlContext, IEnumerable<Sale> sales, NearestNeighborsRegressionOptions? options = null)
        => mlContext.Regression.Trainers.NearestNeighbors(options ?? Options).Fit(View(mlContext, sales));

    public static SaleEstimate[] Predict(MLContext mlContext, ITransformer model, params IEnumerable<Sale> queries)
        => [.. mlContext.Data.CreateEnumerable<SaleEstimate>(
            model.Transform(View(mlContext, queries)), reuseRowObject: false, ignoreMissingColumns: true)];

    public static void AssertSame(IReadOnlyList<SaleEstimate> expected, IReadOnlyList<SaleEstimate> actual)
        => CollectionAssert.AreEqual(
            expected.Select(row => row.ToString()).ToArray(), actual.Select(row => row.ToString()).ToArray());
}
