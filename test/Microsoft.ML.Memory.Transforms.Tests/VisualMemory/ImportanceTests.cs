// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Immutable;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class ImportanceTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Permuting_what_matters_hurts_most()
    {
        IDataView data = Data();
        var pipeline = _mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(_mlContext.Transforms.Concatenate("Features", "Useful", "Noise"))
            .Append(_mlContext.MulticlassClassification.Trainers.VisualMemory(
                new VisualMemoryOptions { NeighborCount = 5, Metric = Metric.SquaredEuclidean }));
        TransformerChain<VisualMemoryTransformer> model = pipeline.Fit(data);
        IDataView scored = model.Transform(data);

        ImmutableDictionary<string, MulticlassClassificationMetricsStatistics> byName =
            _mlContext.MulticlassClassification.PermutationFeatureImportance(model, scored, permutationCount: 3);
        ImmutableArray<MulticlassClassificationMetricsStatistics> bySlot =
            _mlContext.MulticlassClassification.PermutationFeatureImportance(
                model.LastTransformer, scored, permutationCount: 3);

        Assert.IsLessThan(-0.3, byName["Useful"].MicroAccuracy.Mean);
        Assert.IsGreaterThan(-0.2, byName["Noise"].MicroAccuracy.Mean);
        Assert.IsLessThan(bySlot[1].MicroAccuracy.Mean, bySlot[0].MicroAccuracy.Mean);
    }

    private IDataView Data()
    {
        var random = new Random(1);
        return _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 150).Select(_ =>
        {
            int label = random.Next(3);
            return new Row
            {
                Label = Points.Names[label],
                Useful = label + (0.2f * random.NextSingle()),
                Noise = 0.1f * random.NextSingle(),
            };
        }).ToArray());
    }

    private sealed class Row
    {
        public string Label { get; set; } = "";

        public float Useful { get; set; }

        public float Noise { get; set; }
    }
}
