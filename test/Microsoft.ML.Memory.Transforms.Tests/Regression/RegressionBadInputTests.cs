// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory.Transforms.Tests.Regression;

[TestClass]
public sealed class RegressionBadInputTests
{
    private readonly MLContext _mlContext = new(seed: 0);
    private readonly List<string> _warnings = [];

    [TestInitialize]
    public void Listen() => _mlContext.Log += (_, message) =>
    {
        if (message.Kind == ChannelMessageKind.Warning) _warnings.Add(message.RawMessage);
    };

    [TestMethod]
    public void All_violated_options_are_named_at_once()
    {
        var options = new NearestNeighborsRegressionOptions
        {
            LabelColumnName = "",
            FeatureColumnName = "",
            IdColumnName = "",
            ExampleWeightColumnName = "",
            NeighborCount = 0,
            Metric = (Metric)9,
            Weighting = (NeighborWeighting)2,
            LargestDistance = -1,
            NeighborColumns = (NeighborColumns)16,
            Index = new IndexOptions { Strategy = (SearchStrategy)9 },
        };

        Assert.AreEqual(
            "NearestNeighborsRegressionOptions.LabelColumnName must be a column name. Got an empty name. "
            + "NearestNeighborsRegressionOptions.ExampleWeightColumnName must be null or a column name. "
            + "Got an empty name. "
            + "NearestNeighborsRegressionOptions.ExampleWeightColumnName must be another column than LabelColumnName. "
            + "Got an empty name. "
            + "NearestNeighborsRegressionOptions.FeatureColumnName must be a column name. Got an empty name. "
            + "NearestNeighborsRegressionOptions.IdColumnName must be null or a column name. Got an empty name. "
            + "NearestNeighborsRegressionOptions.NeighborCount must be null or at least 1. Got 0. "
            + "NearestNeighborsRegressionOptions.Metric must be a metric. Got 9. "
            + "NearestNeighborsRegressionOptions.LargestDistance must be null, or finite and at least 0. Got -1. "
            + "NearestNeighborsRegressionOptions.Weighting must be a weighting. Got 2. "
            + "NearestNeighborsRegressionOptions.NeighborColumns must be a set of columns. Got 16. "
            + "NearestNeighborsRegressionOptions.Index.Strategy must be a strategy. Got 9.",
            ErrorOf(options));
    }

    [TestMethod]
    public void Settings_that_contradict_each_other_are_refused()
    {
        Assert.AreEqual(
            "NearestNeighborsRegressionOptions.Weighting must be Uniform with metric InnerProduct, whose distances may "
            + "be negative. Got InverseDistance.",
            ErrorOf(new NearestNeighborsRegressionOptions
            {
                Weighting = NeighborWeighting.InverseDistance,
                Metric = Metric.InnerProduct,
            }));
        Assert.AreEqual(
            "NearestNeighborsRegressionOptions.ExampleWeightColumnName must be another column than LabelColumnName. "
            + "Got Label.",
            ErrorOf(new NearestNeighborsRegressionOptions { ExampleWeightColumnName = "Label" }));
        Assert.AreEqual(
            "NearestNeighborsRegressionOptions.LargestDistance must be a distance where NeighborCount is null. "
            + "Got null.",
            ErrorOf(new NearestNeighborsRegressionOptions { NeighborCount = null }));
        Assert.AreEqual(
            "NearestNeighborsRegressionOptions.NeighborCount must be a number where Index.Strategy is Graph. Got null.",
            ErrorOf(new NearestNeighborsRegressionOptions
            {
                NeighborCount = null,
                LargestDistance = 1,
                Index = new IndexOptions { Strategy = SearchStrategy.Graph },
            }));
    }

