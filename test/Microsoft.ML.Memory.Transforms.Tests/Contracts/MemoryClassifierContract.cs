// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Contracts;

/// <summary>What every memory classifier has to do as an ML.NET trainer and transformer.</summary>
public abstract partial class MemoryClassifierContract
{
    private readonly MLContext _mlContext = new(seed: 0);
    private readonly List<string> _warnings = [];
    private string _folder = "";

    [TestInitialize]
    public void Prepare()
    {
        _folder = Directory.CreateTempSubdirectory("memory-ml-").FullName;
        _mlContext.Log += (_, message) =>
        {
            if (message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) _warnings.Add(message.RawMessage);
        };
    }

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Predictions_beat_the_most_frequent_class()
    {
        Point[] test = Points.Draw(200, seed: 2);
        IDataView scored = Fit(Points.Draw(300, seed: 1)).Transform(Points.View(_mlContext, test));

        double accuracy = _mlContext.MulticlassClassification.Evaluate(scored).MicroAccuracy;

        double baseline = test.CountBy(point => point.Label).Max(pair => pair.Value) / 200.0;
        Assert.IsGreaterThan(baseline + 0.2, accuracy);
    }

    [TestMethod]
    public void Scores_are_shares_that_sum_to_one()
    {
        foreach (PointPrediction row in Points.Predict(
            _mlContext, Fit(Points.Draw(100, seed: 1)), Points.Draw(60, seed: 2)))
        {
            Assert.AreEqual(1.0, row.Score.Sum(value => (double)value), 1e-6);
            Assert.IsTrue(row.Score.All(value => value is >= 0 and <= 1));
            Assert.AreEqual(row.Score.Max(), row.Score[Array.IndexOf(Names, row.PredictedLabel)]);
        }
    }

    [TestMethod]
    public void Same_data_and_seed_give_the_same_model()
    {
        byte[] first = SavedStream(Fit(Points.Draw(120, seed: 1)), "first.zip");
        byte[] second = SavedStream(Fit(Points.Draw(120, seed: 1)), "second.zip");

        CollectionAssert.AreEqual(first, second);
    }

    [TestMethod]
    public void Two_passes_give_the_same()
    {
        ITransformer model = Fit(Points.Draw(120, seed: 1));
        Point[] test = Points.Draw(300, seed: 2);

        Points.AssertSame(Points.Predict(_mlContext, model, test), Points.Predict(_mlContext, model, test));
    }

    [TestMethod]
    public void A_fresh_process_that_registers_nothing_predicts_the_same()
    {
        Point[] test = Points.Draw(40, seed: 2);
        ITransformer model = Fit(Points.Draw(120, seed: 1));
        string path = Save(model, "model.zip");
        string input = Path.Combine(_folder, "rows.txt");
        File.WriteAllLines(input, test.Select(point => string.Join(' ', point.Features.Select(value =>
            value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))));

        string[] lines = Programs.Run("FreshProcess.dll", path, input);

        string[] expected =
        [
            .. Points.Predict(_mlContext, model, test).Select(row =>
                $"{row.PredictedLabel} {string.Join(' ', row.Score.Select(BitConverter.SingleToUInt32Bits))}"),
        ];
        CollectionAssert.AreEqual(expected, lines);
    }

    [TestMethod]
    public void Load_then_save_gives_the_same_model()
    {
        string path = Save(Fit(Points.Draw(120, seed: 1)), "model.zip");

        ITransformer loaded = _mlContext.Model.Load(path, out _);

        CollectionAssert.AreEqual(ModelFiles.MemoryStreamOf(path), SavedStream(loaded, "again.zip"));
    }

    [TestMethod]
    public void Promised_schema_is_kept()
    {
        IDataView data = Points.Keyed(_mlContext, Points.Draw(30, seed: 1));
        IEstimator<ITransformer> trainer = CreateTrainer(_mlContext);

        Schemas.AssertKept(
            trainer.GetOutputSchema(Schemas.ShapeOf(data)), trainer.Fit(data).Transform(data).Schema);
    }

    [TestMethod]
    public void Output_schema_without_data_is_that_of_the_data()
    {
        IDataView data = Points.Keyed(_mlContext, Points.Draw(30, seed: 1));
        ITransformer model = CreateTrainer(_mlContext).Fit(data);

        CollectionAssert.AreEqual(
            model.Transform(data).Schema.Select(column => $"{column.Name} {column.Type}").ToArray(),
            model.GetOutputSchema(data.Schema).Select(column => $"{column.Name} {column.Type}").ToArray());
    }

