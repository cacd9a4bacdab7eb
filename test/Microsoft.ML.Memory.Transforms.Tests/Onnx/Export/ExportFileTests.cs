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
    public void External_data_lie_beside_the_model_and_give_the_same()
    {
        VisualMemoryTransformer memory = Fit(NeighborColumns.Distances);
        string path = Path.Combine(_folder, "memory.onnx");
        memory.ExportToOnnx(path, new OnnxExportOptions { HasExternalData = true });
        float[] rows = VectorRows.Flat(VectorRows.Draw(20, Dimension, 3, seed: 2));

        using GraphRun beside = new(path);
        using GraphRun inside = GraphRun.Of(memory);

        CollectionAssert.AreEqual(
            (float[])inside.Run(rows, Dimension, 20)["NeighborDistances"],
            (float[])beside.Run(rows, Dimension, 20)["NeighborDistances"]);
        CollectionAssert.AreEquivalent(
            new[] { "memory.onnx", "memory.onnx.data" },
            Directory.GetFiles(_folder).Select(Path.GetFileName).ToArray());
        Assert.AreEqual(80L * Dimension * sizeof(float), new FileInfo(path + ".data").Length);
        TensorProto keys = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).Graph.Initializer
            .Single(tensor => tensor.DataLocation == TensorProto.Types.DataLocation.External);
        Assert.AreEqual(
            "memory.onnx.data", keys.ExternalData.Single(entry => entry.Key == "location").Value);
    }

    [TestMethod]
    public void A_failure_leaves_the_old_files()
    {
        VisualMemoryTransformer memory = Fit(NeighborColumns.None);
        string path = Path.Combine(_folder, "memory.onnx");
        File.WriteAllText(path + ".data", "old values");
        Directory.CreateDirectory(path);

        Assert.Throws<Exception>(
            () => memory.ExportToOnnx(path, new OnnxExportOptions { HasExternalData = true }));

        Assert.AreEqual("old values", File.ReadAllText(path + ".data"));
        CollectionAssert.AreEqual(
            new[] { "memory.onnx.data" }, Directory.GetFiles(_folder).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    public void A_folder_where_the_values_go_is_left_alone()
    {
        VisualMemoryTransformer memory = Fit(NeighborColumns.None);
        string path = Path.Combine(_folder, "memory.onnx");
        Directory.CreateDirectory(path + ".data");

        Assert.Throws<IOException>(
            () => memory.ExportToOnnx(path, new OnnxExportOptions { HasExternalData = true }));

        Assert.IsTrue(Directory.Exists(path + ".data"));
        Assert.IsEmpty(Directory.GetFiles(_folder));
    }

    [TestMethod]
    public void A_new_export_takes_the_place_of_both_files()
    {
        string path = Path.Combine(_folder, "memory.onnx");
        var options = new OnnxExportOptions { HasExternalData = true };
        Fit(NeighborColumns.None).ExportToOnnx(path, options);

        Fit(NeighborColumns.None, count: 50).ExportToOnnx(path, options);

        Assert.AreEqual(50L * Dimension * sizeof(float), new FileInfo(path + ".data").Length);
        Assert.HasCount(2, Directory.GetFiles(_folder));
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
