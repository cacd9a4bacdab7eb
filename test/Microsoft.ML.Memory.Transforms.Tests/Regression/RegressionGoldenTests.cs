// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Regression;

/// <summary>
/// Predictions of scikit-learn 1.2.1 (Debian 12's package), KNeighborsRegressor and RadiusNeighborsRegressor, in
/// float64, rounded to Single.
/// </summary>
[TestClass]
public sealed class RegressionGoldenTests
{
    /// <summary>Distances are rounded to Single here, and a mean of some hundred is rounded once more.</summary>
    private const double Rounded = 2e-5;

    private readonly MLContext _mlContext = new(seed: 0);

    /// <summary>X = [[0, 0], [2, 0], [0, 2], [0, 2], [4, 4]], y = [1, 2, 4, 8, 16]: a duplicate, and ties.</summary>
    [TestMethod]
    [DataRow(NeighborWeighting.Uniform, 1, new[] { 1f, 4f, 2f, 16f, 1f })]
    [DataRow(NeighborWeighting.Uniform, 2, new[] { 2.5f, 6f, 1.5f, 9f, 1.5f })]
    [DataRow(NeighborWeighting.Uniform, 4, new[] { 3.75f, 3.75f, 3.75f, 7.5f, 3.75f })]
    [DataRow(NeighborWeighting.Uniform, 5, new[] { 6.19999981f, 6.19999981f, 6.19999981f, 6.19999981f, 6.19999981f })]
    [DataRow(NeighborWeighting.InverseDistance, 1, new[] { 1f, 4f, 2f, 16f, 1f })]
    [DataRow(NeighborWeighting.InverseDistance, 2, new[] { 2.5f, 6f, 1.75f, 10.4206009f, 1.5f })]
    [DataRow(NeighborWeighting.InverseDistance, 4, new[] { 4.03062534f, 6f, 2.99864078f, 8.45991135f, 3.75f })]
    [DataRow(NeighborWeighting.InverseDistance, 5, new[] { 4.68698263f, 6f, 4.4786644f, 7.21235371f, 4.69230747f })]
    public void Five_rows_with_a_duplicate_and_ties(NeighborWeighting weighting, int neighborCount, float[] expected)
    {
        Sale[] queries = [At(0, 1), At(0, 2), At(3, 0), At(10, 10), At(1, 1)];

        AssertScores(expected, Sales.Street, queries, weighting, neighborCount);
    }

    /// <summary>There, more neighbours than rows are an error; here, all rows count, as they do for k = n.</summary>
    [TestMethod]
    public void More_neighbours_than_rows_are_all_rows()
        => AssertScores(
            [4.68698263f], Sales.Street, [At(0, 1)], NeighborWeighting.InverseDistance, neighborCount: 99);

    /// <summary>RadiusNeighborsRegressor(radius=1), which gives NaN with a warning where nothing is so near.</summary>
    [TestMethod]
    public void A_radius_without_rows_gives_NaN()
    {
        var options = new NearestNeighborsRegressionOptions { NeighborCount = null, LargestDistance = 1 };

        SaleEstimate[] found = Sales.Predict(
            _mlContext, Sales.Fit(_mlContext, Sales.Street, options), At(3, 0), At(9, 9));

        Assert.AreEqual(2, found[0].Score);
        Assert.AreEqual(float.NaN, found[1].Score);
    }

    /// <summary>metric="cosine", X = [[1, 0], [2, 0], [0, 1], [1, 1], [-1, 2]]; the last query hits two.</summary>
    [TestMethod]
    [DataRow(NeighborWeighting.Uniform, new[] { 3.66666675f, 9.33333302f, 3.66666675f })]
    [DataRow(NeighborWeighting.InverseDistance, new[] { 2.77088165f, 7.43136883f, 1.5f })]
    public void Cosine_distances(NeighborWeighting weighting, float[] expected)
    {
        Sale[] rows = [At(1, 0), At(2, 0), At(0, 1), At(1, 1), At(-1, 2)];
        foreach ((Sale row, int index) in rows.Select((row, index) => (row, index))) row.Label = 1 << index;

        AssertScores(expected, rows, [At(3, 1), At(1, 2), At(5, 0)], weighting, 3, Metric.Cosine);
    }