    [TestMethod]
    public void A_row_without_numbers_has_no_prediction_and_is_reported()
    {
        Point[] test = Points.Draw(4, seed: 2);
        test[1].Features[0] = float.NaN;

        PointPrediction[] rows = Points.Predict(_mlContext, Fit(Points.Draw(60, seed: 1)), test);

        Assert.AreEqual("", rows[1].PredictedLabel);
        Assert.AreEqual(1.0, rows[1].Score.Sum(score => (double)score), 1e-6);
        Assert.AreNotEqual("", rows[2].PredictedLabel);
        CollectionAssert.Contains(
            _warnings,
            "Column 'Features' should hold finite numbers. Got NaN or infinity in 1 of 4 rows, first in row 1; "
            + "they have no prediction.");
    }

    [TestMethod]
    public void A_training_row_without_numbers_is_named()
    {
        Point[] train = Points.Draw(20, seed: 1);
        train[7].Features[2] = float.PositiveInfinity;

        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(() => Fit(train));

        StringAssert.Contains(error.Message, "row 7 must be finite numbers. Got NaN or infinity.");
    }

    [TestMethod]
    public void Rows_without_a_label_are_skipped_and_counted()
    {
        Point[] train = Points.Draw(40, seed: 1);
        train[3].Label = "";

        Fit(train);

        CollectionAssert.Contains(
            _warnings, "Column 'Label' should have a value in every row. Got 1 rows without one; they were skipped.");
    }

    [TestMethod]
    public void Data_without_any_label_is_refused()
    {
        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(
            () => Fit([new Point { Label = "" }]));

        StringAssert.EndsWith(
            error.Message,
            ".Fit must see at least one row with a label. Got none. "
            + "Check the data and that column 'Label' is mapped to keys.");
    }

    [TestMethod]
    public void One_row_of_one_class_is_enough()
    {
        PointPrediction[] rows = Points.Predict(
            _mlContext, Fit([.. Points.Draw(1, seed: 1, classCount: 1)]), Points.Draw(3, seed: 2));

        Assert.IsTrue(rows.All(row => row.PredictedLabel == "ant" && row.Score is [1f]));
    }

    [TestMethod]
    public void Duplicate_rows_with_different_labels_are_all_remembered_or_shared()
    {
        Point[] train = [.. Enumerable.Range(0, 12).Select(row => new Point
        {
            Label = row % 2 == 0 ? "ant" : "bee",
            Features = [1, 2, 3],
        })];

        PointPrediction row = Points.Predict(_mlContext, Fit(train), [train[0]]).Single();

        Assert.IsTrue(row.Score.All(value => value > 0.2f), string.Join(' ', row.Score));
    }

    [TestMethod]
    public void A_label_never_seen_in_training_is_a_miss()
    {
        ITransformer model = Fit(Points.Draw(120, seed: 1));
        Point[] test = [.. Points.Draw(50, seed: 2), new Point { Label = "eel", Features = [1, 0, 0] }];

        MulticlassClassificationMetrics metrics = _mlContext.MulticlassClassification.Evaluate(
            model.Transform(Points.View(_mlContext, test)));

        Assert.IsGreaterThan(0.5, metrics.MicroAccuracy);
    }

    [TestMethod]
    public void Features_of_another_size_are_refused()
    {
        ITransformer model = CreateTrainer(_mlContext).Fit(Points.Keyed(_mlContext, Points.Draw(30, seed: 1)));
        IDataView data = _mlContext.Data.LoadFromEnumerable(new[] { new Pair() });

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => model.Transform(data));

        Assert.AreEqual(
            "Column 'Features' must be a vector of 3 values to match the memory. Got 2. "
            + "Use the features that the memory was trained on.",
            error.Message);
    }

    [TestMethod]
    public void Rows_of_a_prediction_engine_are_those_of_short_passes()
    {
        Point[] test = Points.Draw(30, seed: 5);
        ITransformer model = Fit(Points.Draw(120, seed: 4));
        var engine = _mlContext.Model.CreatePredictionEngine<Point, PointPrediction>(model);

        foreach (Point point in test)
            Points.AssertSame(Points.Predict(_mlContext, model, [point]), [engine.Predict(point)]);
    }

    /// <summary>Makes the trainer with settings that suit a few hundred points of three features.</summary>
    private protected abstract IEstimator<ITransformer> CreateTrainer(MLContext mlContext);

    private static string[] Names => ["ant", "bee", "cat"];

    private ITransformer Fit(Point[] points)
    {
        // The names are mapped in alphabetical order, so that scores have the same order in every test.
        var order = Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue;
        return _mlContext.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: order)
            .Append(CreateTrainer(_mlContext))
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(Points.View(_mlContext, points));
    }

    private string Save(ITransformer model, string name)
    {
        string path = Path.Combine(_folder, name);
        _mlContext.Model.Save(model, Points.View(_mlContext, []).Schema, path);
        return path;
    }

    private byte[] SavedStream(ITransformer model, string name) => ModelFiles.MemoryStreamOf(Save(model, name));

    private sealed class Pair
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [1, 2];
    }
}
