// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Immutable;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Regression;

[TestClass]
public sealed class RegressionPipelineTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Chain_with_transforms_before_and_after_is_evaluated()
    {
        IDataView data = Plane(400, seed: 1), test = Plane(200, seed: 2);
        var pipeline = _mlContext.Transforms.Concatenate("Both", "East", "North")
            .Append(_mlContext.Transforms.NormalizeMeanVariance("Both", fixZero: false))
            .AppendCacheCheckpoint(_mlContext)
            .Append(_mlContext.Regression.Trainers.NearestNeighbors("Price", "Both"))
            .Append(_mlContext.Transforms.CopyColumns("Estimate", "Score"));

        IDataView scored = pipeline.Fit(data).Transform(test);
        RegressionMetrics metrics = _mlContext.Regression.Evaluate(scored, "Price", "Estimate");

        Assert.IsGreaterThan(0.95, metrics.RSquared);
        double[] prices = [.. test.GetColumn<float>("Price")];
        double mean = data.GetColumn<float>("Price").Average();
        Assert.IsLessThan(prices.Average(price => Math.Abs(price - mean)) / 4, metrics.MeanAbsoluteError);
    }

    [TestMethod]
    public void Cross_validation_fits_every_fold_anew()
    {
        var pipeline = _mlContext.Transforms.Concatenate("Features", "East", "North")
            .Append(_mlContext.Regression.Trainers.NearestNeighbors("Price"));

        var folds = _mlContext.Regression.CrossValidate(Plane(300, seed: 1), pipeline, 4, "Price");

        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3 }, folds.Select(fold => fold.Fold).ToArray());
        foreach (var fold in folds)
        {
            Assert.IsGreaterThan(0.9, fold.Metrics.RSquared);
            int held = fold.ScoredHoldOutSet.GetColumn<float>("Score").Count();
            Assert.AreEqual(300 - held, fold.Model.FindMemory<NearestNeighborsRegressionTransformer>().Count);
        }
    }

    [TestMethod]
    public void Permuting_what_matters_hurts_most()
    {
        IDataView data = Plane(200, seed: 1);
        var pipeline = _mlContext.Transforms.Concatenate("Features", "East", "Noise")
            .Append(_mlContext.Regression.Trainers.NearestNeighbors("Price"));
        TransformerChain<NearestNeighborsRegressionTransformer> model = pipeline.Fit(data);
        IDataView scored = model.Transform(data);

        ImmutableDictionary<string, RegressionMetricsStatistics> byName =
            _mlContext.Regression.PermutationFeatureImportance(model, scored, "Price", permutationCount: 3);
        ImmutableArray<RegressionMetricsStatistics> bySlot = _mlContext.Regression.PermutationFeatureImportance(
            model.LastTransformer, scored, "Price", permutationCount: 3);

        CollectionAssert.AreEquivalent(new[] { "East", "Noise" }, byName.Keys.ToArray());
        Assert.AreEqual(3, byName["East"].RSquared.Count);
        Assert.IsLessThan(-0.5, byName["East"].RSquared.Mean);
        Assert.IsGreaterThan(-0.1, byName["Noise"].RSquared.Mean);
        Assert.IsGreaterThan(bySlot[1].MeanSquaredError.Mean, bySlot[0].MeanSquaredError.Mean);
        Assert.IsGreaterThan(bySlot[1].MeanAbsoluteError.Mean, bySlot[0].MeanAbsoluteError.Mean);
        Assert.IsGreaterThan(bySlot[1].RootMeanSquaredError.Mean, bySlot[0].RootMeanSquaredError.Mean);
        Assert.IsGreaterThan(bySlot[1].LossFunction.Mean, bySlot[0].LossFunction.Mean);
    }

    [TestMethod]
    public void Score_is_marked_as_that_of_a_regression()
    {
        DataViewSchema.Column score = Sales.Fit(_mlContext, Sales.Street)
            .GetOutputSchema(Sales.View(_mlContext, []).Schema)["Score"];

        ReadOnlyMemory<char> column = default, value = default;
        score.Annotations.GetValue("ScoreColumnKind", ref column);
        score.Annotations.GetValue("ScoreValueKind", ref value);
        Assert.AreEqual("Regression Score", $"{column} {value}");
        CollectionAssert.AreEquivalent(
            new[] { "ScoreColumnKind", "ScoreColumnSetId", "ScoreValueKind" },
            score.Annotations.Schema.Select(each => each.Name).ToArray());
    }

    [TestMethod]
    public void Prediction_engines_of_several_threads_agree_with_transform()
    {
        Sale[] queries = Sales.Draw(200, seed: 2);
        NearestNeighborsRegressionTransformer model = Sales.Fit(_mlContext, Sales.Draw(500, seed: 1));
        SaleEstimate[] expected = Sales.Predict(_mlContext, model, queries);
        var actual = new SaleEstimate[queries.Length];

        Parallel.For(0, 4, thread =>
        {
            var engine = _mlContext.Model.CreatePredictionEngine<Sale, SaleEstimate>(model);
            for (int row = thread; row < queries.Length; row += 4) actual[row] = engine.Predict(queries[row]);
        });

        Sales.AssertSame(expected, actual);
    }

    [TestMethod]
    public void Editing_beside_predictions_disturbs_none()
    {
        Sale[] queries = Sales.Draw(50, seed: 2);
        NearestNeighborsRegressionTransformer model = Sales.Fit(_mlContext, Sales.Draw(100, seed: 1));
        SaleEstimate[] expected = Sales.Predict(_mlContext, model, queries);

        Parallel.For(0, 8, thread =>
        {
            NearestNeighborsRegressionTransformer own = model;
            for (int step = 0; step < 20; step++)
            {
                own = own.Add(Sales.View(_mlContext, Sales.Draw(2, step, 1000 + (10 * step)))).Remove(step);
                Sales.AssertSame(expected, Sales.Predict(_mlContext, model, queries));
            }
        });
    }

    [TestMethod]
    public void Several_cursors_cache_and_shuffle_serve_the_same_values()
    {
        IDataView found = Sales.Fit(_mlContext, Sales.Draw(300, seed: 1)).Transform(
            Sales.View(_mlContext, Sales.Draw(3000, seed: 2)));
        string[] expected = [.. Lines(found)];

        string[] parallel = [.. found.GetRowCursorSet(found.Schema, 3).SelectMany(ReadAll)];

        Assert.HasCount(3000, expected);
        CollectionAssert.AreEquivalent(expected, parallel);
        CollectionAssert.AreEqual(expected, Lines(_mlContext.Data.Cache(found)).ToArray());
        CollectionAssert.AreEquivalent(expected, Lines(_mlContext.Data.ShuffleRows(found, seed: 1)).ToArray());
    }

    [TestMethod]
    public void A_pass_allocates_nothing_for_its_rows()
    {
        IDataView short_ = Found(2000), long_ = Found(8000);
        Read(short_);
        Read(long_);

        long few = Read(short_), many = Read(long_);

        // What a block of 1,024 rows costs, not a row, which would cost at least the 24 bytes of an object.
        Assert.IsLessThan(few + (6000 * 8), many);

        IDataView Found(int count) => Sales.Fit(_mlContext, Sales.Draw(40, seed: 1)).Transform(
            Sales.View(_mlContext, Sales.Draw(count, seed: 2)));

        static long Read(IDataView view)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            ReadReusing(view);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [TestMethod]
    public void Cursor_without_added_columns_reads_no_features()
    {
        Sale[] queries = Sales.Draw(3, seed: 2);
        queries[1].Features = [1];
        IDataView found = Sales.Fit(_mlContext, Sales.Street).Transform(Sales.View(_mlContext, queries));

        CollectionAssert.AreEqual(new long[] { 0, 1, 2 }, found.GetColumn<long>("Id").ToArray());
    }

    private static void ReadReusing(IDataView view)
    {
        DataViewSchema.Column[] columns =
            [view.Schema["Score"], view.Schema["NeighborLabels"], view.Schema["NeighborWeights"]];
        using DataViewRowCursor cursor = view.GetRowCursor(columns);
        ValueGetter<float> score = cursor.GetGetter<float>(columns[0]);
        ValueGetter<VBuffer<float>> labels = cursor.GetGetter<VBuffer<float>>(columns[1]);
        ValueGetter<VBuffer<float>> weights = cursor.GetGetter<VBuffer<float>>(columns[2]);
        float value = 0;
        VBuffer<float> label = default, weight = default;
        while (cursor.MoveNext())
        {
            score(ref value);
            labels(ref label);
            weights(ref weight);
        }
    }

    private static List<string> Lines(IDataView view)
    {
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        return ReadAll(cursor);
    }

    private static List<string> ReadAll(DataViewRowCursor cursor)
    {
        var lines = new List<string>();
        ValueGetter<long> id = cursor.GetGetter<long>(cursor.Schema["Id"]);
        ValueGetter<float> score = cursor.GetGetter<float>(cursor.Schema["Score"]);
        ValueGetter<VBuffer<float>> labels = cursor.GetGetter<VBuffer<float>>(cursor.Schema["NeighborLabels"]);
        long own = 0;
        float value = 0;
        VBuffer<float> near = default;
        while (cursor.MoveNext())
        {
            id(ref own);
            score(ref value);
            labels(ref near);
            lines.Add(FormattableString.Invariant($"{own}: {value} of {string.Join(' ', near.DenseValues())}"));
        }

        cursor.Dispose();
        return lines;
    }

    private IDataView Plane(int count, int seed)
    {
        var random = new Random(seed);
        return _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ =>
        {
            float east = random.NextSingle(), north = random.NextSingle() / 10;
            return new Parcel
            {
                East = east,
                North = north,
                Noise = random.NextSingle() / 100,
                Price = (9 * east) + north,
            };
        }).ToArray());
    }

    private sealed class Parcel
    {
        public float Price { get; set; }

        public float East { get; set; }

        public float North { get; set; }

        public float Noise { get; set; }
    }
}
