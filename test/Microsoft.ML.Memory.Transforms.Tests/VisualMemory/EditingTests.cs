// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class EditingTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Add_equals_a_fit_on_everything_bit_for_bit()
    {
        Point[] first = Points.Draw(80, seed: 1, classCount: 2);
        Point[] second = Points.Draw(80, seed: 2, classCount: 4, firstId: 80);
        Point[] test = Points.Draw(60, seed: 3, classCount: 4);

        VisualMemoryTransformer grown = Points.FitMemory(_mlContext, first).Add(Points.Keyed(_mlContext, second));
        VisualMemoryTransformer fresh = Points.FitMemory(_mlContext, [.. first, .. second]);

        CollectionAssert.AreEqual(fresh.ClassNames.ToArray(), grown.ClassNames.ToArray());
        Points.AssertSame(PredictKeys(fresh, test), PredictKeys(grown, test));
        CollectionAssert.AreEqual(Saved(fresh), Saved(grown));
    }

    [TestMethod]
    public void Add_takes_label_values_as_they_are()
    {
        Point[] more = Points.Draw(40, seed: 2, classCount: 4, firstId: 80);
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(80, seed: 1, classCount: 2));

        VisualMemoryTransformer fromKeys = memory.Add(Points.Keyed(_mlContext, more));
        VisualMemoryTransformer fromValues = memory.Add(Points.View(_mlContext, more));

        CollectionAssert.AreEqual(Saved(fromKeys), Saved(fromValues));
    }

    [TestMethod]
    public void A_new_class_is_known_at_once_and_forgotten_without_a_trace()
    {
        Point[] known = Points.Draw(120, seed: 1);
        Point[] test = Points.Draw(60, seed: 3);
        Point[] dogs = [.. Points.Draw(
            200, seed: 4, classCount: 4, firstId: 1000).Where(point => point.Label == "dog")];
        var options = new VisualMemoryOptions { NeighborCount = 5, IdColumnName = "Id" };
        VisualMemoryTransformer before = Points.FitMemory(_mlContext, known, options);

        VisualMemoryTransformer with = before.Add(Points.View(_mlContext, dogs));
        VisualMemoryTransformer after = with.Remove(dogs.Select(dog => dog.Id)).DropEmptyClasses();

        Assert.AreEqual("dog", PredictKeys(with, [dogs[0]])[0].PredictedLabel);
        Points.AssertSame(PredictKeys(before, test), PredictKeys(after, test));
        Assert.AreEqual(3, after.ClassCount);
        Assert.AreEqual(4, with.ClassCount);
        Assert.AreEqual(120 + dogs.Length, with.Model.Count);
    }

    [TestMethod]
    public void Remove_equals_a_fit_without_the_rows()
    {
        Point[] train = Points.Draw(100, seed: 1);
        Point[] test = Points.Draw(60, seed: 3);
        var options = new VisualMemoryOptions { NeighborCount = 5, IdColumnName = "Id" };

        VisualMemoryTransformer removed = Points.FitMemory(
            _mlContext, train, options).RemoveWhere(entry => entry.Id % 3 == 0);
        VisualMemoryTransformer fresh = Points.FitMemory(_mlContext, train.Where(point => point.Id % 3 != 0), options);

        Points.AssertSame(ByName(fresh, test), ByName(removed, test));
    }

    [TestMethod]
    public void Dropping_a_class_in_the_middle_keeps_the_others_apart()
    {
        Point[] train = Points.Draw(200, seed: 1, classCount: 4);
        Point[] test = Points.Draw(60, seed: 3, classCount: 4);
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, train);
        int bee = memory.ClassNames.ToList().IndexOf("bee");

        VisualMemoryTransformer without = memory.RemoveWhere(entry => entry.Label == bee);
        VisualMemoryTransformer dropped = without.DropEmptyClasses();

        Assert.AreEqual(3, dropped.ClassCount);
        CollectionAssert.DoesNotContain(dropped.ClassNames.ToArray(), "bee");
        CollectionAssert.AreEqual(
            PredictKeys(without, test).Select(row => row.PredictedLabel).ToArray(),
            PredictKeys(dropped, test).Select(row => row.PredictedLabel).ToArray());
    }

    [TestMethod]
    public void Dropping_a_class_in_the_middle_gives_no_number_twice()
    {
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(200, seed: 1, classCount: 4));
        int bee = memory.ClassNames.ToList().IndexOf("bee");
        VisualMemoryTransformer without = memory.Remove(199).RemoveWhere(entry => entry.Label == bee);

        VisualMemoryTransformer dropped = without.DropEmptyClasses();

        IDataView more = Points.View(_mlContext, Points.Draw(1, seed: 2));
        Assert.AreEqual(200, without.Add(more).Model.Entries.Last().Id);
        Assert.AreEqual(200, dropped.Add(more).Model.Entries.Last().Id);
    }

    [TestMethod]
    public void Adding_one_row_costs_the_room_of_few()
    {
        float[] features = new float[4096];
        features[0] = 1;
        IDataView one = _mlContext.Data.LoadFromEnumerable([new LongPoint { Label = "ant", Features = features }]);
        ITransformer keys = _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(one);
        VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers
            .VisualMemory(neighborCount: 1).Fit(keys.Transform(one));
        memory.Add(one);

        long before = GC.GetAllocatedBytesForCurrentThread();
        memory.Add(one);

        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void An_emptied_memory_predicts_no_label_and_equal_shares()
    {
        VisualMemoryTransformer empty = Points.FitMemory(_mlContext, Points.Draw(50, seed: 1)).RemoveWhere(_ => true);

        PointPrediction prediction = PredictKeys(empty, Points.Draw(1, seed: 2)).Single();

        Assert.AreEqual("", prediction.PredictedLabel);
        foreach (float score in prediction.Score) Assert.AreEqual(1 / 3f, score, 1e-7f);
        Assert.AreEqual(50, empty.Add(Points.View(_mlContext, Points.Draw(50, seed: 1))).Model.Count);
    }

    [TestMethod]
    public void Weights_multiply_votes()
    {
        Point[] train =
        [
            new() { Label = "ant", Features = [1, 0, 0], Weight = 1 },
            new() { Label = "bee", Features = [0.9f, 0.1f, 0], Weight = 3 },
        ];
        var options = new VisualMemoryOptions
        {
            NeighborCount = 2,
            Vote = VoteKind.Plurality,
            ExampleWeightColumnName = "Weight",
        };

        PointPrediction prediction = PredictKeys(
            Points.FitMemory(_mlContext, train, options), [new Point { Features = [1, 0, 0] }]).Single();

        Assert.AreEqual("bee", prediction.PredictedLabel);
        CollectionAssert.AreEqual(new[] { 0.25f, 0.75f }, prediction.Score);
    }

    [TestMethod]
    public void A_memory_in_a_chain_can_be_found_and_exchanged()
    {
        ITransformer model = Points.Pipeline(_mlContext).Fit(Points.View(_mlContext, Points.Draw(100, seed: 1)));
        Point[] dogs = [.. Points.Draw(100, seed: 4, classCount: 4).Where(point => point.Label == "dog")];

        ITransformer taught = model.WithMemory(
            model.FindMemory<VisualMemoryTransformer>().Add(Points.View(_mlContext, dogs)));

        Assert.AreEqual("dog", Points.Predict(_mlContext, taught, [dogs[1]]).Single().PredictedLabel);
        Assert.AreNotEqual("dog", Points.Predict(_mlContext, model, [dogs[1]]).Single().PredictedLabel);
    }

    /// <summary>
    /// Predicts with the scores in the order of the class names: two fits may number classes differently.
    /// </summary>
    private PointPrediction[] ByName(VisualMemoryTransformer memory, IEnumerable<Point> points)
    {
        int[] order = [.. Enumerable.Range(0, memory.ClassCount).OrderBy(
            index => memory.ClassNames[index], StringComparer.Ordinal)];
        return Array.ConvertAll(PredictKeys(memory, points), row => new PointPrediction
        {
            PredictedLabel = row.PredictedLabel,
            Score = Array.ConvertAll(order, index => row.Score[index]),
        });
    }

    private PointPrediction[] PredictKeys(VisualMemoryTransformer memory, IEnumerable<Point> points)
    {
        IDataView scored = memory.Transform(Points.View(_mlContext, points));
        IDataView named = _mlContext.Transforms.Conversion.MapKeyToValue(
            "PredictedLabel").Fit(scored).Transform(scored);
        return [.. _mlContext.Data.CreateEnumerable<PointPrediction>(named, reuseRowObject: false)];
    }

    private byte[] Saved(ITransformer model)
    {
        using var file = new MemoryStream();
        _mlContext.Model.Save(model, null, file);
        using var archive = new ZipArchive(file, ZipArchiveMode.Read);
        using var content = new MemoryStream();
        foreach (ZipArchiveEntry entry in archive.Entries.OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            using Stream stream = entry.Open();
            stream.CopyTo(content);
        }

        return content.ToArray();
    }

    private sealed class LongPoint
    {
        public string Label { get; set; } = "";

        [VectorType(4096)]
        public float[] Features { get; set; } = [];
    }
}
