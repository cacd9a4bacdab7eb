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

    private sealed class AppliedRow
    {
        public long[] PredictedLabel { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
