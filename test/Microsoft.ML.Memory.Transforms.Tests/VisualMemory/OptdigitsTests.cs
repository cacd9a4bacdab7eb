// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.IO.Compression;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>
/// Handwritten digits of the UCI: numbers of correct predictions that an independent float64 reference gives.
/// </summary>
[TestClass]
public sealed class OptdigitsTests
{
    private const int TestRows = 1797;

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    [DataRow(VoteKind.Plurality, 1, 1756)]
    [DataRow(VoteKind.Plurality, 10, 1750)]
    [DataRow(VoteKind.Distance, 10, 1752)]
    [DataRow(VoteKind.Softmax, 20, 1740)]
    [DataRow(VoteKind.Rank, 5, 1758)]
    [DataRow(VoteKind.Rank, 10, 1755)]
    [DataRow(VoteKind.Rank, 20, 1751)]
    public void Pipeline_is_right_as_often_as_the_reference(VoteKind vote, int neighborCount, int expected)
    {
        IDataView train = Load("optdigits.tra.gz", "optdigits.hol.gz");
        IDataView test = Load("optdigits.tes.gz");
        var options = new VisualMemoryOptions { NeighborCount = neighborCount, Vote = vote };

        IDataView scored = Points.Pipeline(_mlContext, options).Fit(train).Transform(test);
        MulticlassClassificationMetrics metrics = _mlContext.MulticlassClassification.Evaluate(scored);

        Assert.AreEqual(expected, Math.Round(metrics.MicroAccuracy * TestRows));
        Assert.IsGreaterThan(NearestMeanAccuracy(train, test), metrics.MicroAccuracy);
    }

    /// <summary>The baseline: the class whose mean has the largest cosine with the row.</summary>
    private static double NearestMeanAccuracy(IDataView train, IDataView test)
    {
        Dictionary<string, double[]> means = Rows(train).GroupBy(row => row.Label).ToDictionary(
            rows => rows.Key,
            rows => Enumerable.Range(0, 64).Select(i => rows.Average(row => (double)row.Features[i])).ToArray());
        Digit[] queries = [.. Rows(test)];
        int right = queries.Count(query => means.MaxBy(mean => Cosine(mean.Value, query.Features)).Key == query.Label);
        return right / (double)queries.Length;
    }

    private static double Cosine(double[] mean, float[] features)
    {
        double dot = mean.Zip(features, (a, b) => a * b).Sum();
        return dot / Math.Sqrt(mean.Sum(value => value * value));
    }

    private static IEnumerable<Digit> Rows(IDataView view)
    {
        float[][] features = [.. view.GetColumn<float[]>("Features")];
        return view.GetColumn<string>("Label").Select(
            (label, row) => new Digit { Label = label, Features = features[row] });
    }

    private IDataView Load(params string[] files)
        => _mlContext.Data.LoadFromEnumerable(files.SelectMany(file => Read(RealData.Path("tabular", file))).ToArray());

    private static IEnumerable<Digit> Read(string path)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            string[] fields = line.Split(',');
            yield return new Digit
            {
                Label = fields[^1],
                Features = Array.ConvertAll(fields[..^1], field => float.Parse(field, CultureInfo.InvariantCulture)),
            };
        }
    }

    private sealed class Digit
    {
        public string Label { get; set; } = "";

        [VectorType(64)]
        public float[] Features { get; set; } = [];
    }
}
