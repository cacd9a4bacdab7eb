// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class BadInputTests
{
    private readonly MLContext _mlContext = new(seed: 0);
    private readonly List<string> _warnings = [];

    [TestInitialize]
    public void Listen() => _mlContext.Log += (_, message) =>
    {
        if (message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) _warnings.Add(message.RawMessage);
    };

    [TestMethod]
    public void All_violated_options_are_named_at_once()
    {
        var options =
            new VisualMemoryOptions
            {
                NeighborCount = 0,
                RankOffset = 0.05,
                Temperature = double.NaN,
                LabelColumnName = "",
            };

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => _mlContext.MulticlassClassification.Trainers.VisualMemory(options));

        Assert.AreEqual(
            "VisualMemoryOptions.LabelColumnName must be a column name. Got an empty name. "
            + "VisualMemoryOptions.NeighborCount must be at least 1. Got 0. "
            + "VisualMemoryOptions.RankOffset must be finite and at least 0.1. Got 0.05. "
            + "VisualMemoryOptions.Temperature must be finite and above 0. Got NaN.",
            error.Message);
    }

    [TestMethod]
    public void A_label_that_is_no_key_says_how_to_convert_it()
    {
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => _mlContext.MulticlassClassification.Trainers.VisualMemory().Fit(
                Points.View(_mlContext, Points.Draw(5, 1))));

        Assert.AreEqual(
            "Column 'Label' must be a key. Got String. "
            + "Convert it with mlContext.Transforms.Conversion.MapValueToKey(\"Label\").",
            error.Message);
    }

    [TestMethod]
    public void A_label_that_is_no_key_is_noticed_before_any_data_is_read()
    {
        IEstimator<ITransformer> trainer = _mlContext.MulticlassClassification.Trainers.VisualMemory();
        IDataView data = Points.View(_mlContext, Points.Draw(5, 1));
        var capture = new ShapeCapture();
        new EstimatorChain<ITransformer>().Append(capture).Append(new ShapeCapture()).Fit(data);

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => trainer.GetOutputSchema(capture.Shape!));

        Assert.AreEqual(
            "Column 'Label' must be a key. Got Scalar of String. "
            + "Convert it with mlContext.Transforms.Conversion.MapValueToKey(\"Label\").",
            error.Message);
    }

    [TestMethod]
    public void More_keys_than_there_can_be_classes_are_refused_with_a_remedy()
    {
        IDataView hashed = _mlContext.Data.LoadFromEnumerable([new HashedRow()]); // as Hash makes them by default

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => _mlContext.MulticlassClassification.Trainers.VisualMemory().Fit(hashed));

        Assert.AreEqual(
            "Column 'Label' must have at most 2147483647 key values. Got 2147483648. "
            + "Make keys with mlContext.Transforms.Conversion.MapValueToKey, one for each value there is.",
            error.Message);
    }

    [TestMethod]
    public void A_missing_column_is_named_beside_those_there_are()
    {
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => _mlContext.MulticlassClassification.Trainers.VisualMemory("Label", "Pixels").Fit(
                Points.Keyed(_mlContext, Points.Draw(5, 1))));

        Assert.AreEqual(
            "Column 'Pixels' must be in the data. Got columns 'Label', 'Id', 'Weight', 'Features'.", error.Message);
    }

    [TestMethod]
    public void Features_of_variable_size_are_refused()
    {
        IDataView data = _mlContext.Data.LoadFromEnumerable(new[] { new Ragged { Label = 1, Features = [1, 2] } });

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => _mlContext.MulticlassClassification.Trainers.VisualMemory().Fit(data));

        Assert.AreEqual(
            "Column 'Features' must be a vector of Single with a fixed size. Got Vector<Single>. "
            + "Make one with mlContext.Transforms.Concatenate, mlContext.Transforms.Conversion.ConvertType "
            + "or a VectorType attribute that states the size.",
            error.Message);
    }

    [TestMethod]
    public void Features_of_another_size_are_refused()
    {
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(10, 1));
        IDataView data = _mlContext.Data.LoadFromEnumerable(new[] { new Flat() });

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => memory.Transform(data));

        Assert.AreEqual(
            "Column 'Features' must be a vector of 3 values to match the memory. Got 2. "
            + "Use the features that the memory was trained on.",
            error.Message);
    }

    [TestMethod]
    public void A_row_that_breaks_the_declared_size_is_named()
    {
        Point[] points = Points.Draw(5, 1);
        points[3].Features = [1, 2];

        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(
            () => Points.FitMemory(_mlContext, points));

        string message = (error.InnerException ?? error).Message;
        Assert.AreEqual("Column 'Features' must hold 3 values in every row. Got 2 in row 3.", message);
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void A_feature_that_is_no_number_names_its_row(float value)
    {
        Point[] points = Points.Draw(5, 1);
        points[2].Features[1] = value;

        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(
            () => Points.FitMemory(_mlContext, points));

        Assert.AreEqual(
            "The features of row 2 must be finite numbers. Got NaN or infinity. "
            + "Replace them with mlContext.Transforms.ReplaceMissingValues or drop the row.",
            error.Message);
    }

    [TestMethod]
    public void A_query_that_is_no_number_has_no_prediction_and_is_reported()
    {
        Point[] train = Points.Draw(30, 1);
        Point[] test = Points.Draw(4, 2);
        test[1].Features[0] = float.NaN;
        ITransformer model = Points.Pipeline(_mlContext).Fit(Points.View(_mlContext, train));

        PointPrediction[] predictions = Points.Predict(_mlContext, model, test);

        Assert.AreEqual("", predictions[1].PredictedLabel);
        Assert.AreEqual(1.0, predictions[1].Score.Sum(score => (double)score), 1e-6);
        Assert.AreNotEqual("", predictions[2].PredictedLabel);
        CollectionAssert.Contains(
            _warnings,
            "Column 'Features' should hold finite numbers. Got NaN or infinity in 1 of 4 rows, first in row 1; "
            + "they have no prediction.");
    }

    [TestMethod]
    public void Missing_labels_are_skipped_and_counted()
    {
        Point[] points = Points.Draw(10, 1);
        points[4].Label = "";
        points[7].Label = "";

        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, points);

        Assert.AreEqual(8, memory.Model.Count);
        CollectionAssert.Contains(
            _warnings, "Column 'Label' should have a value in every row. Got 2 rows without one; they were skipped.");
    }

    [TestMethod]
    public void Added_rows_of_classes_that_the_mapping_does_not_know_are_skipped_and_the_remedy_is_named()
    {
        ITransformer model = Points.Pipeline(_mlContext).Fit(Points.View(_mlContext, Points.Draw(10, 1)));
        var memory = model.FindMemory<VisualMemoryTransformer>();
        IDataView dogs = Points.View(_mlContext, [new Point { Label = "dog", Features = [1, 2, 3] }]);
        ITransformer mapping = ((IEnumerable<ITransformer>)model).First();

        VisualMemoryTransformer same = memory.Add(mapping.Transform(dogs));

        Assert.AreEqual(10, same.Model.Count);
        CollectionAssert.Contains(
            _warnings,
            "Column 'Label' should have a value in every row. Got 1 rows without one; they were skipped. A mapping to "
            + "keys has none for labels that it was not fitted on: name a column of label values instead.");
        Assert.AreEqual(11, memory.Add(dogs).Model.Count);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(4)]
    public void A_label_cut_through_a_surrogate_pair_is_refused(int start)
    {
        string half = "cat \uD83D"[start..]; // an attribute would not keep it
        const string Message = "labels must be texts of whole characters. Got one with half of a surrogate pair, which "
            + "no file keeps. Cut texts between characters.";
        Point[] points = Points.Draw(10, 1);
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, points);
        points[4].Label = half;

        Assert.AreEqual(
            Message,
            Assert.ThrowsExactly<ArgumentException>(() => Points.FitMemory(_mlContext, points)).Message);
        Assert.AreEqual(
            Message,
            Assert.ThrowsExactly<ArgumentException>(() => memory.Add(Points.View(_mlContext, points))).Message);
        Assert.AreEqual(
            "ancestors must map names of whole characters. Got one with half of a surrogate pair, which no file keeps. "
            + "Cut texts between characters. (Parameter 'ancestors')",
            Assert.ThrowsExactly<ArgumentException>(
                () => memory.WithClassMap(new Dictionary<string, string> { ["ant"] = half })).Message);
    }

    [TestMethod]
    public void A_name_of_a_column_cut_through_a_surrogate_pair_is_refused()
    {
        var options = new VisualMemoryOptions { FeatureColumnName = "F\uD83D", IdColumnName = "\uDE00" };

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => _mlContext.MulticlassClassification.Trainers.VisualMemory(options));

        Assert.AreEqual(
            "VisualMemoryOptions.FeatureColumnName must be of whole characters. Got one with half of a surrogate pair, "
            + "which no file keeps. VisualMemoryOptions.IdColumnName must be of whole characters. Got one with half of "
            + "a surrogate pair, which no file keeps.",
            error.Message);
    }

    [TestMethod]
    public void No_labelled_row_at_all_is_an_error()
    {
        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(
            () => Points.FitMemory(_mlContext, [new Point { Label = "" }]));

        Assert.AreEqual(
            "VisualMemoryTrainer.Fit must see at least one row with a label. Got none. "
            + "Check the data and that column 'Label' is mapped to keys.",
            error.Message);
    }

    [TestMethod]
    public void More_neighbours_than_entries_is_allowed_and_said()
    {
        VisualMemoryTransformer memory = Points.FitMemory(
            _mlContext, Points.Draw(10, 1), new VisualMemoryOptions { NeighborColumns = NeighborColumns.Ids });

        IDataView scored = memory.Transform(Points.View(_mlContext, Points.Draw(1, 2)));

        Assert.HasCount(10, scored.GetColumn<long[]>("NeighborIds").Single());
        CollectionAssert.Contains(
            _warnings,
            "VisualMemoryOptions.NeighborCount should be at most the number of entries, 10. Got 50. "
            + "All entries vote until more are added.");
    }

    [TestMethod]
    public void One_class_only_is_allowed_and_said()
    {
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(10, 1, classCount: 1));

        IDataView scored = memory.Transform(Points.View(_mlContext, Points.Draw(3, 2)));

        Assert.IsTrue(scored.GetColumn<uint>("PredictedLabel").All(label => label == 1));
        CollectionAssert.Contains(
            _warnings,
            "VisualMemoryTrainer should see at least two classes. Got 1. "
            + "Every prediction is that class until another is added.");
    }

    [TestMethod]
    public void A_repeated_id_is_named()
    {
        Point[] points = Points.Draw(10, 1);
        points[6].Id = 2;

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => Points.FitMemory(_mlContext, points, new VisualMemoryOptions { IdColumnName = "Id" }));

        StringAssert.Contains(error.Message, "Got 2");
    }

    [TestMethod]
    public void An_unknown_id_is_named_and_nothing_is_lost()
    {
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(10, 1));

        KeyNotFoundException error = Assert.ThrowsExactly<KeyNotFoundException>(() => memory.Remove(3, 77));

        StringAssert.Contains(error.Message, "77");
        Assert.AreEqual(10, memory.Model.Count);
    }

    [TestMethod]
    [DataRow(-1f, "-1")]
    [DataRow(float.NaN, "NaN")]
    public void A_weight_out_of_range_names_its_row(float weight, string shown)
    {
        Point[] points = Points.Draw(5, 1);
        points[4].Weight = weight;
        var options = new VisualMemoryOptions { ExampleWeightColumnName = "Weight" };

        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(
            () => Points.FitMemory(_mlContext, points, options));

        Assert.AreEqual($"The weight of row 4 must be finite and at least 0. Got {shown}.", error.Message);
    }

    [TestMethod]
    public void Labels_of_another_type_cannot_be_added()
    {
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(10, 1));

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => memory.Add(Points.View(_mlContext, Points.Draw(5, 2)), labelColumnName: "Weight"));

        Assert.AreEqual(
            "Column 'Weight' must hold the same type of label as the memory. Got Single. "
            + "Give the label as the memory was trained: a key with the same type of key values, or those values.",
            error.Message);
    }

    private sealed class Ragged
    {
        [KeyType(2)]
        public uint Label { get; set; }

        public float[] Features { get; set; } = [];
    }

    private sealed class Flat
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [1, 2];
    }

    private sealed class HashedRow
    {
        [KeyType(1UL << 31)]
        public uint Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [1, 2];
    }
}
