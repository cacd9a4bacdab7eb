// Licensed under the MIT License. See LICENSE in the project root for license information.

using Google.Protobuf;
using Microsoft.ML.Memory.Onnx;
using static Microsoft.ML.Memory.Onnx.OnnxGraph;
using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>Nodes of opset 7, run as they are and after they were brought to opset 17.</summary>
[TestClass]
public sealed class OpsetLiftTests
{
    [TestMethod]
    [DataRow("Softmax")]
    [DataRow("LogSoftmax")]
    [DataRow("Clip")]
    [DataRow("Pad")]
    [DataRow("Slice")]
    [DataRow("Dropout")]
    [DataRow("BatchNormalization")]
    [DataRow("Unsqueeze")]
    [DataRow("Squeeze")]
    [DataRow("ReduceSum")]
    [DataRow("Split")]
    [DataRow("Relu")]
    [DataRow("Flatten")]
    public void A_node_computes_the_same(string type)
    {
        ModelProto old = Model(NodeOf(type), 7);
        ModelProto lifted = old.Clone();
        OpsetLift.Lift(lifted.Graph, 7);
        lifted.OpsetImport[0].Version = 17;
        float[] values = [.. Enumerable.Range(0, 24).Select(index => ((index * 7) % 11) - 4.5f)];

        using var before = new GraphRun(old.ToByteArray());
        using var after = new GraphRun(lifted.ToByteArray());

        float[] expected = (float[])before.Run(values, 12, 2, 3, 4)["y"];
        GraphAssert.Near(expected, (float[])after.Run(values, 12, 2, 3, 4)["y"], type);
        Assert.AreNotEqual(0, expected.Length);
    }

    [TestMethod]
    public void An_operator_that_may_mean_something_else_is_refused_by_name()
    {
        ModelProto model = Model(new NodeProto { OpType = "Resize", Input = { "x", "s" }, Output = { "y" } }, 10);

        ExportRefusal.Assert<InvalidOperationException>(
            "The encoder must consist of operators that mean the same in opset 17 as in its own, 10. Got Resize. "
            + "Export the encoder again with opset 16 or later.",
            () => OpsetLift.Lift(model.Graph, 10));
    }

    [TestMethod]
    [DataRow("nearest", "ceil")]
    [DataRow("nearest", "round_prefer_ceil")]
    [DataRow("linear", "floor")]
    public void A_Resize_by_a_rule_without_a_successor_is_refused(string mode, string rounding)
    {
        var node = new NodeProto { OpType = "Resize", Input = { "x", "", "s" }, Output = { "y" } };
        node.Attribute.Add(Attribute("coordinate_transformation_mode", "tf_half_pixel_for_nn"));
        node.Attribute.Add(Attribute("mode", mode));
        node.Attribute.Add(Attribute("nearest_mode", rounding));
        ModelProto model = Model(node, 11);

        ExportRefusal.Assert<InvalidOperationException>(
            "The encoder must resize by tf_half_pixel_for_nn with nearest_mode floor or round_prefer_floor to be "
            + $"exported with its memory. Got mode {mode} and nearest_mode {rounding}. Export the encoder again with "
            + "opset 13 or later.",
            () => OpsetLift.Lift(model.Graph, 11));
    }

    [TestMethod]
    public void Dropout_that_is_told_whether_it_trains_stays()
    {
        NodeProto node = NodeOf("Dropout");
        node.Input.Add(["", "training"]);
        ModelProto model = Model(node, 12);

        OpsetLift.Lift(model.Graph, 12);

        Assert.AreEqual("Dropout", model.Graph.Node[0].OpType);
        Assert.HasCount(3, model.Graph.Node[0].Input);
    }

    [TestMethod]
    public void Outputs_for_training_that_are_left_out_are_dropped_at_opset_13()
    {
        NodeProto node = NodeOf("BatchNormalization");
        node.Output.Add(["", "", "", ""]);
        ModelProto model = Model(node, 13);

        OpsetLift.Lift(model.Graph, 13);

        CollectionAssert.AreEqual(new[] { "y" }, model.Graph.Node[0].Output.ToArray());
    }

