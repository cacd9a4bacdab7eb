// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class MemoryChainTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Rows_before_a_memory_are_those_that_it_was_fitted_on()
    {
        Point[] known = Points.Draw(100, seed: 1);
        ITransformer model = Pipeline().Fit(Points.View(_mlContext, known));
        var memory = model.FindMemory<VisualMemoryTransformer>();

        IDataView rows = model.TransformBefore<VisualMemoryTransformer>(Points.View(_mlContext, known));

        float[] key = new float[memory.Model.Dimension];
        float[][] features = [.. rows.GetColumn<float[]>("Both")];
        Assert.HasCount(100, features);
        foreach (Entry entry in memory.Model.Entries)
        {
            memory.Model.CopyKey(entry.Position, key);
            CollectionAssert.AreEqual(key, features[entry.Id]);
        }
    }

    [TestMethod]
    public void A_model_learns_a_new_class_from_rows_as_it_takes_them()
    {
        ITransformer model = Pipeline().Fit(Points.View(_mlContext, Points.Draw(100, seed: 1)));
        Point[] dogs = [.. Points.Draw(100, seed: 4, classCount: 4).Where(point => point.Label == "dog")];
        IDataView rows = model.TransformBefore<VisualMemoryTransformer>(Points.View(_mlContext, dogs));

        ITransformer taught = model.WithMemory(model.FindMemory<VisualMemoryTransformer>().Add(rows, "Label"));

        Assert.AreEqual("dog", Points.Predict(_mlContext, taught, [dogs[1]]).Single().PredictedLabel);
    }

    [TestMethod]
    public void Rows_before_a_memory_alone_are_the_rows_themselves()
    {
        IDataView rows = Points.Keyed(_mlContext, Points.Draw(10, seed: 1));
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(10, seed: 1));

        Assert.AreSame(rows, memory.TransformBefore<VisualMemoryTransformer>(rows));
    }

    [TestMethod]
    public void A_model_without_the_memory_or_with_two_is_refused()
    {
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(10, seed: 1));
        ITransformer twice = memory.Append(memory);
        IDataView rows = Points.View(_mlContext, []);

        Assert.AreEqual(
            "The model must hold exactly one AdaNpcTransformer. Got 0.",
            Assert.ThrowsExactly<InvalidOperationException>(
                () => memory.TransformBefore<AdaNpcTransformer>(rows)).Message);
        Assert.AreEqual(
            "The model must hold exactly one VisualMemoryTransformer. Got 2. FindMemories gives them all; WithMemory "
            + "and TransformBefore take the one that is meant.",
            Assert.ThrowsExactly<InvalidOperationException>(
                () => twice.TransformBefore<VisualMemoryTransformer>(rows)).Message);
    }

    [TestMethod]
    public void One_of_two_memories_is_found_fed_and_exchanged()
    {
        Point[] known = Points.Draw(100, seed: 1);
        ITransformer model = Lookup("First").Append(_mlContext.Transforms.NormalizeMeanVariance("Features"))
            .Append(Lookup("Second")).Fit(Points.View(_mlContext, known));
        IDataView rows = Points.View(_mlContext, Points.Draw(3, seed: 2));

        IReadOnlyList<NearestNeighborsTransformer> lookups = model.FindMemories<NearestNeighborsTransformer>();
        ITransformer larger = model.WithMemory(
            lookups[1].Add(model.TransformBefore(rows, lookups[1])), inPlaceOf: lookups[1]);

        Assert.HasCount(2, lookups);
        Assert.AreEqual("First", lookups[0].Options.IdsColumnName);
        Assert.AreSame(rows, model.TransformBefore(rows, lookups[0]));
        CollectionAssert.AreEqual(
            new[] { 100, 103 },
            larger.FindMemories<NearestNeighborsTransformer>().Select(lookup => lookup.Bank.Count).ToArray());
        CollectionAssert.AreEqual(
            new long[] { 100, 101, 102 },
            larger.Transform(rows).GetColumn<long[]>("Second").Select(ids => ids[0]).ToArray());
    }

    [TestMethod]
    public void A_memory_of_another_model_is_refused()
    {
        VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(10, seed: 1));
        VisualMemoryTransformer other = memory.Remove(0);
        IDataView rows = Points.View(_mlContext, []);

        Assert.IsEmpty(memory.FindMemories<AdaNpcTransformer>());
        Assert.AreEqual(
            "inPlaceOf must be a part of the model. Got a VisualMemoryTransformer that is not. Take one that "
            + "FindMemories gives. (Parameter 'inPlaceOf')",
            Assert.ThrowsExactly<ArgumentException>(() => memory.WithMemory(other, inPlaceOf: other)).Message);
        Assert.AreEqual(
            "memory must be a part of the model. Got a VisualMemoryTransformer that is not. Take one that "
            + "FindMemories gives. (Parameter 'memory')",
            Assert.ThrowsExactly<ArgumentException>(() => memory.TransformBefore(rows, other)).Message);
    }

    [TestMethod]
    public void Nothing_given_is_an_error()
    {
        ITransformer memory = Points.FitMemory(_mlContext, Points.Draw(10, seed: 1)), none = null!;

        Assert.ThrowsExactly<ArgumentNullException>(() => none.FindMemory<VisualMemoryTransformer>());
        Assert.ThrowsExactly<ArgumentNullException>(() => memory.WithMemory<VisualMemoryTransformer>(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => memory.TransformBefore<VisualMemoryTransformer>(null!));
    }

    private IEstimator<ITransformer> Lookup(string name)
        => _mlContext.Transforms.NearestNeighbors(new NearestNeighborsOptions
        {
            FeatureColumnName = "Features",
            IdsColumnName = name,
            DistancesColumnName = name + "Distances",
            NeighborCount = 1,
            Metric = Metric.SquaredEuclidean,
        });

    /// <summary>Two chains, one in the other, with the memory in the inner one and labels of both kinds.</summary>
    private IEstimator<ITransformer> Pipeline()
        => _mlContext.Transforms.NormalizeMeanVariance("Features")
            .Append(_mlContext.Transforms.Concatenate("Both", "Features", "Features")
                .Append(_mlContext.Transforms.Conversion.MapValueToKey("Key", "Label"))
                .Append(_mlContext.MulticlassClassification.Trainers.VisualMemory("Key", "Both", neighborCount: 5)))
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
}
