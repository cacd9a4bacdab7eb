// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>Compressed memories as graphs, against their own predictions.</summary>
[TestClass]
public sealed class CompressedMemoryExportTests
{
    private const int Dimension = 12;

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    [DataRow(CodeRead.Histogram, 20, true, 0)]
    [DataRow(CodeRead.Histogram, 3, false, 0)]
    [DataRow(CodeRead.Attention, 20, true, 0)]
    [DataRow(CodeRead.Attention, 20, true, 4)]
    [DataRow(CodeRead.Attention, 2, false, 4)]
    public void A_graph_gives_what_the_transformer_gives(CodeRead read, double gamma, bool isNormalized, int rank)
    {
        CompressedMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers
            .CompressedMemory(new CompressedMemoryOptions
            {
                CodeCount = 32,
                Read = read,
                Gamma = gamma,
                NormalizeFeatures = isNormalized,
                CorrectionRank = rank,
                Epochs = 3,
            })
            .Fit(VectorRows.Keyed(_mlContext, VectorRows.Draw(200, Dimension, classCount: 4, seed: 1)));
        memory = memory.Add(VectorRows.Keyed(_mlContext, VectorRows.Draw(30, Dimension, classCount: 6, seed: 4)));
        VectorRow<string>[] queries = VectorRows.Draw(60, Dimension, 4, seed: 2);
        queries[4].Features = new float[Dimension];
        queries[9].Features = [.. queries[9].Features];
        queries[9].Features[3] = float.NaN;
        OwnRun own = OwnRun.Of(memory, VectorRows.View(_mlContext, queries));
        using GraphRun graph = GraphRun.Of(memory, new OnnxExportOptions { Labels = OnnxLabels.Keys });

        foreach (int batch in (int[])[1, 7, 60])
            GraphAssert.Same(own, graph.Run(VectorRows.Flat(queries), Dimension, batch), $"batch {batch}");
    }

    [TestMethod]
    public void An_empty_memory_is_refused()
    {
        CompressedMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers
            .CompressedMemory(new CompressedMemoryOptions { CodeCount = 4, Epochs = 1 })
            .Fit(VectorRows.Keyed(_mlContext, VectorRows.Draw(5, Dimension, classCount: 2, seed: 1)));

        ExportRefusal.Assert<InvalidOperationException>(
            "A memory must hold at least one entry to be exported. Got an empty memory. Add entries first.",
            () => GraphRun.Export(memory.Remove(0, 1, 2, 3, 4)));
    }
}
