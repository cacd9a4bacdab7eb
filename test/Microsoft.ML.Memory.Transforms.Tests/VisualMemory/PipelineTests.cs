// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class PipelineTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Evaluate_beats_the_most_frequent_class()
    {
        Point[] test = Points.Draw(300, seed: 2);
        ITransformer model = Points.Pipeline(_mlContext).Fit(Points.View(_mlContext, Points.Draw(300, seed: 1)));

        IDataView scored = model.Transform(Points.View(_mlContext, test));
        MulticlassClassificationMetrics metrics = _mlContext.MulticlassClassification.Evaluate(scored);

        double baseline = test.CountBy(point => point.Label).Max(pair => pair.Value) / 300.0;
        Assert.IsGreaterThan(baseline + 0.3, metrics.MicroAccuracy);
        Assert.AreEqual(3, metrics.ConfusionMatrix.NumberOfClasses);
        StringAssert.Contains(metrics.ConfusionMatrix.GetFormattedConfusionTable(), "ant");
    }

    [TestMethod]
    public void Cross_validation_scores_every_fold()
    {
        IDataView data = Points.View(_mlContext, Points.Draw(240, seed: 3));

        var folds = _mlContext.MulticlassClassification.CrossValidate(
            data, Points.Pipeline(_mlContext), numberOfFolds: 3);

        Assert.HasCount(3, folds);
        foreach (var fold in folds) Assert.IsGreaterThan(0.5, fold.Metrics.MicroAccuracy);
    }

    [TestMethod]
    public void Prediction_engine_agrees_with_transform()
    {
        Point[] test = Points.Draw(50, seed: 5);
        ITransformer model = Points.Pipeline(_mlContext).Fit(Points.View(_mlContext, Points.Draw(200, seed: 4)));
        PointPrediction[] expected = Points.Predict(_mlContext, model, test);

        var engine = _mlContext.Model.CreatePredictionEngine<Point, PointPrediction>(
            model);

        Points.AssertSame(expected, [.. test.Select(point => engine.Predict(point))]);
    }

    [TestMethod]
    public void Parallel_cursors_give_the_same_rows()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(path, Points.Draw(2000, seed: 6).Select(ToLine));
            IDataView text = _mlContext.Data.LoadFromTextFile<TextPoint>(path);
            ITransformer model = Points.Pipeline(_mlContext).Fit(Points.View(_mlContext, Points.Draw(200, seed: 4)));
            IDataView scored = model.Transform(text);
            DataViewSchema.Column[] columns = [scored.Schema["Id"], scored.Schema["Score"]];

            DataViewRowCursor[] cursors = scored.GetRowCursorSet(columns, 4);
            Dictionary<long, float[]> parallel = cursors.SelectMany(ReadAll).ToDictionary(
                row => row.Id, row => row.Score);

            using DataViewRowCursor single = scored.GetRowCursor(columns);
            (long Id, float[] Score)[] expected = [.. ReadAll(single)];
            Assert.HasCount(expected.Length, parallel);
            foreach ((long id, float[] score) in expected) CollectionAssert.AreEqual(score, parallel[id]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void Cursor_that_met_a_broken_row_never_goes_on_behind_it()
    {
        ITransformer model = Points.Pipeline(_mlContext).Fit(Points.View(_mlContext, Points.Draw(200, seed: 4)));
        Point[] points = Points.Draw(300, seed: 7);
        IEnumerable<Point> breaking = points.Select(
            (point, row) => row == 100 ? throw new InvalidDataException("row 100 is broken") : point);
        IDataView scored = model.FindMemory<VisualMemoryTransformer>()
            .Transform(_mlContext.Data.LoadFromEnumerable(breaking));
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);

        int rows = 0;
        Exception first = Assert.Throws<Exception>(() =>
        {
            while (cursor.MoveNext()) rows++;
        });
        Exception second = Assert.Throws<Exception>(() => cursor.MoveNext());

        Assert.IsLessThanOrEqualTo(100, rows);
        Assert.AreEqual(first.GetBaseException().Message, second.GetBaseException().Message);
    }

    [TestMethod]
    public void Cache_preview_and_shuffle_serve_the_same_values()
    {
        ITransformer model = Points.Pipeline(_mlContext).Fit(Points.View(_mlContext, Points.Draw(200, seed: 4)));
        IDataView scored = model.Transform(Points.View(_mlContext, Points.Draw(150, seed: 7)));
        float[][] expected = [.. scored.GetColumn<float[]>("Score")];

        IDataView cached = _mlContext.Data.Cache(scored);
        IDataView shuffled = _mlContext.Data.ShuffleRows(scored, seed: 1);
        DataDebuggerPreview preview = scored.Preview(maxRows: 20);

        CollectionAssert.AreEqual(
            expected.SelectMany(row => row).ToArray(),
            cached.GetColumn<float[]>("Score").SelectMany(row => row).ToArray());
        CollectionAssert.AreEquivalent(
            expected.Select(row => string.Join(' ', row)).ToArray(),
            shuffled.GetColumn<float[]>("Score").Select(row => string.Join(' ', row)).ToArray());
        Assert.HasCount(20, preview.RowView);
    }

    [TestMethod]
    public void Sparse_and_dense_features_agree()
    {
        SparsePoint[] sparse = [.. Points.Draw(120, seed: 8).Select(SparsePoint.Of)];
        Point[] dense = [.. sparse.Select(
            point => new Point { Label = point.Label, Features = [.. point.Features.DenseValues()] })];

        ITransformer fromSparse = Points.Pipeline(_mlContext).Fit(_mlContext.Data.LoadFromEnumerable(sparse));
        ITransformer fromDense = Points.Pipeline(_mlContext).Fit(Points.View(_mlContext, dense));

        IDataView scored = fromSparse.Transform(_mlContext.Data.LoadFromEnumerable(sparse));
        PointPrediction[] actual = [.. _mlContext.Data.CreateEnumerable<PointPrediction>(
            scored, reuseRowObject: false)];
        Points.AssertSame(Points.Predict(_mlContext, fromDense, dense), actual);
    }

    [TestMethod]
    public void First_party_transforms_stack_before_and_after()
    {
        IDataView data = Points.View(_mlContext, Points.Draw(200, seed: 9));
        var pipeline = _mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(_mlContext.Transforms.NormalizeMeanVariance("Scaled", "Features"))
            .Append(_mlContext.Transforms.Concatenate("Both", "Features", "Scaled"))
            .AppendCacheCheckpoint(_mlContext)
            .Append(_mlContext.MulticlassClassification.Trainers.VisualMemory("Label", "Both", neighborCount: 5))
            .Append(_mlContext.Transforms.Concatenate("Again", "Score", "Scaled"))
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        IDataView scored = pipeline.Fit(data).Transform(data);

        Assert.AreEqual("Vector<Single, 6>", scored.Schema["Again"].Type.ToString());
        float[] first = scored.GetColumn<float[]>("Again").First();
        CollectionAssert.AreEqual(scored.GetColumn<float[]>("Score").First(), first[..3]);
    }

    [TestMethod]
    public void Two_passes_over_a_view_agree()
    {
        ITransformer model = Points.Pipeline(_mlContext).Fit(Points.View(_mlContext, Points.Draw(200, seed: 4)));
        IDataView scored = model.Transform(Points.View(_mlContext, Points.Draw(700, seed: 10)));

        string[] first = [.. scored.GetColumn<string>("PredictedLabel")];
        string[] second = [.. scored.GetColumn<string>("PredictedLabel")];

        CollectionAssert.AreEqual(first, second);
        Assert.HasCount(700, first);
    }

    private static string ToLine(Point point)
        => FormattableString.Invariant(
            $"{point.Label}\t{point.Id}\t{point.Features[0]:R}\t{point.Features[1]:R}\t{point.Features[2]:R}");

    private static IEnumerable<(long Id, float[] Score)> ReadAll(DataViewRowCursor cursor)
    {
        ValueGetter<long> id = cursor.GetGetter<long>(cursor.Schema["Id"]);
        ValueGetter<VBuffer<float>> score = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Score"]);
        var rows = new List<(long, float[])>();
        VBuffer<float> values = default;
        long number = 0;
        while (cursor.MoveNext())
        {
            id(ref number);
            score(ref values);
            rows.Add((number, [.. values.DenseValues()]));
        }

        cursor.Dispose();
        return rows;
    }

    private sealed class TextPoint
    {
        [LoadColumn(0)]
        public string Label { get; set; } = "";

        [LoadColumn(1)]
        public long Id { get; set; }

        [LoadColumn(2, 4), VectorType(3)]
        public float[] Features { get; set; } = [];
    }

    private sealed class SparsePoint
    {
        public string Label { get; set; } = "";

        [VectorType(3)]
        public VBuffer<float> Features { get; set; }

        public static SparsePoint Of(Point point) => new()
        {
            Label = point.Label,
            Features = new VBuffer<float>(3, 2, [point.Features[0], point.Features[2]], [0, 2]),
        };
    }
}
