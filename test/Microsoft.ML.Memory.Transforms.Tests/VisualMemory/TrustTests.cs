// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>Pruning, calibration, rejection, class maps and tuning of a visual memory.</summary>
[TestClass]
public sealed class TrustTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void A_mislabelled_entry_is_pruned_and_its_neighbours_move_up()
    {
        Point[] train = [.. Points.Draw(60, seed: 1, classCount: 2)];
        foreach (Point point in train) point.Features = [point.Label == "ant" ? 1 : 0, 1, point.Id / 1000f];
        Point liar = train.First(point => point.Label == "ant" && point.Id > 20);
        liar.Label = "bee";
        var options = new VisualMemoryOptions
        {
            NeighborCount = 3,
            IdColumnName = "Id",
            Metric = Metric.SquaredEuclidean,
            NeighborColumns = NeighborColumns.Weights,
            Rejection = new RejectionOptions { Score = UnknownScoreKind.VoteEntropy },
        };

        var pruning = new PruningOptions { Kind = PruningKind.WrongMinusCorrect };

        TrustPrediction plain = Predict(Fit(train, options), [liar])[0];
        TrustPrediction pruned = Predict(Fit(train, options with { Pruning = pruning }), [liar])[0];

        Assert.IsGreaterThan(0.4f, plain.NeighborWeights[0]);
        Assert.AreEqual("ant", pruned.PredictedLabel);
        float sum = (1 / 2f) + (1 / 3f);
        Assert.AreEqual(0, pruned.NeighborWeights[0]);
        Assert.AreEqual(1 / 2f / sum, pruned.NeighborWeights[1], 1e-6f);
        Assert.AreEqual(1 / 3f / sum, pruned.NeighborWeights[2], 1e-6f);
        Assert.AreEqual(liar.Id, Fit(train, options).Reliability().MostWrong(1)[0].Id);
    }

    [TestMethod]
    public void Add_equals_a_fit_on_everything_with_every_option()
    {
        Point[] first = Points.Draw(70, seed: 1, classCount: 2);
        Point[] second = Points.Draw(50, seed: 2, classCount: 4, firstId: 70);
        foreach (VisualMemoryOptions options in Trusting.EveryOption())
        {
            VisualMemoryTransformer grown = Fit(first, options).Add(Points.Keyed(_mlContext, second));
            VisualMemoryTransformer fresh = Fit([.. first, .. second], options);

            AssertSame(fresh, grown, $"{options.Rejection}");
            CollectionAssert.AreEqual(Trusting.Saved(_mlContext, fresh), Trusting.Saved(_mlContext, grown));
        }
    }

    [TestMethod]
    public void Remove_equals_a_fit_without_the_rows_with_every_option()
    {
        Point[] train = Points.Draw(90, seed: 1);
        foreach (VisualMemoryOptions options in Trusting.EveryOption())
        {
            VisualMemoryTransformer removed = Fit(train, options).RemoveWhere(
                entry => entry.Id > 8 && entry.Id % 4 == 0);
            VisualMemoryTransformer fresh = Fit(train.Where(point => point.Id <= 8 || point.Id % 4 != 0), options);

            AssertSame(fresh, removed, $"{options.Rejection}");
        }
    }

    [TestMethod]
    public void T1_8_removing_and_adding_again_restores_every_prediction()
    {
        Point[] train = Points.Draw(60, seed: 1);
        foreach (VisualMemoryOptions options in Trusting.EveryOption())
        {
            VisualMemoryTransformer memory = Fit(train, options);

            VisualMemoryTransformer again = memory.Remove(33).Add(Points.Keyed(_mlContext, [train[33]]));

            AssertSame(memory, again, $"{options.Rejection}");
        }
    }

    [TestMethod]
    public void Saving_and_loading_keeps_everything()
    {
        Point[] train = Points.Draw(80, seed: 1);
        foreach (VisualMemoryOptions options in Trusting.EveryOption())
        {
            VisualMemoryTransformer memory = Fit(train, options)
                .WithKnownRows(Points.Keyed(_mlContext, Points.Draw(30, seed: 4)));
            if (options.Calibration == CalibrationKind.None)
                memory = memory.Calibrate(Points.Keyed(_mlContext, Points.Draw(30, seed: 5)));

            VisualMemoryTransformer loaded = Trusting.Reload(_mlContext, memory);

            Assert.AreEqual(memory.Options, loaded.Options);
            AssertSame(memory, loaded, $"{options.Rejection}");
            AssertSame(memory.Remove(3), loaded.Remove(3), $"{options.Rejection}, edited");
            CollectionAssert.AreEqual(Trusting.Saved(_mlContext, memory), Trusting.Saved(_mlContext, loaded));
        }
    }

    [TestMethod]
    public void One_row_one_class_and_an_empty_memory_predict()
    {
        Point[] one = Points.Draw(1, seed: 1);
        foreach (VisualMemoryOptions options in Trusting.EveryOption())
        {
            VisualMemoryTransformer single = Fit(one, options);
            VisualMemoryTransformer pair = Fit([one[0], Points.Draw(1, seed: 1, firstId: 7)[0]], options);
            VisualMemoryTransformer empty = Trusting.Reload(_mlContext, single.RemoveWhere(_ => true));

            TrustPrediction known = Predict(single, one)[0];
            TrustPrediction twice = Predict(pair, one)[0];
            TrustPrediction nothing = Predict(empty, one)[0];

            Assert.IsFalse(known.IsUnknown, $"{options.Rejection}");
            Assert.AreEqual(1, known.Score.Sum(), 1e-6f);
            Assert.AreNotEqual("", twice.PredictedLabel);
            Assert.IsFalse(float.IsNaN(twice.UnknownScore) || float.IsNaN(known.UnknownScore));
            Assert.AreEqual("", nothing.PredictedLabel);
            Assert.IsTrue(nothing.IsUnknown);
            Assert.AreEqual(float.PositiveInfinity, nothing.UnknownScore);
        }
    }

    [TestMethod]
    public void Far_points_are_unknown_and_the_kept_rate_moves_the_border()
    {
        var options = new VisualMemoryOptions
        {
            NeighborCount = 5,
            Metric = Metric.SquaredEuclidean,
            NeighborColumns = NeighborColumns.Weights,
            Rejection = new RejectionOptions { Score = UnknownScoreKind.KthDistance },
        };
        VisualMemoryTransformer memory = Fit(Points.Draw(300, seed: 1), options);
        Point[] known = Points.Draw(400, seed: 2);

        Assert.IsTrue(Predict(memory, [new Point { Features = [9, 9, 9] }])[0].IsUnknown);
        int[] passed = [.. new[] { 0.5, 0.9, 0.99 }.Select(
            rate => Predict(memory.WithKeptRate(rate), known).Count(row => !row.IsUnknown))];
        Assert.AreEqual(200, passed[0], 40);
        Assert.AreEqual(360, passed[1], 20);
        Assert.AreEqual(396, passed[2], 8);
    }

    [TestMethod]
    public void Known_rows_pass_at_the_asked_rate_exactly()
    {
        Point[] held = Points.Draw(200, seed: 3);
        var options = new VisualMemoryOptions
        {
            NeighborCount = 5,
            NeighborColumns = NeighborColumns.Weights,
            Rejection = new RejectionOptions { Score = UnknownScoreKind.NearestDistance },
        };

        VisualMemoryTransformer memory = Fit(Points.Draw(300, seed: 1), options)
            .WithKnownRows(Points.View(_mlContext, held));

        Assert.AreEqual(190, Predict(memory, held).Count(row => !row.IsUnknown));
        Assert.AreEqual(150, Predict(memory.WithKeptRate(0.75), held).Count(row => !row.IsUnknown));
    }

    [TestMethod]
    public void Calibrate_lowers_the_loss_of_its_rows_and_keeps_the_labels()
    {
        var options = new VisualMemoryOptions { NeighborCount = 200 };
        VisualMemoryTransformer memory = Fit(Points.Draw(300, seed: 1), options);
        IDataView held = Points.Keyed(_mlContext, Points.Draw(300, seed: 2));

        VisualMemoryTransformer calibrated = memory.Calibrate(held);

        CalibrationReport before = memory.MeasureCalibration(held), after = calibrated.MeasureCalibration(held);
        Assert.IsLessThan(before.LogLoss - 0.01, after.LogLoss);
        Assert.AreEqual(before.Accuracy, after.Accuracy);
        Assert.IsLessThan(before.CalibrationError, after.CalibrationError);
        Assert.AreEqual(CalibrationKind.PowerTemperature, calibrated.Options.Calibration);
    }

    [TestMethod]
    public void Calibration_on_the_memory_itself_lowers_the_loss_of_other_rows()
    {
        var options = new VisualMemoryOptions { NeighborCount = 200 };
        IDataView test = Points.Keyed(_mlContext, Points.Draw(300, seed: 2));
        Point[] train = Points.Draw(300, seed: 1);

        double before = Fit(train, options).MeasureCalibration(test).LogLoss;
        double after = Fit(train, options with { Calibration = CalibrationKind.PowerTemperature })
            .MeasureCalibration(test).LogLoss;

        Assert.IsLessThan(before - 0.01, after);
    }

    [TestMethod]
    [DataRow(PruningKind.None)]
    [DataRow(PruningKind.Soft)]
    public void TuneVote_finds_what_memories_with_each_setting_would(PruningKind pruning)
    {
        Point[] train = Points.Draw(120, seed: 1);
        Point[] validation = Points.Draw(100, seed: 2);
        IDataView view = Points.Keyed(_mlContext, validation);
        var options = new VisualMemoryOptions { Pruning = new PruningOptions { Kind = pruning } };
        VisualMemoryTransformer memory = Fit(train, options);

        VoteTuning tuning = memory.TuneVote(view, 12, [0.5, 2]);

        Assert.HasCount(24, tuning.Trials);
        foreach (VoteTrial trial in tuning.Trials)
        {
            CalibrationReport alone = memory.WithVote(trial.NeighborCount, trial.RankOffset).MeasureCalibration(view);
            Assert.AreEqual(alone.Accuracy, tuning.AccuracyOf(trial), 1e-12, $"{trial}");
        }

        VoteTrial best = tuning.Trials.OrderByDescending(trial => trial.Correct).ThenBy(trial => trial.NeighborCount)
            .First();
        Assert.AreEqual(best, tuning.Best);
        Assert.Contains($"| {best.NeighborCount} |", tuning.ToTable());
    }

    [TestMethod]
    public void TuneVote_ends_at_the_size_of_the_memory()
    {
        VisualMemoryTransformer memory = Fit(
            Points.Draw(9, seed: 1), new VisualMemoryOptions { Vote = VoteKind.Plurality });

        VoteTuning tuning = memory.TuneVote(Points.Keyed(_mlContext, Points.Draw(20, seed: 2)));

        Assert.HasCount(9, tuning.Trials);
        Assert.AreEqual(20, tuning.RowCount);
    }

    [TestMethod]
    public void T1_9_ancestors_vote_instead_of_the_ancestor_of_the_winner()
    {
        string[] labels = ["cat", "dog", "dog'", "car", "car"];
        Point[] train = [.. labels.Select((label, index) => new Point
        {
            Label = label,
            Id = index,
            Features = [index + 1, 0, 0],
        })];
        var options = new VisualMemoryOptions
        {
            Metric = Metric.SquaredEuclidean,
            Vote = VoteKind.Plurality,
            NeighborColumns = NeighborColumns.Weights,
            Rejection = new RejectionOptions { Score = UnknownScoreKind.MaxProbability },
        };
        VisualMemoryTransformer leaves = Fit(train, options);

        VisualMemoryTransformer levels = leaves.WithClassMap(new Dictionary<string, string>
        {
            ["cat"] = "animal",
            ["dog"] = "animal",
            ["dog'"] = "animal",
        });

        TrustPrediction above = Predict(levels, [new Point()])[0];
        Assert.AreEqual("car", Predict(leaves, [new Point()])[0].PredictedLabel);
        Assert.AreEqual("animal", above.PredictedLabel);
        CollectionAssert.AreEqual(new[] { "animal", "car" }, levels.ClassNames.ToArray());
        CollectionAssert.AreEqual(new[] { 0.6f, 0.4f }, above.Score);
        CollectionAssert.AreEqual(leaves.ClassNames.ToArray(), levels.WithClassMap(null).ClassNames.ToArray());
        CollectionAssert.AreEqual(
            new[] { "animal" }, levels.RemoveWhere(entry => entry.Label == 3).DropEmptyClasses().ClassNames.ToArray());
    }

    [TestMethod]
    public void Shape_of_the_trainer_is_that_of_the_schema()
    {
        foreach (VisualMemoryOptions options in Trusting.EveryOption())
        {
            IDataView data = Points.Keyed(_mlContext, Points.Draw(30, seed: 1));
            var capture = new ShapeCapture();
            new EstimatorChain<ITransformer>().Append(capture).Fit(data);
            SchemaShape shape = _mlContext.MulticlassClassification.Trainers.VisualMemory(options)
                .GetOutputSchema(capture.Shape!);
            DataViewSchema schema = Fit(Points.Draw(30, seed: 1), options).GetOutputSchema(data.Schema);

            SchemaShape.Column unknown = shape.Single(column => column.Name == "IsUnknown");
            SchemaShape.Column score = shape.Single(column => column.Name == "UnknownScore");
            SchemaShape.Column label = shape.Single(column => column.Name == "PredictedLabel");
            Assert.AreEqual(schema["IsUnknown"].Type, unknown.ItemType);
            Assert.AreEqual(schema["UnknownScore"].Type, score.ItemType);
            Assert.AreEqual(TextDataViewType.Instance, label.Annotations.Single(
                column => column.Name == "KeyValues").ItemType);
            Assert.AreEqual(BooleanDataViewType.Instance, unknown.ItemType);
        }
    }

    private VisualMemoryTransformer Fit(IEnumerable<Point> points, VisualMemoryOptions options)
        => Points.FitMemory(_mlContext, points, options);

    private TrustPrediction[] Predict(VisualMemoryTransformer memory, IEnumerable<Point> points)
        => Trusting.Predict(_mlContext, memory, points);

    private void AssertSame(VisualMemoryTransformer expected, VisualMemoryTransformer actual, string what)
    {
        Point[] test = Points.Draw(50, seed: 9, classCount: 4);
        CollectionAssert.AreEqual(expected.ClassNames.ToArray(), actual.ClassNames.ToArray(), what);
        Trusting.AssertSame(Predict(expected, test), Predict(actual, test), what);
    }
}
