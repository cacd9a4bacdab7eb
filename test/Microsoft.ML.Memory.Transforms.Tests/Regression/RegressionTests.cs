// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Regression;

[TestClass]
public sealed class RegressionTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Score_is_the_mean_of_the_nearest_labels()
    {
        SaleEstimate found = Predict(Sales.Options, new Sale { Features = [3, 0] });

        Assert.AreEqual(7 / 3f, found.Score); // (2 + 1 + 4) / 3
        CollectionAssert.AreEqual(new long[] { 11, 10, 12 }, found.NeighborIds);
        CollectionAssert.AreEqual(new float[] { 1, 9, 13 }, found.NeighborDistances);
        CollectionAssert.AreEqual(new float[] { 2, 1, 4 }, found.NeighborLabels);
        CollectionAssert.AreEqual(new[] { 1 / 3f, 1 / 3f, 1 / 3f }, found.NeighborWeights);
    }

    [TestMethod]
    public void Inverse_distances_are_those_of_the_root()
    {
        SaleEstimate found = Predict(
            Sales.Options with { Weighting = NeighborWeighting.InverseDistance, NeighborCount = 2 },
            new Sale { Features = [3, 0] });

        Assert.AreEqual(1.75f, found.Score); // (2 / 1 + 1 / 3) / (1 + 1 / 3)
        CollectionAssert.AreEqual(new[] { 0.75f, 0.25f }, found.NeighborWeights);
    }

    [TestMethod]
    public void Exact_hits_decide_alone_and_share_alike()
    {
        NearestNeighborsRegressionOptions options = Sales.Options with
        {
            Weighting = NeighborWeighting.InverseDistance,
            NeighborCount = 4,
        };

        SaleEstimate found = Predict(options, new Sale { Features = [0, 2] });

        Assert.AreEqual(6, found.Score); // (4 + 8) / 2
        CollectionAssert.AreEqual(new[] { 0.5f, 0.5f, 0, 0 }, found.NeighborWeights);
        Assert.AreEqual(15 / 4f, Predict(options with { Weighting = NeighborWeighting.Uniform }, Place(0, 2)).Score);
    }

    [TestMethod]
    public void Example_weights_multiply()
    {
        Sale[] sales = Sales.Street;
        (sales[0].Weight, sales[1].Weight) = (6, 0.5f);
        NearestNeighborsRegressionOptions options = Sales.Options with
        {
            ExampleWeightColumnName = "Weight",
            NeighborCount = 2,
        };

        SaleEstimate uniform = Sales.Predict(_mlContext, Sales.Fit(_mlContext, sales, options), Place(3, 0)).Single();
        SaleEstimate inverse = Sales.Predict(
            _mlContext,
            Sales.Fit(_mlContext, sales, options with { Weighting = NeighborWeighting.InverseDistance }),
            Place(3, 0)).Single();

        Assert.AreEqual(7 / 6.5f, uniform.Score); // (0.5 · 2 + 6 · 1) / 6.5
        Assert.AreEqual(1.2f, inverse.Score); // (0.5 · 2 + 6 / 3 · 1) / 2.5
        CollectionAssert.AreEqual(new[] { 0.2f, 0.8f }, inverse.NeighborWeights);
    }

    [TestMethod]
    public void Of_neighbours_at_equal_distance_those_added_first_count()
    {
        NearestNeighborsRegressionOptions options = Sales.Options with { NeighborCount = 2 };

        Assert.AreEqual(1.5f, Predict(options, Place(1, 1)).Score);
        Assert.AreEqual(
            6,
            Sales.Predict(_mlContext, Sales.Fit(_mlContext, Sales.Street.Reverse(), options), Place(1, 1))
                .Single().Score);
    }

    [TestMethod]
    public void Cosine_distances_are_taken_as_they_are()
    {
        SaleEstimate found = Predict(
            Sales.Options with
            {
                Metric = Metric.Cosine,
                Weighting = NeighborWeighting.InverseDistance,
                NeighborCount = 2,
            },
            Place(4, 3));

        // to (4, 4) 1 - 7 / sqrt(50), to (2, 0) 1 - 4 / 5
        double near = 1 - (7 / Math.Sqrt(50)), far = 0.2;
        CollectionAssert.AreEqual(new long[] { 14, 11 }, found.NeighborIds);
        Assert.AreEqual(((16 / near) + (2 / far)) / ((1 / near) + (1 / far)), found.Score, 1e-5);
    }

    [TestMethod]
    public void All_within_a_distance_are_averaged_where_no_count_is_set()
    {
        NearestNeighborsRegressionOptions options = Sales.Options with { NeighborCount = null, LargestDistance = 13 };

        Assert.AreEqual(15 / 4f, Predict(options, Place(3, 0)).Score);
        Assert.AreEqual(
            31 / 5f, Predict(options with { LargestDistance = 17 }, Place(3, 0)).Score, "all of them");
    }

    [TestMethod]
    public void Nothing_within_the_distance_and_nothing_stored_give_NaN()
    {
        NearestNeighborsRegressionTransformer near = Sales.Fit(
            _mlContext, Sales.Street, Sales.Options with { LargestDistance = 1 });

        SaleEstimate[] found = Sales.Predict(_mlContext, near, Place(9, 9), Place(0, 1));
        SaleEstimate empty = Sales.Predict(_mlContext, near.Remove(near.Ids), Place(0, 1)).Single();

        Assert.AreEqual(float.NaN, found[0].Score);
        Assert.IsEmpty(found[0].NeighborWeights);
        Assert.AreEqual(13 / 3f, found[1].Score);
        Assert.AreEqual(float.NaN, empty.Score);
        Assert.IsEmpty(empty.NeighborIds);
    }

    [TestMethod]
    public void Neighbours_that_all_weigh_nothing_give_NaN_and_shares_of_nothing()
    {
        Sale[] sales = Sales.Street;
        foreach (Sale sale in sales) sale.Weight = 0;

        SaleEstimate found = Sales.Predict(
            _mlContext,
            Sales.Fit(_mlContext, sales, Sales.Options with { ExampleWeightColumnName = "Weight" }),
            Place(0, 1)).Single();

        Assert.AreEqual(float.NaN, found.Score);
        CollectionAssert.AreEqual(new float[] { 0, 0, 0 }, found.NeighborWeights);
    }

    [TestMethod]
    public void Neighbours_too_far_away_for_a_Single_count_alike()
    {
        SaleEstimate found = Predict(
            Sales.Options with { Weighting = NeighborWeighting.InverseDistance }, Place(3e38f, 3e38f));

        Assert.AreEqual(float.PositiveInfinity, found.NeighborDistances[0]);
        Assert.AreEqual(found.NeighborLabels.Average(), found.Score, 1e-6);
    }

    [TestMethod]
    [DataRow(NeighborWeighting.Uniform)]
    [DataRow(NeighborWeighting.InverseDistance)]
    public void Labels_at_the_ends_of_their_range_neither_overflow_nor_leave_it(NeighborWeighting weighting)
    {
        Sale[] sales = Sales.Street;
        foreach (Sale sale in sales) (sale.Label, sale.Weight) = (float.MaxValue, float.MaxValue);

        SaleEstimate found = Sales.Predict(
            _mlContext,
            Sales.Fit(_mlContext, sales, Sales.Options with
            {
                Weighting = weighting,
                ExampleWeightColumnName = "Weight",
            }),
            Place(1e-15f, 0)).Single();

        Assert.AreEqual(float.MaxValue, found.Score);
    }

    [TestMethod]
    public void Defaults_are_those_of_scikit_learn_by_either_overload()
    {
        NearestNeighborsRegressionOptions byArguments = _mlContext.Regression.Trainers.NearestNeighbors().Options;

        Assert.AreEqual(new NearestNeighborsRegressionOptions(), byArguments);
        Assert.AreEqual(5, byArguments.NeighborCount);
        Assert.AreEqual(Metric.SquaredEuclidean, byArguments.Metric);
        Assert.AreEqual(NeighborWeighting.Uniform, byArguments.Weighting);
        Assert.AreEqual(
            new NearestNeighborsRegressionOptions
            {
                LabelColumnName = "l",
                FeatureColumnName = "f",
                ExampleWeightColumnName = "w",
                NeighborCount = 9,
                Weighting = NeighborWeighting.InverseDistance,
            },
            _mlContext.Regression.Trainers.NearestNeighbors("l", "f", "w", 9, NeighborWeighting.InverseDistance)
                .Options);
    }

    [TestMethod]
    public void Counts_settings_and_model_are_told()
    {
        NearestNeighborsRegressionTrainer trainer = _mlContext.Regression.Trainers.NearestNeighbors(Sales.Options);

        NearestNeighborsRegressionTransformer model = trainer.Fit(Sales.View(_mlContext, Sales.Street));

        Assert.AreEqual(5, model.Count);
        Assert.AreEqual(2, model.Dimension);
        Assert.AreEqual(5, model.Model.Count);
        Assert.AreEqual("Features", model.FeatureColumnName);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 2), model.FeatureColumnType);
        Assert.AreEqual(SearchStrategy.Exact, model.Strategy);
        Assert.IsTrue(model.IsRowToRowMapper);
        Assert.IsNull(model.EncoderFingerprint);
        Assert.IsFalse(trainer.Info.NeedNormalization);
        Assert.IsFalse(trainer.Info.WantCaching);
    }

    [TestMethod]
    [DataRow(NeighborColumns.None)]
    [DataRow(NeighborColumns.Labels | NeighborColumns.Weights)]
    [DataRow(NeighborColumns.All)]
    public void Schema_promised_is_schema_kept(NeighborColumns columns)
    {
        IDataView data = Sales.View(_mlContext, Sales.Street);
        NearestNeighborsRegressionTrainer trainer = _mlContext.Regression.Trainers.NearestNeighbors(
            Sales.Options with { NeighborColumns = columns, ExampleWeightColumnName = "Weight" });

        SchemaShape promised = trainer.GetOutputSchema(Schemas.ShapeOf(data));
        NearestNeighborsRegressionTransformer model = trainer.Fit(data);

        Schemas.AssertKept(promised, model.Transform(data).Schema);
        Schemas.AssertKept(promised, model.GetOutputSchema(data.Schema));
        Assert.AreEqual(
            5 + ClassifierColumns.Each(columns).Count(), model.GetOutputSchema(data.Schema).Count);
    }

    [TestMethod]
    public void Columns_may_have_any_name()
    {
        var options = new NearestNeighborsRegressionOptions
        {
            LabelColumnName = "Ids",
            FeatureColumnName = "Place",
            ExampleWeightColumnName = "Distances",
            NeighborCount = 1,
        };
        IDataView data = _mlContext.Transforms.CopyColumns("Ids", "Label")
            .Append(_mlContext.Transforms.CopyColumns("Distances", "Weight"))
            .Append(_mlContext.Transforms.CopyColumns("Place", "Features"))
            .Fit(Sales.View(_mlContext, Sales.Street)).Transform(Sales.View(_mlContext, Sales.Street));

        IDataView found = _mlContext.Regression.Trainers.NearestNeighbors(options).Fit(data).Transform(data);

        CollectionAssert.AreEqual(new float[] { 1, 2, 4, 4, 16 }, found.GetColumn<float>("Score").ToArray());
    }

    private static Sale Place(float x, float y) => new() { Features = [x, y] };

    private SaleEstimate Predict(NearestNeighborsRegressionOptions options, Sale query)
        => Sales.Predict(_mlContext, Sales.Fit(_mlContext, Sales.Street, options), query).Single();
}
