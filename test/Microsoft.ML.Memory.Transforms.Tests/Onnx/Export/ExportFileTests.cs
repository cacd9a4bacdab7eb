// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>Files of exported models: rules, names, external data, failures.</summary>
[TestClass]
public sealed class ExportFileTests
{
    private const int Dimension = 12;

    private readonly MLContext _mlContext = new(seed: 0);
    private readonly string _folder = Directory.CreateTempSubdirectory("export").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void The_same_model_gives_the_same_bytes_which_keep_the_rules()
    {
        VisualMemoryTransformer memory = Fit(NeighborColumns.All);

        byte[] first = GraphRun.Export(memory);

        CollectionAssert.AreEqual(first, GraphRun.Export(memory));
        ModelProto model = GraphRules.Check(first);
        Dictionary<string, string> says = model.MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value);
        Assert.AreEqual("Memory.ML", model.ProducerName);
        Assert.AreEqual("VisualMemory", says["method"]);
        Assert.AreEqual("Cosine", says["metric"]);
        Assert.AreEqual(string.Join('\n', memory.ClassNames), says["classes"]);
    }

    [TestMethod]
    public void Inputs_and_outputs_are_named_like_the_columns_and_their_batch_is_free()
    {
        using GraphRun graph = GraphRun.Of(Fit(NeighborColumns.All));

        CollectionAssert.AreEqual(new[] { "Features" }, graph.Inputs.Keys.ToArray());
        CollectionAssert.AreEqual(new[] { -1, Dimension }, graph.Inputs["Features"].Dimensions);
        Assert.AreEqual("N", graph.Inputs["Features"].SymbolicDimensions[0]);
        CollectionAssert.AreEquivalent(
            new[]
            {
                "PredictedLabel", "Score", "NeighborIds", "NeighborDistances", "NeighborLabels", "NeighborWeights",
            },
            graph.Outputs.Keys.ToArray());
        CollectionAssert.AreEqual(new[] { -1, 1 }, graph.Outputs["PredictedLabel"].Dimensions);
        CollectionAssert.AreEqual(new[] { -1, 3 }, graph.Outputs["Score"].Dimensions);
        CollectionAssert.AreEqual(new[] { -1, 5 }, graph.Outputs["NeighborIds"].Dimensions);
    }

    [TestMethod]
    public void External_data_in_a_stream_are_refused()
    {
        VisualMemoryTransformer memory = Fit(NeighborColumns.None);

        ExportRefusal.Assert<ArgumentException>(
            "OnnxExportOptions.HasExternalData must be false where the model goes to a stream. Got true. "
            + "Export to a path. (Parameter 'options')",
            () => GraphRun.Export(memory, new OnnxExportOptions { HasExternalData = true }));
    }

    [TestMethod]
    public void Bytes_take_a_quarter_and_hardly_change_the_neighbours()
    {
        VectorRow<string>[] rows = VectorRows.Draw(1000, 256, classCount: 3, seed: 1);
        foreach (Metric metric in Enum.GetValues<Metric>())
        {
            VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers
                .VisualMemory(new VisualMemoryOptions
                {
                    NeighborCount = 10,
                    NeighborColumns = NeighborColumns.Ids,
                    Metric = metric,
                    IdColumnName = "Id",
                })
                .Fit(VectorRows.Keyed(_mlContext, rows));
            byte[] single = GraphRun.Export(memory);
            byte[] int8 = GraphRun.Export(memory, new OnnxExportOptions { Weights = OnnxWeights.Int8 });
            float[] queries = VectorRows.Flat(VectorRows.Draw(200, 256, 3, seed: 2));
            using GraphRun exact = new(single);
            using GraphRun rounded = new(int8);

            Dictionary<string, Array> expected = exact.Run(queries, 256, 50);
            Dictionary<string, Array> actual = rounded.Run(queries, 256, 50);

            Assert.IsLessThan(single.Length * 0.35, int8.Length);
            Assert.IsGreaterThan(0.9, Shared((long[])expected["NeighborIds"], (long[])actual["NeighborIds"], 10));
            int same = ((string[])expected["PredictedLabel"]).Zip((string[])actual["PredictedLabel"])
                .Count(pair => pair.First == pair.Second);
            Assert.IsGreaterThan(190, same);
        }
    }

    private static double Shared(long[] expected, long[] actual, int k)
    {
        int shared = 0;
        for (int start = 0; start < expected.Length; start += k)
            shared += expected[start..(start + k)].Intersect(actual[start..(start + k)]).Count();
        return shared / (double)expected.Length;
    }

    private VisualMemoryTransformer Fit(NeighborColumns columns, int count = 80)
        => _mlContext.MulticlassClassification.Trainers
            .VisualMemory(new VisualMemoryOptions { NeighborCount = 5, NeighborColumns = columns })
            .Fit(VectorRows.Keyed(_mlContext, VectorRows.Draw(count, Dimension, classCount: 3, seed: 1)));
}
