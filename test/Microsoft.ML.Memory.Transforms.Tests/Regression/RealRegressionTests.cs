// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.IO.Compression;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Regression;

/// <summary>
/// Electricity, half-hours of New South Wales (Harries, 1999): its demand, by the time of day and the demand of
/// Victoria; learnt from 10,000 half-hours, told of the 2,000 that follow.
/// </summary>
[TestClass]
public sealed class RealRegressionTests
{
    private const int Start = 17_424; // before, Victoria is not in the data
    private const int TrainCount = 10_000;
    private const int TestCount = 2_000;

    /// <summary>Which of the rows at equal distance count differs from scikit-learn's choice.</summary>
    private const double Ties = 5e-5;

    private readonly MLContext _mlContext = new(seed: 0);

    /// <summary>The expected errors are those of scikit-learn 1.2.1, algorithm="brute".</summary>
    [TestMethod]
    [DataRow(NeighborWeighting.Uniform, 5, 0.066260)]
    [DataRow(NeighborWeighting.Uniform, 20, 0.063808)]
    [DataRow(NeighborWeighting.InverseDistance, 5, 0.069138)]
    [DataRow(NeighborWeighting.InverseDistance, 20, 0.066530)]
    public void Demand_is_told_as_well_as_by_scikit_learn_and_better_than_by_a_line(
        NeighborWeighting weighting, int neighborCount, double expected)
    {
        HalfHour[] train = [.. Read().Skip(Start).Take(TrainCount)];
        HalfHour[] test = [.. Read().Skip(Start + TrainCount).Take(TestCount)];

        NearestNeighborsRegressionTransformer model = _mlContext.Regression.Trainers
            .NearestNeighbors(neighborCount: neighborCount, weighting: weighting)
            .Fit(_mlContext.Data.LoadFromEnumerable(train));
        RegressionMetrics metrics = _mlContext.Regression.Evaluate(
            model.Transform(_mlContext.Data.LoadFromEnumerable(test)));

        Assert.AreEqual(expected, metrics.RootMeanSquaredError, Ties);
        double mean = train.Average(row => (double)row.Label);
        double byMean = Error(test, _ => mean), byLine = Error(test, LeastSquares(train));
        Assert.AreEqual(0.179758, byMean, 1e-6, "as scikit-learn has it");
        Assert.AreEqual(0.076339, byLine, 1e-6, "as scikit-learn has it");
        Assert.IsLessThan(byLine, metrics.RootMeanSquaredError);
        Assert.IsLessThan(byMean / 2, metrics.RootMeanSquaredError);
    }

    private static double Error(HalfHour[] rows, Func<float[], double> predict)
        => Math.Sqrt(rows.Average(row => Math.Pow(row.Label - predict(row.Features), 2)));

    /// <summary>The plane of least squares, by centred normal equations.</summary>
    private static Func<float[], double> LeastSquares(HalfHour[] rows)
    {
        double x = rows.Average(row => (double)row.Features[0]), y = rows.Average(row => (double)row.Features[1]);
        double z = rows.Average(row => (double)row.Label);
        double xx = 0, xy = 0, yy = 0, xz = 0, yz = 0;
        foreach (HalfHour row in rows)
        {
            double dx = row.Features[0] - x, dy = row.Features[1] - y, dz = row.Label - z;
            (xx, xy, yy, xz, yz) = (xx + (dx * dx), xy + (dx * dy), yy + (dy * dy), xz + (dx * dz), yz + (dy * dz));
        }

        double determinant = (xx * yy) - (xy * xy);
        double a = ((xz * yy) - (yz * xy)) / determinant, b = ((yz * xx) - (xz * xy)) / determinant;
        return features => z + (a * (features[0] - x)) + (b * (features[1] - y));
    }

    private static IEnumerable<HalfHour> Read()
    {
        using var reader = new StreamReader(
            new GZipStream(File.OpenRead(RealData.Path("streams", "elec.csv.gz")), CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            // period, nswprice, nswdemand, vicprice, vicdemand, transfer, class
            string[] fields = line.Split(',');
            yield return new HalfHour { Features = [Number(fields[0]), Number(fields[4])], Label = Number(fields[2]) };
        }
    }

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);

    private sealed class HalfHour
    {
        public float Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
