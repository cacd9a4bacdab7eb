// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Bench;

/// <summary>What the ML.NET face costs: Transform over rows against the bare search of the same rows.</summary>
internal static class PipelineBench
{
    private const int RowCount = 60_000;
    private const int QueryCount = 10_000;
    private const int Dimension = 784;
    private const int Repeats = 5;

    /// <summary>The bare search must take at least this share of Transform's time: 1 / 1.15.</summary>
    private const double Floor = 1 / 1.15;

    public static void Run(BenchReport report)
    {
        var mlContext = new MLContext(seed: 0);
        IDataView train = mlContext.Data.LoadFromEnumerable(Draw(RowCount, seed: 1));
        Example[] queries = [.. Draw(QueryCount, seed: 2)];
        VisualMemoryTransformer memory = mlContext.MulticlassClassification.Trainers.VisualMemory().Fit(train);
        PredictionEngine<Example, Prediction> engine = mlContext.Model.CreatePredictionEngine<Example, Prediction>(
            memory);
        Compare(
            report,
            "",
            queries,
            (memory.Model, memory.Options.NeighborCount),
            view => ReadAll(memory.Transform(view)),
            query => engine.Predict(query));

        var options = new NearestNeighborsRegressionOptions { LabelColumnName = "Price", Metric = Metric.Cosine };
        NearestNeighborsRegressionTransformer regression =
            mlContext.Regression.Trainers.NearestNeighbors(options).Fit(train);
        PredictionEngine<Example, Estimate> estimates = mlContext.Model.CreatePredictionEngine<Example, Estimate>(
            regression);
        Compare(
            report,
            "regression, ",
            queries,
            (regression.Model, options.NeighborCount!.Value),
            view => ReadScores(regression.Transform(view)),
            query => estimates.Predict(query));
    }

    private static void Compare(
        BenchReport report,
        string prefix,
        Example[] queries,
        (BankSnapshot Bank, int Count) search,
        Action<IDataView> transform,
        Action<Example> predict)
    {
        IDataView test = new MLContext(seed: 0).Data.LoadFromEnumerable(queries);
        float[] flat = [.. queries.SelectMany(query => query.Features)];
        float[] one = queries[0].Features;
        var neighbors = new NeighborTable();
        Timing[] blocks = Timing.Alternate(
            Repeats,
            () => search.Bank.Search(flat, search.Count, neighbors),
            () => transform(test));
        Report(
            report,
            $"{prefix}{QueryCount} rows against {RowCount} x {Dimension}",
            blocks,
            QueryCount,
            "bare search of all rows",
            Floor);

        Timing[] single = Timing.Alternate(
            41,
            () => search.Bank.Search(one, search.Count, neighbors),
            () => predict(queries[0]));
        Report(
            report,
            $"{prefix}PredictionEngine, 1 row against {RowCount} x {Dimension}",
            single,
            1,
            "bare search of the row",
            null);
    }

    private static void Report(BenchReport report, string name, Timing[] times, int rows, string peer, double? floor)
    {
        report.Add(new Figure(name, "search", times[0].Rate(rows), "rows/s") { Spread = times[0].Spread(rows) });
        report.Add(new Figure(name, "transform", times[1].Rate(rows), "rows/s")
        {
            Spread = times[1].Spread(rows),
            Peer = peer,
            Ratio = times[0].Median / times[1].Median,
            Floor = floor,
        });
    }

    private static void ReadAll(IDataView view)
    {
        DataViewSchema.Column label = view.Schema["PredictedLabel"];
        DataViewSchema.Column score = view.Schema["Score"];
        using DataViewRowCursor cursor = view.GetRowCursor([label, score]);
        ValueGetter<uint> readLabel = cursor.GetGetter<uint>(label);
        ValueGetter<VBuffer<float>> readScore = cursor.GetGetter<VBuffer<float>>(score);
        uint key = 0;
        VBuffer<float> scores = default;
        while (cursor.MoveNext())
        {
            readLabel(ref key);
            readScore(ref scores);
        }
    }

    private static void ReadScores(IDataView view)
    {
        DataViewSchema.Column score = view.Schema["Score"];
        using DataViewRowCursor cursor = view.GetRowCursor([score]);
        ValueGetter<float> read = cursor.GetGetter<float>(score);
        float value = 0;
        while (cursor.MoveNext()) read(ref value);
    }

    /// <summary>Rows around ten centres, so that neighbours mean something.</summary>
    private static IEnumerable<Example> Draw(int count, int seed)
    {
        var random = new Random(seed);
        for (int row = 0; row < count; row++)
        {
            uint label = (uint)random.Next(Example.ClassCount);
            float[] features = new float[Dimension];
            for (int i = 0; i < Dimension; i++)
                features[i] = random.NextSingle() + (i % Example.ClassCount == label ? 0.3f : 0);
            yield return new Example { Label = label, Price = label, Features = features };
        }
    }

    private sealed class Example
    {
        public const int ClassCount = 10;

        [KeyType(ClassCount)]
        public uint Label { get; set; }

        public float Price { get; set; }

        [VectorType(Dimension)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Prediction
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }

    private sealed class Estimate
    {
        public float Score { get; set; }
    }
}
