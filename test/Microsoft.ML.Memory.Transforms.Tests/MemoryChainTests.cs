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
            "The model must hold exactly one VisualMemoryTransformer. Got 2.",
            Assert.ThrowsExactly<InvalidOperationException>(
                () => twice.TransformBefore<VisualMemoryTransformer>(rows)).Message);
    }

    [TestMethod]
    public void Nothing_given_is_an_error()
    {
        ITransformer memory = Points.FitMemory(_mlContext, Points.Draw(10, seed: 1)), none = null!;

        Assert.ThrowsExactly<ArgumentNullException>(() => none.FindMemory<VisualMemoryTransformer>());
        Assert.ThrowsExactly<ArgumentNullException>(() => memory.WithMemory<VisualMemoryTransformer>(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => memory.TransformBefore<VisualMemoryTransformer>(null!));
    }

    /// <summary>Two chains, one in the other, with the memory in the inner one and labels of both kinds.</summary>
    private IEstimator<ITransformer> Pipeline()
        => _mlContext.Transforms.NormalizeMeanVariance("Features")
            .Append(_mlContext.Transforms.Concatenate("Both", "Features", "Features")
                .Append(_mlContext.Transforms.Conversion.MapValueToKey("Key", "Label"))
                .Append(_mlContext.MulticlassClassification.Trainers.VisualMemory("Key", "Both", neighborCount: 5)))
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
}
