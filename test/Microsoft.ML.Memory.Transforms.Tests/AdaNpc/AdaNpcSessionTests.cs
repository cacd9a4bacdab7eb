// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class AdaNpcSessionTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void A_session_keeps_what_it_learns_and_the_model_does_not()
    {
        AdaNpcTransformer model = Fit();
        AdaNpcSession session = model.CreateAdaptiveSession();
        Point[] stream = Points.Draw(50, seed: 2);
        PointKey[] before = Transform(model, stream);

        AdaptivePrediction[] adapted = [.. session.Adapt(Points.View(_mlContext, stream))];

        Assert.AreEqual(60 + adapted.Count(row => row.AddedId is not null), session.Count);
        Assert.IsGreaterThan(60, session.Count);
        Assert.AreEqual(60, model.Model.Memory.Count);
        for (int row = 0; row < 50; row++)
        {
            CollectionAssert.AreEqual(before[row].Score, adapted[row].Scores.ToArray());
            Assert.AreEqual(model.ClassNames[(int)before[row].PredictedLabel - 1], adapted[row].Label);
        }
    }

    [TestMethod]
    public void Rows_one_by_one_equal_rows_of_a_view()
    {
        AdaNpcSession one = Fit().CreateAdaptiveSession();
        AdaNpcSession many = Fit().CreateAdaptiveSession();
        Point[] stream = Points.Draw(40, seed: 2);

        string[] expected = [.. many.Adapt(Points.View(_mlContext, stream)).Select(Describe)];
        string[] actual = [.. stream.Select(point => Describe(one.Adapt(point.Features)))];

        CollectionAssert.AreEqual(expected, actual);
        CollectionAssert.AreEqual(
            stream.Select(point => Describe(one.Predict(point.Features))).ToArray(),
            many.Predict(Points.View(_mlContext, stream)).Select(Describe).ToArray());
    }

    [TestMethod]
    public void A_resumed_session_goes_on_as_the_one_that_was_saved_and_resets_to_the_model()
    {
        AdaNpcTransformer model = Fit();
        AdaNpcSession session = model.CreateAdaptiveSession();
        session.Adapt(Points.View(_mlContext, Points.Draw(50, seed: 2)));
        session.Learn([0, 0, 1], "ant");
        using var stream = new MemoryStream();
        session.Save(stream);
        stream.Position = 0;

        AdaNpcSession resumed = model.ResumeAdaptiveSession(stream);

        Assert.AreEqual(session.Count, resumed.Count);
        Assert.AreEqual(session.Capacity, resumed.Capacity);
        Point[] next = Points.Draw(50, seed: 3);
        CollectionAssert.AreEqual(
            session.Adapt(Points.View(_mlContext, next)).Select(Describe).ToArray(),
            resumed.Adapt(Points.View(_mlContext, next)).Select(Describe).ToArray());
        resumed.Reset();
        Assert.AreEqual(60, resumed.Count);
    }

    [TestMethod]
    public void A_session_becomes_a_model_that_starts_where_it_stands()
    {
        AdaNpcSession session = Fit().CreateAdaptiveSession();
        session.Adapt(Points.View(_mlContext, Points.Draw(50, seed: 2)));
        string path = Path.GetTempFileName();
        try
        {
            _mlContext.Model.Save(session.ToTransformer(), null, path);
            AdaNpcTransformer loaded = _mlContext.Model.Load(path, out _).FindMemory<AdaNpcTransformer>();

            Point[] next = Points.Draw(20, seed: 3);
            CollectionAssert.AreEqual(
                session.Predict(Points.View(_mlContext, next)).Select(Describe).ToArray(),
                loaded.CreateAdaptiveSession().Predict(Points.View(_mlContext, next)).Select(Describe).ToArray());
            CollectionAssert.AreEqual(
                session.Snapshot().Notes.SelectMany(note => note.ParentIds).ToArray(),
                loaded.Model.Notes.SelectMany(note => note.ParentIds).ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void A_session_of_other_features_or_classes_is_refused()
    {
        using var stream = new MemoryStream();
        Fit().CreateAdaptiveSession().Save(stream);

        stream.Position = 0;
        AdaNpcTransformer others = Fit(new AdaNpcOptions { FeatureColumnName = "Other" }, "Other");
        Assert.AreEqual(
            "The session must have features 'Other' of 3 values, as the model. Got 'Features' of 3. "
            + "Resume it with the model that started it.",
            Assert.ThrowsExactly<InvalidDataException>(() => others.ResumeAdaptiveSession(stream)).Message);

        stream.Position = 0;
        AdaNpcTransformer more = Train(Points.Draw(60, seed: 1, classCount: 4), new AdaNpcOptions());
        Assert.AreEqual(
            $"The session must have the classes {string.Join(", ", more.ClassNames)}, as the model. "
            + $"Got {string.Join(", ", Fit().ClassNames)}. Resume it with the model that started it.",
            Assert.ThrowsExactly<InvalidDataException>(() => more.ResumeAdaptiveSession(stream)).Message);

        stream.Position = 0;
        AdaNpcTransformer smaller = Train(Points.Draw(58, seed: 1), new AdaNpcOptions { Capacity = 58 });
        Assert.AreEqual(
            "The session must have at most 58 entries, the model's capacity. Got 60. "
            + "Resume it with the model that started it.",
            Assert.ThrowsExactly<InvalidDataException>(() => smaller.ResumeAdaptiveSession(stream)).Message);
    }

    [TestMethod]
    public void A_damaged_session_is_refused()
    {
        AdaNpcTransformer model = Fit();
        using var stream = new MemoryStream();
        model.CreateAdaptiveSession().Save(stream);
        byte[] bytes = stream.ToArray();
        for (int place = 0; place < bytes.Length; place += 3)
        {
            byte[] damaged = [.. bytes];
            damaged[place] ^= 4;

            Assert.ThrowsExactly<InvalidDataException>(
                () => model.ResumeAdaptiveSession(new MemoryStream(damaged)), $"byte {place}");
        }
    }

    [TestMethod]
    public void Feedback_teaches_corrects_and_is_forgotten()
    {
        AdaNpcSession session = Fit(new AdaNpcOptions { NeighborCount = 1, ConfidenceThreshold = 0 })
            .CreateAdaptiveSession();
        float[] odd = [-5, -5, -5];

        AdaptivePrediction first = session.Adapt(odd);
        string other = first.Label == "ant" ? "bee" : "ant";
        long corrected = session.Correct(first.AddedId!.Value, other);
        Assert.AreEqual(other, session.Predict(odd).Label);

        session.Remove(corrected);
        Assert.AreEqual(first.Label, session.Predict(odd).Label);

        Assert.IsTrue(session.Learn(odd, other));
        Assert.AreEqual(other, session.Predict(odd).Label);
        Assert.AreEqual(20, session.Learn(Points.View(_mlContext, Points.Draw(20, seed: 9))));
        Assert.AreEqual(81, session.Count);
    }

    [TestMethod]
    public void Removal_with_descendants_and_condensing_work_on_a_session()
    {
        AdaNpcSession session = Fit(new AdaNpcOptions { NeighborCount = 3, ConfidenceThreshold = 0 })
            .CreateAdaptiveSession();
        AdaptivePrediction[] rows = [.. session.Adapt(Points.View(_mlContext, Points.Draw(50, seed: 2)))];
        long parent = rows[^1].NeighborIds[0];

        IReadOnlyList<long> removed = session.RemoveWithDescendants(parent);

        CollectionAssert.IsSubsetOf(new[] { parent, rows[^1].AddedId!.Value }, removed.ToArray());
        session.Condense(2);
        Assert.IsLessThanOrEqualTo(60 + 6, session.Count);
    }

    [TestMethod]
    public void Unknown_classes_and_wrong_lengths_are_refused_and_change_nothing()
    {
        AdaNpcSession session = Fit().CreateAdaptiveSession();

        Assert.AreEqual(
            "label must be a class of the model. Got 'eel'. Train a model with that class. (Parameter 'label')",
            Assert.ThrowsExactly<ArgumentException>(() => session.Learn([1, 0, 0], "eel")).Message);
        Assert.AreEqual(
            "label must be a class of the model. Got 'dog'. Train a model with that class. (Parameter 'label')",
            Assert.ThrowsExactly<ArgumentException>(
                () => session.Learn(Points.View(_mlContext, Points.Draw(40, seed: 2, classCount: 4)))).Message);
        Assert.AreEqual(
            "features must be [3] = 3 values long. Got 2. (Parameter 'features')",
            Assert.ThrowsExactly<ArgumentException>(() => session.Adapt([1, 2])).Message);
        Assert.AreEqual(60, session.Count);
    }

    [TestMethod]
    public void Concurrent_callers_lose_nothing()
    {
        AdaNpcSession session = Fit(new AdaNpcOptions { ConfidenceThreshold = 0, Capacity = 400 })
            .CreateAdaptiveSession();
        Point[] stream = Points.Draw(400, seed: 2);

        Parallel.For(0, 8, worker =>
        {
            for (int row = worker; row < 400; row += 8)
            {
                AdaptivePrediction prediction = session.Adapt(stream[row].Features);
                Assert.AreEqual(1.0, prediction.Scores.Sum(score => (double)score), 1e-6);
                session.Predict(stream[row].Features);
                if (row % 50 == 7) session.Snapshot();
            }
        });

        Assert.AreEqual(400, session.Count);
        Assert.AreEqual(400, session.Report().Domains.Single().RowCount);
        Assert.AreEqual(60, session.Report().Domains.Single().EvictedCount);
        Assert.AreEqual(400, session.Memory().Entries.Select(entry => entry.Id).Distinct().Count());
    }

    private static string Describe(AdaptivePrediction row)
        => $"{row.Label} {row.ClassIndex} {row.Confidence:R} {row.AddedId} {row.EvictedId} "
            + $"{string.Join(' ', row.Scores)} {string.Join(' ', row.NeighborIds)}";

    private AdaNpcTransformer Fit(AdaNpcOptions? options = null, string featureColumnName = "Features")
        => Train(Points.Draw(60, seed: 1), options ?? new AdaNpcOptions(), featureColumnName);

    private AdaNpcTransformer Train(Point[] points, AdaNpcOptions options, string featureColumnName = "Features")
    {
        IDataView data = Points.Keyed(_mlContext, points);
        if (featureColumnName != "Features")
            data = _mlContext.Transforms.CopyColumns(featureColumnName, "Features").Fit(data).Transform(data);
        return _mlContext.MulticlassClassification.Trainers.AdaNpc(options).Fit(data);
    }

    private PointKey[] Transform(AdaNpcTransformer model, Point[] points)
        => [.. _mlContext.Data.CreateEnumerable<PointKey>(
            model.Transform(Points.View(_mlContext, points)), reuseRowObject: false)];

    private sealed class PointKey
    {
        [Microsoft.ML.Data.KeyType(3)]
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }
}