    [TestMethod]
    [DataRow("Features")]
    [DataRow("Label")]
    [DataRow("Weight")]
    [DataRow("Id")]
    public void A_missing_column_is_named_beside_those_there_are(string missing)
    {
        IDataView data = _mlContext.Transforms.DropColumns(missing).Fit(Sales.View(_mlContext, []))
            .Transform(Sales.View(_mlContext, Sales.Street));
        string others = string.Join(", ", new[] { "Id", "Label", "Weight", "Features" }
            .Where(name => name != missing).Select(name => $"'{name}'"));
        NearestNeighborsRegressionOptions options = Sales.Options with { ExampleWeightColumnName = "Weight" };
        NearestNeighborsRegressionTrainer trainer = _mlContext.Regression.Trainers.NearestNeighbors(options);
        NearestNeighborsRegressionTransformer model = Sales.Fit(_mlContext, Sales.Street, options);
        SchemaShape shape = Schemas.ShapeOf(data);
        string expected = $"Column '{missing}' must be in the data. Got columns {others}.";

        Assert.AreEqual(expected, Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(data)).Message);
        Assert.AreEqual(
            expected, Assert.ThrowsExactly<ArgumentException>(() => trainer.GetOutputSchema(shape)).Message);
        Assert.AreEqual(expected, Assert.ThrowsExactly<ArgumentException>(() => model.Add(data)).Message);
        if (missing != "Features") model.GetOutputSchema(data.Schema);
        else Assert.ThrowsExactly<ArgumentException>(() => model.Transform(data));
    }

    [TestMethod]
    [DataRow("Label")]
    [DataRow("Weight")]
    public void Labels_and_weights_of_another_type_are_refused(string name)
    {
        IDataView data = Sales.View(_mlContext, Sales.Street);
        data = _mlContext.Transforms.Conversion.ConvertType(name, outputKind: DataKind.Double).Fit(data)
            .Transform(data);
        NearestNeighborsRegressionOptions options = Sales.Options with { ExampleWeightColumnName = "Weight" };
        NearestNeighborsRegressionTrainer trainer = _mlContext.Regression.Trainers.NearestNeighbors(options);
        NearestNeighborsRegressionTransformer model = Sales.Fit(_mlContext, Sales.Street, options);
        string start = $"Column '{name}' must be of type Single. Got ";
        const string End = "Double. Convert it with mlContext.Transforms.Conversion.ConvertType.";

        Assert.AreEqual(start + End, Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(data)).Message);
        Assert.AreEqual(start + End, Assert.ThrowsExactly<ArgumentException>(() => model.Add(data)).Message);
        Assert.AreEqual(
            $"{start}Scalar of {End}",
            Assert.ThrowsExactly<ArgumentException>(() => trainer.GetOutputSchema(Schemas.ShapeOf(data))).Message);
    }

    [TestMethod]
    public void A_key_is_no_label()
    {
        IDataView data = Sales.View(_mlContext, Sales.Street);
        data = _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        NearestNeighborsRegressionTrainer trainer = _mlContext.Regression.Trainers.NearestNeighbors();

        Assert.AreEqual(
            "Column 'Label' must be of type Single. Got Scalar of key UInt32. "
            + "Convert it with mlContext.Transforms.Conversion.ConvertType.",
            Assert.ThrowsExactly<ArgumentException>(() => trainer.GetOutputSchema(Schemas.ShapeOf(data))).Message);
        Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(data));
    }

    [TestMethod]
    public void Features_of_another_size_are_refused()
    {
        NearestNeighborsRegressionTransformer model = Sales.Fit(_mlContext, Sales.Street);
        IDataView data = _mlContext.Transforms.Concatenate("Features", "Features", "Weight")
            .Fit(Sales.View(_mlContext, [])).Transform(Sales.View(_mlContext, Sales.Street));
        const string Expected = "Column 'Features' must be a vector of 2 values to match the memory. Got 3. "
            + "Use the features that the memory was trained on.";

        Assert.AreEqual(Expected, Assert.ThrowsExactly<ArgumentException>(() => model.Transform(data)).Message);
        Assert.AreEqual(Expected, Assert.ThrowsExactly<ArgumentException>(() => model.Add(data)).Message);
    }

    [TestMethod]
    public void Rows_without_a_label_are_skipped_and_counted_whatever_else_they_hold()
    {
        Sale[] sales = Sales.Street;
        (sales[1].Label, sales[1].Weight, sales[1].Features[0]) = (float.NaN, -1, float.NaN);
        sales[3].Label = float.NaN;
        NearestNeighborsRegressionOptions options = Sales.Options with { ExampleWeightColumnName = "Weight" };
        const string Expected = "Column 'Label' should have a value in every row. Got 2 rows without one; "
            + "they were skipped.";

        NearestNeighborsRegressionTransformer model = Sales.Fit(_mlContext, sales, options);

        Assert.AreEqual("10 12 14", string.Join(' ', model.Ids));
        CollectionAssert.AreEqual(new[] { Expected }, _warnings);
        foreach (Sale sale in sales) sale.Id += 100;
        Assert.AreEqual(6, model.Add(Sales.View(_mlContext, sales)).Count);
        CollectionAssert.AreEqual(new[] { Expected, Expected }, _warnings);
        Sales.AssertSame(
            Sales.Predict(
                _mlContext, Sales.Fit(_mlContext, [Sales.Street[0], Sales.Street[2], Sales.Street[4]]), sales),
            Sales.Predict(_mlContext, model, sales));
    }

    [TestMethod]
    public void No_labelled_row_is_an_error()
    {
        const string Expected = "NearestNeighborsRegressionTrainer.Fit must see at least one row with a label. "
            + "Got none. Check the data.";

        Assert.AreEqual(
            Expected, Assert.ThrowsExactly<InvalidOperationException>(() => Sales.Fit(_mlContext, [])).Message);
        Assert.AreEqual(
            Expected,
            Assert.ThrowsExactly<InvalidOperationException>(
                () => Sales.Fit(_mlContext, [new Sale { Label = float.NaN }])).Message);
    }

    [TestMethod]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    public void An_infinite_label_names_its_row(float label)
    {
        Sale[] sales = Sales.Street;
        (sales[0].Label, sales[3].Label) = (float.NaN, label);

        AssertRefused(
            sales,
            "The label of row 3 must be finite, or NaN where it is missing. Got infinity. "
            + "Correct the label or drop the row.");
    }

    [TestMethod]
    [DataRow(-1f, "-1")]
    [DataRow(float.NaN, "NaN")]
    public void A_weight_that_is_no_weight_names_its_row(float weight, string shown)
    {
        Sale[] sales = Sales.Street;
        (sales[0].Label, sales[2].Weight) = (float.NaN, weight);

        AssertRefused(sales, $"The weight of row 2 must be finite and at least 0. Got {shown}.");
    }

    [TestMethod]
    public void A_feature_that_is_no_number_names_its_row()
    {
        Sale[] sales = Sales.Street;
        (sales[0].Label, sales[2].Features[1]) = (float.NaN, float.NegativeInfinity);

        AssertRefused(
            sales,
            "The features of row 2 must be finite numbers. Got NaN or infinity. "
            + "Replace them with mlContext.Transforms.ReplaceMissingValues or drop the row.");
    }

    [TestMethod]
    public void More_neighbours_than_rows_is_allowed_and_said()
    {
        NearestNeighborsRegressionTransformer model = Sales.Fit(
            _mlContext, Sales.Street, Sales.Options with { NeighborCount = int.MaxValue });

        Assert.AreEqual(6.2f, Sales.Predict(_mlContext, model, Sales.Street)[0].Score);
        CollectionAssert.AreEqual(
            new[]
            {
                "NearestNeighborsRegressionOptions.NeighborCount should be at most the number of stored rows, 5. "
                + "Got 2147483647. All of them are neighbours until more are added.",
            },
            _warnings);
    }

    [TestMethod]
    public void Queries_that_are_no_numbers_score_NaN_and_are_reported_once()
    {
        Sale[] queries = Sales.Draw(2000, seed: 2);
        foreach (int row in (int[])[7, 1500]) queries[row].Features = [1, float.NaN];

        SaleEstimate[] found = Sales.Predict(_mlContext, Sales.Fit(_mlContext, Sales.Street), queries);

        CollectionAssert.AreEqual(
            new[] { 7, 1500 }, Enumerable.Range(0, 2000).Where(row => float.IsNaN(found[row].Score)).ToArray());
        Assert.IsEmpty(found[7].NeighborLabels);
        CollectionAssert.AreEqual(
            new[]
            {
                "Column 'Features' should hold finite numbers. Got NaN or infinity in 2 of 2000 rows, first in row 7; "
                + "their score is NaN.",
            },
            _warnings);
    }

    [TestMethod]
    public void Ids_that_are_taken_or_unknown_are_named_and_nothing_changes()
    {
        NearestNeighborsRegressionTransformer model = Sales.Fit(_mlContext, Sales.Street);
        Sale[] again = [new Sale { Id = 20 }, new Sale { Id = 11 }];

        Assert.AreEqual(
            "Column 'Id' must hold ids that are free and differ. Got 11 again in row 1.",
            Assert.ThrowsExactly<ArgumentException>(() => model.Add(Sales.View(_mlContext, again))).Message);
        Assert.AreEqual(
            "ids must be stored. Got 77, which is not. Nothing was removed.",
            Assert.ThrowsExactly<KeyNotFoundException>(() => model.Remove(10, 77)).Message);
        Assert.AreEqual(
            "ids must differ. Got 10 twice. Nothing was removed. (Parameter 'ids')",
            Assert.ThrowsExactly<ArgumentException>(() => model.Remove(10, 10)).Message);
        Assert.AreEqual("10 11 12 13 14", string.Join(' ', model.Ids));
    }

    [TestMethod]
    public void Nothing_given_is_an_error()
    {
        NearestNeighborsRegressionTrainer trainer = _mlContext.Regression.Trainers.NearestNeighbors();
        NearestNeighborsRegressionTransformer model = Sales.Fit(_mlContext, Sales.Street);

        Assert.ThrowsExactly<ArgumentNullException>(() => trainer.Fit(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => trainer.GetOutputSchema(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => model.Transform(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => model.GetOutputSchema(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => model.GetRowToRowMapper(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => model.Add(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => model.Remove(null!));
        Assert.ThrowsExactly<ArgumentNullException>(
            () => _mlContext.Regression.Trainers.NearestNeighbors((NearestNeighborsRegressionOptions)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => _mlContext.Regression.Trainers.NearestNeighbors(
            new NearestNeighborsRegressionOptions { Index = null! }));
    }

    private string ErrorOf(NearestNeighborsRegressionOptions options) => Assert.ThrowsExactly<ArgumentException>(
        () => _mlContext.Regression.Trainers.NearestNeighbors(options)).Message;

    /// <summary>Refused when fitting and when adding, and what is there stays as it was.</summary>
    private void AssertRefused(Sale[] sales, string expected)
    {
        NearestNeighborsRegressionOptions options = Sales.Options with { ExampleWeightColumnName = "Weight" };
        NearestNeighborsRegressionTransformer model = Sales.Fit(_mlContext, [new Sale { Label = 5 }], options);

        Assert.AreEqual(
            expected,
            Assert.ThrowsExactly<InvalidOperationException>(() => Sales.Fit(_mlContext, sales, options)).Message);
        Assert.AreEqual(
            expected,
            Assert.ThrowsExactly<InvalidOperationException>(
                () => model.Add(Sales.View(_mlContext, sales))).Message);
        Assert.AreEqual(1, model.Count);
        Assert.AreEqual(5, Sales.Predict(_mlContext, model, new Sale()).Single().Score);
    }
}
