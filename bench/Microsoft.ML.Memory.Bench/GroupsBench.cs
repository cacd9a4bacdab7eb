// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Lookups among the rows of a query's own group against the same lookup among all rows.</summary>
internal static class GroupsBench
{
    private const int RowCount = 100_000;
    private const int QueryCount = 4096;
    private const int CentreCount = 200;
    private const int Dimension = 128;
    private const int Repeats = 7;
    private const int SingleRepeats = 201;

    public static void Run(BenchReport report)
    {
        var mlContext = new MLContext(seed: 0);
        foreach (int groups in (int[])[2, 100, 10_000])
        {
            float[][] centres = [.. Draw(new Random(0), CentreCount)];
            Row[] queries = [.. Rows(centres, QueryCount, groups, seed: 2)];
            IDataView train = mlContext.Data.LoadFromEnumerable(Rows(centres, RowCount, groups, seed: 1));
            IDataView test = mlContext.Data.LoadFromEnumerable(queries);
            NearestNeighborsTransformer all = Fit(mlContext, train, groupColumnName: null);
            NearestNeighborsTransformer grouped = Fit(mlContext, train, groupColumnName: "Group");
            PredictionEngine<Row, Found> allEngine = mlContext.Model.CreatePredictionEngine<Row, Found>(all);
            PredictionEngine<Row, Found> engine = mlContext.Model.CreatePredictionEngine<Row, Found>(grouped);
            int next = 0;

            Timing[] blocks = Timing.Alternate(
                Repeats, () => ReadAll(all.Transform(test)), () => ReadAll(grouped.Transform(test)));
            Timing[] single = Timing.Alternate(
                SingleRepeats,
                () => allEngine.Predict(queries[next++ % QueryCount]),
                () => engine.Predict(queries[next++ % QueryCount]));
            string stored = $"{groups} groups of {RowCount} x {Dimension}";
            Report(report, $"{QueryCount} rows, {stored}", QueryCount, blocks);
            Report(report, $"PredictionEngine, {stored}", 1, single);
        }
    }

    private static NearestNeighborsTransformer Fit(MLContext mlContext, IDataView train, string? groupColumnName) =>
        mlContext.Transforms.NearestNeighbors(new NearestNeighborsOptions
        {
            Metric = Metric.SquaredEuclidean,
            GroupColumnName = groupColumnName,
        }).Fit(train);

    private static void Report(BenchReport report, string name, int rows, Timing[] times) =>
        report.Add(new Figure(name, "transform", times[1].Rate(rows), "rows/s")
        {
            Spread = times[1].Spread(rows),
            Peer = "the same without groups, fastest run against fastest run",
            Ratio = times[1].BestRate(rows) / times[0].BestRate(rows),
        });

    private static void ReadAll(IDataView view)
    {
        DataViewSchema.Column ids = view.Schema["NeighborIds"];
        using DataViewRowCursor cursor = view.GetRowCursor([ids]);
        ValueGetter<VBuffer<long>> read = cursor.GetGetter<VBuffer<long>>(ids);
        VBuffer<long> value = default;
        while (cursor.MoveNext()) read(ref value);
    }

    /// <summary>Rows around centres, each in a group that has nothing to do with where it lies.</summary>
    private static IEnumerable<Row> Rows(float[][] centres, int count, int groups, int seed)
    {
        var random = new Random(seed);
        foreach (float[] features in Draw(random, count))
        {
            float[] centre = centres[random.Next(centres.Length)];
            for (int i = 0; i < Dimension; i++) features[i] += centre[i];
            yield return new Row { Group = random.Next(groups), Features = features };
        }
    }

    private static IEnumerable<float[]> Draw(Random random, int count)
    {
        for (int row = 0; row < count; row++)
            yield return [.. Enumerable.Range(0, Dimension).Select(_ => random.NextSingle() - 0.5f)];
    }

    private sealed class Row
    {
        public int Group { get; set; }

        [VectorType(Dimension)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Found
    {
        public long[] NeighborIds { get; set; } = [];
    }
}
