// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>Bottlenecks as graphs, against their own predictions.</summary>
[TestClass]
public sealed class BottleneckExportTests
{
    private const int Dimension = 12;

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    [DataRow(HeadSplit.RandomProjection, 1, true, true)]
    [DataRow(HeadSplit.RandomProjection, 3, true, false)]
    [DataRow(HeadSplit.Chunk, 2, false, true)]
    [DataRow(HeadSplit.Chunk, 1, true, true)]
    public void A_graph_gives_what_the_transformer_gives(HeadSplit split, int fetches, bool isMasked, bool isNormalized)
    {
        KeyValueBottleneckTransformer bottleneck = _mlContext.MulticlassClassification.Trainers
            .KeyValueBottleneck(new KeyValueBottleneckOptions
            {
                HeadCount = 4,
                PairCount = 16,
                KeyDimension = 5,
                Split = split,
                FetchCount = fetches,
                MaskUnusedPairs = isMasked,
                NormalizeFeatures = isNormalized,
                Epochs = 3,
            })
            .Fit(VectorRows.Keyed(_mlContext, VectorRows.Draw(200, Dimension, classCount: 4, seed: 1)));
        VectorRow<string>[] queries = VectorRows.Draw(60, Dimension, 4, seed: 2);
        queries[4].Features = new float[Dimension];
        queries[9].Features = [.. queries[9].Features];
        queries[9].Features[3] = float.NaN;
        OwnRun own = OwnRun.Of(bottleneck, VectorRows.View(_mlContext, queries));
        using GraphRun graph = GraphRun.Of(bottleneck, new OnnxExportOptions { Labels = OnnxLabels.Keys });

        foreach (int batch in (int[])[1, 7, 60])
            GraphAssert.Same(own, graph.Run(VectorRows.Flat(queries), Dimension, batch), $"batch {batch}");
    }

    [TestMethod]
    public void Bytes_are_refused()
    {
        KeyValueBottleneckTransformer bottleneck = _mlContext.MulticlassClassification.Trainers
            .KeyValueBottleneck(new KeyValueBottleneckOptions { HeadCount = 2, PairCount = 4, Epochs = 1 })
            .Fit(VectorRows.Keyed(_mlContext, VectorRows.Draw(20, Dimension, classCount: 2, seed: 1)));

        ExportRefusal.Assert<InvalidOperationException>(
            "OnnxExportOptions.Weights must be Single for KeyValueBottleneckTransformer, which has no entries to "
            + "round. Got Int8.",
            () => GraphRun.Export(bottleneck, new OnnxExportOptions { Weights = OnnxWeights.Int8 }));
    }
}