    /// <summary>ONNX Runtime then computes by the mean and variance of the batch, whoever reads them.</summary>
    [TestMethod]
    [DataRow(7)]
    [DataRow(13)]
    public void A_normalization_in_training_is_refused(int opset)
    {
        NodeProto node = NodeOf("BatchNormalization");
        node.Output.Add(["mean_out", "variance_out", "saved_mean", "saved_variance"]);
        ModelProto model = Model(node, opset);

        ExportRefusal.Assert<InvalidOperationException>(
            "The encoder must not be in training to be exported with its memory. Got BatchNormalization with further "
            + "outputs, which follows the rows of the batch. Export the encoder again for inference.",
            () => OpsetLift.Lift(model.Graph, opset));
    }

    [TestMethod]
    public void An_opset_below_7_is_refused()
    {
        ModelProto model = Model(NodeOf("Relu"), 6);

        ExportRefusal.Assert<InvalidOperationException>(
            "The encoder must be of opset 7 or later to be exported with its memory. Got 6. "
            + "Export the encoder again with opset 13 or later.",
            () => OpsetLift.Lift(model.Graph, OpsetLift.OpsetOf(model)));
    }

    [TestMethod]
    public void Every_name_gets_the_prefix_but_left_out_ones()
    {
        GraphProto graph = Model(NodeOf("BatchNormalization"), 17).Graph;
        graph.Node[0].Input[1] = "";
        graph.Node[0].Name = "";

        GraphNames.Prefix(graph, "encoder/");

        Assert.AreEqual("encoder/y", graph.Node[0].Name);
        CollectionAssert.AreEqual(new[] { "encoder/x", "" }, graph.Node[0].Input.Take(2).ToArray());
        CollectionAssert.AreEqual(new[] { "encoder/y" }, graph.Node[0].Output.ToArray());
        Assert.AreEqual("encoder/scale", graph.Initializer[0].Name);
    }

    private static NodeProto NodeOf(string type)
    {
        var node = new NodeProto { OpType = type, Name = "only", Input = { "x" }, Output = { "y" } };
        AttributeProto[] attributes = type switch
        {
            "Softmax" or "LogSoftmax" => [Attribute("axis", 1L)],
            "Clip" => [Attribute("min", -1f), Attribute("max", 2f)],
            "Pad" => [Attribute("pads", [0L, 1, 0, 0, 0, 2]), Attribute("value", 3f)],
            "Slice" => [Attribute("axes", [1L, 2]), Attribute("starts", [1L, 0]), Attribute("ends", [3L, 2])],
            "Unsqueeze" => [Attribute("axes", [1L])],
            "ReduceSum" => [Attribute("axes", [2L]), Attribute("keepdims", 0L)],
            "Split" => [Attribute("axis", 2L), Attribute("split", [1L, 3])],
            "Flatten" => [Attribute("axis", 2L)],
            _ => [],
        };
        node.Attribute.Add(attributes);
        if (type == "Split") node.Output.Add("z");
        if (type == "BatchNormalization") node.Input.Add(["scale", "shift", "mean", "variance"]);
        return node;
    }

    private static ModelProto Model(NodeProto node, long opset)
    {
        var graph = new GraphProto { Name = "one node" };
        bool isSqueeze = node.OpType == "Squeeze";
        if (isSqueeze)
        {
            // [2, 3, 4] to [2, 1, 3, 4] and back.
            var wide = new NodeProto { OpType = "Unsqueeze", Name = "wide", Input = { "x" }, Output = { "wide" } };
            wide.Attribute.Add(Attribute("axes", [1L]));
            graph.Node.Add(wide);
            node.Input[0] = "wide";
            node.Attribute.Add(Attribute("axes", [1L]));
        }

        graph.Node.Add(node);
        float[][] channels = [[1, 2, 0.5f], [0, 1, -1], [0.25f, 0, 1], [1, 4, 2]];
        string[] names = ["scale", "shift", "mean", "variance"];
        for (int index = 0; index < names.Length && node.OpType == "BatchNormalization"; index++)
        {
            var tensor = new TensorProto { Name = names[index], DataType = (int)DataType.Float, Dims = { 3 } };
            tensor.FloatData.Add(channels[index]);
            graph.Initializer.Add(tensor);
        }

        graph.Input.Add(Value("x", 2, 3, 4));
        graph.Output.Add(Value("y"));
        return new ModelProto
        {
            IrVersion = 8,
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = opset } },
        };
    }

    private static ValueInfoProto Value(string name, params ReadOnlySpan<long> dimensions)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float };
        if (dimensions.Length > 0) tensor.Shape = new TensorShapeProto();
        foreach (long size in dimensions)
            tensor.Shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