    [TestMethod]
    [DataRow(
        NeighborWeighting.Uniform, 1, new[] { 34.25f, 27.25f, 69.5f, 102.5f, 19.25f, 174.5f })]
    [DataRow(
        NeighborWeighting.Uniform,
        5,
        new[] { 45.0999985f, 55.0999985f, 97.6999969f, 134.649994f, 90.6999969f, 89.4499969f })]
    [DataRow(
        NeighborWeighting.Uniform,
        40,
        new[] { 103.831253f, 111.1875f, 115.443748f, 123.78125f, 115.949997f, 111.756248f })]
    [DataRow(
        NeighborWeighting.InverseDistance,
        5,
        new[] { 43.2374916f, 36.5387001f, 99.2596283f, 132.287354f, 86.5141678f, 102.357185f })]
    [DataRow(
        NeighborWeighting.InverseDistance,
        40,
        new[] { 91.0979156f, 76.8769608f, 113.712311f, 125.907249f, 112.402695f, 111.948227f })]
    [DataRow(
        NeighborWeighting.InverseDistance,
        300,
        new[] { 111.435349f, 102.817619f, 117.290436f, 119.53788f, 117.653023f, 117.544937f })]
    public void Three_hundred_rows_of_four_values(NeighborWeighting weighting, int neighborCount, float[] expected)
        => AssertFormulaScores(
            expected,
            new NearestNeighborsRegressionOptions { Weighting = weighting, NeighborCount = neighborCount });

    /// <summary>RadiusNeighborsRegressor; a squared distance is that of the radius squared.</summary>
    [TestMethod]
    [DataRow(
        NeighborWeighting.Uniform,
        30,
        new[] { 91.3055573f, 100.050003f, 97.6999969f, 125.972221f, 111.053574f, 103.134613f })]
    [DataRow(
        NeighborWeighting.InverseDistance,
        30,
        new[] { 75.8250504f, 57.6871986f, 99.2596283f, 127.926132f, 104.896751f, 109.222038f })]
    [DataRow(
        NeighborWeighting.InverseDistance,
        60,
        new[] { 80.4915009f, 71.5680923f, 113.113235f, 125.227524f, 120.207375f, 112.180817f })]
    public void All_within_a_radius(NeighborWeighting weighting, int radius, float[] expected)
        => AssertFormulaScores(expected, new NearestNeighborsRegressionOptions
        {
            Weighting = weighting,
            NeighborCount = null,
            LargestDistance = radius * radius,
        });

    private static Sale At(float x, float y) => new() { Features = [x, y] };

    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int row = 0; row < expected.Length; row++)
            Assert.AreEqual(expected[row], actual[row], Rounded, $"row {row}");
    }

    private void AssertScores(
        float[] expected,
        Sale[] rows,
        Sale[] queries,
        NeighborWeighting weighting,
        int neighborCount,
        Metric metric = Metric.SquaredEuclidean)
    {
        NearestNeighborsRegressionTransformer model = Sales.Fit(_mlContext, rows, new NearestNeighborsRegressionOptions
        {
            NeighborCount = neighborCount,
            Weighting = weighting,
            Metric = metric,
        });

        AssertNear(expected, [.. Sales.Predict(_mlContext, model, queries).Select(row => row.Score)]);
    }

    /// <summary>
    /// X[i, j] = ((7919 i + 104729 j + 13 i² j) mod 1009) / 8, y[i] = (31 i² mod 977) / 4, i below 300; queries
    /// [i, j] = ((6151 i + 51 j + 7 i²) mod 1013) / 8, i below 6. All are exact in Single.
    /// </summary>
    private void AssertFormulaScores(float[] expected, NearestNeighborsRegressionOptions options)
    {
        int[] places = [0, 1, 2, 3];
        IDataView rows = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 300).Select(i => new FormulaRow
        {
            Label = i * i * 31 % 977 / 4f,
            Features = [.. places.Select(j => ((i * 7919) + (j * 104729) + (i * i * j * 13)) % 1009 / 8f)],
        }));
        IDataView queries = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 6).Select(i => new FormulaRow
        {
            Features = [.. places.Select(j => ((i * 6151) + (j * 51) + (i * i * 7)) % 1013 / 8f)],
        }));

        IDataView scored = _mlContext.Regression.Trainers.NearestNeighbors(options).Fit(rows).Transform(queries);

        AssertNear(expected, [.. scored.GetColumn<float>("Score")]);
    }

    private sealed class FormulaRow
    {
        public float Label { get; set; }

        [VectorType(4)]
        public float[] Features { get; set; } = [];
    }
}
