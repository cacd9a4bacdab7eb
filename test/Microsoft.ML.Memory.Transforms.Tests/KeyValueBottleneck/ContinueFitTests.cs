// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class ContinueFitTests
{
    private static readonly KeyValueBottleneckOptions _options = new()
    {
        HeadCount = 16,
        PairCount = 24,
        KeyDimension = 3,
        BatchSize = 32,
    };

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Classes_task_after_task_are_not_forgotten()
    {
        Point[] train = Points.Draw(800, seed: 1, classCount: 4);
        Point[] test = Points.Draw(300, seed: 2, classCount: 4);
        IDataView unlabelled = Points.View(_mlContext, train);

        KeyValueBottleneckTransformer joint = Trainer().Fit(Keyed(train), unlabelled);
        KeyValueBottleneckTransformer staged = Trainer().Fit(Keyed(Of(train, "ant", "bee")), unlabelled)
            .ContinueFit(Points.View(_mlContext, Of(train, "cat", "dog")));

        // Who forgets the first task knows half of the classes at most.
        double half = test.Count(point => point.Label is "cat" or "dog") / (double)test.Length;
        Assert.IsGreaterThan(0.75, Accuracy(joint, test));
        Assert.IsGreaterThan(half + 0.1, Accuracy(staged, test));
        CollectionAssert.AreEquivalent(new[] { "ant", "bee", "cat", "dog" }, staged.ClassNames.ToArray());
    }

    [TestMethod]
    public void ContinueFit_leaves_the_former_model_and_shares_its_keys()
    {
        KeyValueBottleneckTransformer first = Trainer().Fit(Keyed(Points.Draw(60, seed: 1)));
        Point[] test = Points.Draw(20, seed: 2);
        float[] before = Scores(first, test);

        KeyValueBottleneckTransformer second = first.ContinueFit(
            Points.View(_mlContext, Points.Draw(40, seed: 3, classCount: 4)));

        CollectionAssert.AreEqual(before, Scores(first, test));
        Assert.AreEqual(4, second.ClassCount);
        Assert.IsTrue(first.Model.KeyOf(3, 5) == second.Model.KeyOf(3, 5));
    }

    [TestMethod]
    public void ContinueFit_on_rows_of_one_known_class_keeps_the_others()
    {
        KeyValueBottleneckTransformer first = Trainer().Fit(Keyed(Points.Draw(300, seed: 1)));

        KeyValueBottleneckTransformer second = first.ContinueFit(
            Points.View(_mlContext, Of(Points.Draw(30, seed: 3), "ant")));

        Assert.AreEqual(3, second.ClassCount);
        Assert.IsGreaterThan(0.6, Accuracy(second, Points.Draw(200, seed: 2)));
    }

    [TestMethod]
    public void ContinueFit_without_a_labelled_row_changes_nothing()
    {
        KeyValueBottleneckTransformer first = Trainer().Fit(Keyed(Points.Draw(60, seed: 1)));

        Assert.AreSame(first, first.ContinueFit(Points.View(_mlContext, [new Point { Label = "" }])));
    }

    [TestMethod]
    public void ContinueFit_with_other_features_or_labels_is_refused()
    {
        KeyValueBottleneckTransformer first = Trainer().Fit(Keyed(Points.Draw(60, seed: 1)));
        IDataView others = _mlContext.Data.LoadFromEnumerable(new[] { new Flat() });

        Assert.AreEqual(
            "Column 'Features' must be a vector of 3 values to match the memory. Got 2. "
            + "Use the features that the memory was trained on.",
            Assert.ThrowsExactly<ArgumentException>(() => first.ContinueFit(others)).Message);
        Assert.AreEqual(
            "Column 'Weight' must hold the same type of label as the memory. Got Single. "
            + "Give the label as the memory was trained: a key with the same type of key values, or those values.",
            Assert.ThrowsExactly<ArgumentException>(
                () => first.ContinueFit(Points.View(_mlContext, Points.Draw(5, seed: 2)), "Weight")).Message);
    }

    [TestMethod]
    public void Keys_can_be_learned_from_rows_without_labels()
    {
        IDataView labelled = Keyed(Points.Draw(60, seed: 1));

        KeyValueBottleneckTransformer own = Trainer().Fit(labelled);
        KeyValueBottleneckTransformer same = Trainer().Fit(labelled, labelled);
        KeyValueBottleneckTransformer other = Trainer().Fit(
            labelled, Points.View(_mlContext, Points.Draw(300, seed: 7)));

        Assert.IsTrue(own.Model.KeyOf(0, 0).SequenceEqual(same.Model.KeyOf(0, 0)));
        Assert.IsFalse(own.Model.KeyOf(0, 0).SequenceEqual(other.Model.KeyOf(0, 0)));
        Assert.AreEqual(
            "KeyValueBottleneckTrainer.Fit must see at least one row to learn keys from. Got none in keyData.",
            Assert.ThrowsExactly<InvalidOperationException>(
                () => Trainer().Fit(labelled, Points.View(_mlContext, []))).Message);
    }

    [TestMethod]
    public void Every_option_survives_the_file_and_learning_goes_on_from_it()
    {
        var options = new KeyValueBottleneckOptions
        {
            HeadCount = 3,
            PairCount = 5,
            Split = HeadSplit.Chunk,
            NormalizeFeatures = false,
            KeyStart = KeyStart.Official,
            KeyDecay = 0.9,
            KeyEpsilon = 1e-4,
            DeadKeyFactor = 0.2,
            KeyEpochs = 3,
            FetchCount = 2,
            ValueStart = ValueStart.ClassLogOdds,
            LearningRate = 0.5,
            LearningRateScale = LearningRateScale.Official,
            LabelSmoothing = 0.05,
            GradientClip = null,
            Epochs = 2,
            BatchSize = 8,
            Shuffle = false,
            MaskUnusedPairs = false,
            Seed = 5,
        };
        var trainer = _mlContext.MulticlassClassification.Trainers.KeyValueBottleneck(options);
        KeyValueBottleneckTransformer model = trainer.Fit(Keyed(Points.Draw(60, seed: 1)));
        string path = Path.GetTempFileName();
        try
        {
            _mlContext.Model.Save(model, null, path);
            var loaded = _mlContext.Model.Load(path, out _).FindMemory<KeyValueBottleneckTransformer>();

            Assert.AreEqual(options, loaded.Options);
            IDataView more = Points.View(_mlContext, Points.Draw(30, seed: 4, classCount: 4));
            Point[] test = Points.Draw(20, seed: 2);
            CollectionAssert.AreEqual(Scores(model.ContinueFit(more), test), Scores(loaded.ContinueFit(more), test));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Point[] Of(Point[] points, params string[] labels)
        => [.. points.Where(point => labels.Contains(point.Label))];

    private KeyValueBottleneckTrainer Trainer()
        => _mlContext.MulticlassClassification.Trainers.KeyValueBottleneck(_options);

    private IDataView Keyed(Point[] points) => Points.Keyed(_mlContext, points);

    private float[] Scores(ITransformer model, Point[] points)
        => [.. model.Transform(Points.View(_mlContext, points)).GetColumn<float[]>("Score").SelectMany(row => row)];

    private double Accuracy(KeyValueBottleneckTransformer model, Point[] test)
    {
        uint[] predicted = [.. model.Transform(Points.View(_mlContext, test)).GetColumn<uint>("PredictedLabel")];
        return test.Zip(predicted).Count(each => each.First.Label == model.ClassNames[(int)each.Second - 1])
            / (double)test.Length;
    }

    private sealed class Flat
    {
        public string Label { get; set; } = "ant";

        [VectorType(2)]
        public float[] Features { get; set; } = [1, 2];
    }
}
