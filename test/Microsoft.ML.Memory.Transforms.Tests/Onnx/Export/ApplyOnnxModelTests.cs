// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>Exported models in a pipeline of the host, which knows nothing of this library.</summary>
[TestClass]
public sealed class ApplyOnnxModelTests
{
    private const int Dimension = 12;

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void The_host_applies_an_exported_memory()
    {
        VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers.VisualMemory(neighborCount: 5)
            .Fit(VectorRows.Keyed(_mlContext, VectorRows.Draw(80, Dimension, classCount: 3, seed: 1)));
        using GraphRun probe = GraphRun.Of(memory);
        string path = Path.GetTempFileName();
        try
        {
            memory.ExportToOnnx(path, new OnnxExportOptions { Labels = OnnxLabels.Indices });
            IDataView rows = VectorRows.View(_mlContext, VectorRows.Draw(20, Dimension, 3, seed: 2));

            IDataView applied = _mlContext.Transforms
                .ApplyOnnxModel(["PredictedLabel", "Score"], ["Features"], path).Fit(rows).Transform(rows);

            OwnRun own = OwnRun.Of(memory, rows);
            AppliedRow[] found = [.. _mlContext.Data.CreateEnumerable<AppliedRow>(applied, reuseRowObject: false)];
            CollectionAssert.AreEqual(
                own.Keys.Select(key => (long)key - 1).ToArray(), found.Select(row => row.PredictedLabel[0]).ToArray());
            GraphAssert.Near(own.Scores, [.. found.SelectMany(row => row.Score)], "scores");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void The_host_reads_the_names_of_classes()
    {
        VectorRow<string>[] train =
        [
            new() { Label = "größer, als \"alle\"", Features = [1, 0] }, new() { Label = "小", Features = [0, 1] },
        ];
        VectorRow<string>[] asked = [.. train, new() { Features = [float.NaN, 0] }];
        VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers
            .VisualMemory(new VisualMemoryOptions
            {
                NeighborCount = 2,
                NeighborColumns = NeighborColumns.Labels,
            })
            .Fit(VectorRows.Keyed(_mlContext, train));
        using GraphRun probe = GraphRun.Of(memory);
        string path = Path.GetTempFileName();
        try
        {
            memory.ExportToOnnx(path);
            IDataView rows = VectorRows.View(_mlContext, asked);

            IDataView applied = _mlContext.Transforms
                .ApplyOnnxModel(["PredictedLabel", "NeighborLabels"], ["Features"], path).Fit(rows).Transform(rows);

            NamedRow[] found = [.. _mlContext.Data.CreateEnumerable<NamedRow>(applied, reuseRowObject: false)];
            CollectionAssert.AreEqual(
                new[] { train[0].Label, train[1].Label, "" }, found.Select(row => row.PredictedLabel[0]).ToArray());
            CollectionAssert.AreEqual(new[] { train[0].Label, train[1].Label }, found[0].NeighborLabels);
            CollectionAssert.AreEqual(new[] { "", "" }, found[2].NeighborLabels);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private sealed class NamedRow
    {
        public string[] PredictedLabel { get; set; } = [];

        public string[] NeighborLabels { get; set; } = [];
    }

    private sealed class AppliedRow
    {
        public long[] PredictedLabel { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
