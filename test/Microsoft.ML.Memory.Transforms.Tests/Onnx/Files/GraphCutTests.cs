// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Files;

[TestClass]
public sealed class GraphCutTests
{
    [TestMethod]
    public void At_an_inner_tensor_drops_what_lies_behind_it()
    {
        ModelProto model = Chain();

        string name = GraphCut.At(model, "b");

        Assert.AreEqual("b", name);
        CollectionAssert.AreEqual(new[] { "a", "b" }, model.Graph.Node.SelectMany(node => node.Output).ToArray());
        CollectionAssert.AreEqual(new[] { "w" }, model.Graph.Initializer.Select(each => each.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "x" }, model.Graph.Input.Select(each => each.Name).ToArray());
        Assert.AreEqual("b", model.Graph.Output.Single().Name);
    }

    [TestMethod]
    public void At_null_is_the_first_output_alone()
    {
        ModelProto model = Chain();

        string name = GraphCut.At(model, null);

        Assert.AreEqual("c", name);
        Assert.AreEqual("c", model.Graph.Output.Single().Name);
        Assert.HasCount(3, model.Graph.Node);
    }

    [TestMethod]
    public void At_keeps_what_subgraphs_read_from_outside()
    {
        ModelProto model = Chain();
        var branch = new GraphProto();
        branch.Node.Add(new NodeProto { OpType = "Identity", Input = { "a" }, Output = { "inside" } });
        branch.Output.Add(new ValueInfoProto { Name = "inside" });
        var choice = new NodeProto { OpType = "If", Input = { "z" }, Output = { "chosen" } };
        choice.Attribute.Add(new AttributeProto { Name = "then_branch", G = branch });
        model.Graph.Node.Add(choice);

        GraphCut.At(model, "chosen");

        CollectionAssert.AreEqual(
            new[] { "a", "chosen" }, model.Graph.Node.SelectMany(node => node.Output).ToArray());
        CollectionAssert.AreEqual(new[] { "x", "z" }, model.Graph.Input.Select(each => each.Name).ToArray());
    }

    [TestMethod]
    public void At_a_tensor_that_is_not_there_lists_those_that_are()
    {
        Exception error = Assert.ThrowsExactly<ArgumentException>(() => GraphCut.At(Chain(), "w"));

        Assert.AreEqual(
            "EmbedOnnxOptions.OutputTensor must be a tensor that the network computes. Got 'w'. "
            + "Its outputs are 'c', 'd'. Its inner tensors are 'b', 'a'.",
            error.Message);
    }

    [TestMethod]
    public void Free_declared_ones_become_symbolic_and_a_reshape_follows()
    {
        ModelProto model = new TinyNetwork()
            .Input("x", TensorProto.Types.DataType.Float, 1, 2, 3)
            .Numbers("shape", [2], 1, 6)
            .Numbers("rest", [2], 1, -1)
            .Node("Reshape", ["x", "shape"], "flat")
            .Node("Reshape", ["flat", "rest"], "y")
            .Output("y", TensorProto.Types.DataType.Float, 1, 6).Model;

        BatchFreeing.Free(model);

        Assert.AreEqual("batch_of_rows", model.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimParam);
        Assert.AreEqual("batch_of_rows", model.Graph.Output[0].Type.TensorType.Shape.Dim[0].DimParam);
        CollectionAssert.AreEqual(new long[] { -1, 6 }, ShapeOf(model, 0));
        CollectionAssert.AreEqual(new long[] { 0, -1 }, ShapeOf(model, 1));
    }

    private static long[] ShapeOf(ModelProto model, int node) =>
        [.. model.Graph.Initializer.Single(each => each.Name == model.Graph.Node[node].Input[1]).Int64Data];

    private static ModelProto Chain() => new TinyNetwork()
        .Input("x", TensorProto.Types.DataType.Float, "n", 3)
        .Input("z", TensorProto.Types.DataType.Float, "n", 3)
        .Weights("w", [3, 3], new float[9])
        .Weights("v", [3, 3], new float[9])
        .Node("MatMul", ["x", "w"], "a")
        .Node("Relu", ["a"], "b")
        .Node("MatMul", ["b", "v"], "c")
        .Node("Add", ["c", "z"], "d")
        .Output("c", TensorProto.Types.DataType.Float, "n", 3)
        .Output("d", TensorProto.Types.DataType.Float, "n", 3).Model;
}
