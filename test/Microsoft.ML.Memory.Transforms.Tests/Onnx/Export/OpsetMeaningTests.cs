// Licensed under the MIT License. See LICENSE in the project root for license information.

using Google.Protobuf;
using Microsoft.ML.Memory.Onnx;
using Microsoft.ML.Memory.Transforms.Tests.Onnx.Files;
using static Microsoft.ML.Memory.Onnx.OnnxGraph;
using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>Operators of older opsets, run as they are and after they were brought to opset 17.</summary>
[TestClass]
public sealed class OpsetMeaningTests
{
    private static readonly float[] _values = [.. Enumerable.Range(0, 24).Select(index => ((index * 7) % 11) - 4.5f)];

    private static readonly Dictionary<string, (long Opset, Action<TinyNetwork> Build)> _networks = new()
    {
        ["Acosh"] = (9, Unary("Acosh")),
        ["Asinh"] = (9, Unary("Asinh")),
        ["Atanh"] = (9, Unary("Atanh")),
        ["Cosh"] = (9, Unary("Cosh")),
        ["Sinh"] = (9, Unary("Sinh")),
        ["Sign"] = (9, Unary("Sign")),
        ["Shrink"] = (9, Unary("Shrink", Attribute("lambd", 2f), Attribute("bias", 0.5f))),
        ["IsNaN"] = (9, Unary("IsNaN")),
        ["IsInf"] = (10, Unary("IsInf")),
        ["Round"] = (11, Unary("Round")),
        ["Celu"] = (12, Unary("Celu", Attribute("alpha", 0.5f))),
        ["NonZero"] = (9, Unary("NonZero")),
        ["MeanVarianceNormalization"] = (9, Unary("MeanVarianceNormalization", Attribute("axes", [0L, 2]))),
        ["ReduceLogSum"] = (7, network => network.Node("Exp", ["x"], "e").Add("ReduceLogSum", ["e"], Axes)),
        ["ReduceLogSumExp"] = (7, Unary("ReduceLogSumExp", Attribute("axes", [2L]))),
        ["LpPool"] = (7, Unary("LpPool", Attribute("kernel_shape", [2L]), Attribute("p", 3L))),
        ["CumSum"] = (11, network => network.Numbers("axis", [1], 2).Add("CumSum", ["x", "axis"])),
        ["Mod"] = (10, network => network.Weights("by", [1], 3).Add("Mod", ["x", "by"], Attribute("fmod", 1L))),
        ["GreaterOrEqual"] = (12, network => network.Weights("by", [1], 0.5f).Add("GreaterOrEqual", ["x", "by"])),
        ["LessOrEqual"] = (12, network => network.Weights("by", [1], 0.5f).Add("LessOrEqual", ["x", "by"])),
        ["Einsum"] = (12, network => network.Add("Einsum", ["x", "x"], Attribute("equation", "bij,bkj->bik"))),
        ["Det"] = (11, network => network.Numbers("two", [3], 2, 3, 3).Numbers("zero", [3], 0, 0, 0)
            .Node("Slice", ["x", "zero", "two"], "square").Add("Det", ["square"])),
        ["EyeLike"] = (9, network => network.Node("Flatten", ["x"], "flat").Add("EyeLike", ["flat"])),
        ["Range"] = (11, network => network.Number("from", 1).Number("to", 7).Number("by", 2)
            .Add("Range", ["from", "to", "by"])),
        ["BitShift"] = (11, network => network.Node("Abs", ["x"], "a").Node("Cast", ["a"], "u", ("to", 2))
            .Add("BitShift", ["u", "u"], Attribute("direction", "LEFT"))),
        ["Compress"] = (9, network => network.Node("Cast", ["pick"], "kept", ("to", 9)).Numbers("pick", [3], 1, 0, 1)
            .Add("Compress", ["x", "kept"], Attribute("axis", 1L))),
        ["GatherND"] = (11, network => network.Numbers("at", [2, 2], 0, 1, 1, 2).Add("GatherND", ["x", "at"])),
        ["ScatterND"] = (11, network => network.Numbers("at", [1, 2], 1, 2).Weights("put", [1, 4], 1, 2, 3, 4)
            .Add("ScatterND", ["x", "at", "put"])),
        ["ScatterElements"] = (11, network => network.Numbers("at", [1, 1, 2], 1, 0).Weights("put", [1, 1, 2], 8, 9)
            .Add("ScatterElements", ["x", "at", "put"], Attribute("axis", 2L))),
        ["Scatter"] = (9, network => network.Numbers("at", [1, 1, 2], 1, 0).Weights("put", [1, 1, 2], 8, 9)
            .Add("Scatter", ["x", "at", "put"], Attribute("axis", 2L))),
        ["OneHot"] = (11, network => network.Numbers("at", [3], 1, -1, 2).Number("depth", 4)
            .Weights("both", [2], -2, 3).Add("OneHot", ["at", "depth", "both"])),
        ["ReverseSequence"] = (10, network => network.Numbers("ends", [3], 1, 2, 2)
            .Add("ReverseSequence", ["x", "ends"])),
        ["TopK"] = (7, network => network.Add("TopK", ["x"], 2, Attribute("k", 2L), Attribute("axis", 1L))),
        ["TopK places"] = (9, network => network.Add("TopK", ["x"], 2, Attribute("k", 3L)).Places()),
        ["TopK input"] = (10, network => network.Numbers("k", [1], 2).Add("TopK", ["x", "k"], 2)),
        ["TopK smallest"] = (11, network => network.Numbers("k", [1], 2)
            .Add("TopK", ["x", "k"], 2, Attribute("largest", 0L))),
        ["QuantizeLinear"] = (10, network => network.Number("step", 0.1f).Bytes("zero", 128)
            .Add("QuantizeLinear", ["x", "step", "zero"])),
        ["DequantizeLinear"] = (10, network => network.Number("step", 0.1f).Bytes("zero", 128)
            .Node("QuantizeLinear", ["x", "step", "zero"], "q").Add("DequantizeLinear", ["q", "step", "zero"])),
        ["DynamicQuantizeLinear"] = (11, network => network.Add("DynamicQuantizeLinear", ["x"], 3)),
        ["MatMulInteger"] = (10, network => network.Number("step", 0.1f).Bytes("zero", 128)
            .Node("QuantizeLinear", ["x", "step", "zero"], "q").Node("Transpose", ["q"], "t")
            .Numbers("shape", [2], 4, 6).Numbers("back", [2], 6, 4).Node("Reshape", ["q", "back"], "a")
            .Node("Reshape", ["t", "shape"], "b").Add("MatMulInteger", ["a", "b", "zero", "zero"])),
        ["QLinearMatMul"] = (10, network => network.Number("step", 0.1f).Bytes("zero", 128)
            .Node("QuantizeLinear", ["x", "step", "zero"], "q").Numbers("shape", [2], 4, 6).Numbers("back", [2], 6, 4)
            .Node("Reshape", ["q", "back"], "a").Node("Reshape", ["q", "shape"], "b").Number("wide", 0.5f)
            .Add("QLinearMatMul", ["a", "step", "zero", "b", "step", "zero", "wide", "zero"])),
        ["ConvInteger"] = (10, network => network.Number("step", 0.1f).Bytes("zero", 128)
            .Node("QuantizeLinear", ["x", "step", "zero"], "q").Numbers("shape", [4], 1, 2, 3, 4)
            .Numbers("small", [4], 2, 2, 3, 2).Node("Reshape", ["q", "shape"], "a").Node("Reshape", ["q", "small"], "w")
            .Add("ConvInteger", ["a", "w", "zero", "zero"])),
        ["QLinearConv"] = (10, network => network.Number("step", 0.1f).Bytes("zero", 128).Number("wide", 0.5f)
            .Node("QuantizeLinear", ["x", "step", "zero"], "q").Numbers("shape", [4], 1, 2, 3, 4)
            .Numbers("small", [4], 2, 2, 3, 2).Node("Reshape", ["q", "shape"], "a").Node("Reshape", ["q", "small"], "w")
            .Add("QLinearConv", ["a", "step", "zero", "w", "step", "zero", "wide", "zero"])),
        ["LSTM"] = (7, Recurrent("LSTM", 4)),
        ["GRU"] = (7, Recurrent("GRU", 3)),
        ["RNN"] = (7, Recurrent("RNN", 1)),
        ["Resize"] = (11, network => network.Weights("roi", [0]).Weights("scales", [3], 1, 2, 0.5f)
            .Add("Resize", ["x", "roi", "scales"])),
        ["Resize linear"] = (11, network => network.Weights("roi", [0]).Weights("scales", [0])
            .Numbers("sizes", [3], 2, 5, 7)
            .Add("Resize", ["x", "roi", "scales", "sizes"], Attribute("mode", "linear"))),
        ["Resize by halves"] = (11, HalfPixels("round_prefer_floor")),
        ["Resize by halves of opset 12"] = (12, HalfPixels("round_prefer_floor")),
        ["Resize by halves rounded down"] = (12, HalfPixels("floor")),
        ["Upsample"] = (7, Unary("Upsample", new AttributeProto
        {
            Name = "scales",
            Type = AttributeProto.Types.AttributeType.Floats,
            Floats = { 1, 2.5f, 2 },
        })),
        ["Upsample input"] = (9, network => network.Weights("scales", [3], 2, 1.5f, 3)
            .Add("Upsample", ["x", "scales"])),
        ["Upsample linear"] = (9, network => network.Numbers("shape", [4], 1, 2, 3, 4)
            .Node("Reshape", ["x", "shape"], "image").Weights("scales", [4], 1, 1, 2, 2.5f)
            .Add("Upsample", ["image", "scales"], Attribute("mode", "linear"))),
        ["If"] = (7, network => network.Numbers("one", [1], 1).Node("Cast", ["one"], "is", ("to", 9)).Add(
            "If", ["is"], Inner("then_branch", Branch("a", 1)), Inner("else_branch", Branch("b", 2)))),
        ["Loop"] = (7, network => network.Numbers("rounds", [1], 3).Number("one", 1)
            .Node("Cast", ["one"], "is", ("to", 9)).Add("Loop", ["rounds", "is", "x"], Inner("body", Round()))),
        ["Softmax of all"] = (7, Unary("Softmax", Attribute("axis", 0L))),
        ["Softmax from the end"] = (11, Unary("Softmax", Attribute("axis", -2L))),
        ["Hardmax"] = (12, Unary("Hardmax", Attribute("axis", 2L))),
        ["Clip of infinities"] = (7, network => network.Number("none", 0).Node("Div", ["x", "none"], "i")
            .Add("Clip", ["i"], Attribute("min", -1f))),
        ["Pad by mirrors"] = (7, Unary("Pad", Attribute("mode", "reflect"), Attribute("pads", [0L, 1, 1, 0, 1, 2]))),
        ["Pad that cuts"] = (7, Unary("Pad", Attribute("pads", [0L, -1, 1, 0, 0, -2]))),
        ["Slice without axes"] = (7, Unary(
            "Slice", Attribute("starts", [0L, -2]), Attribute("ends", [1L, long.MaxValue]))),
        ["Split in equal parts"] = (7, network => network.Add("Split", ["x"], 2, Attribute("axis", 2L))),
        ["ConvTranspose"] = (7, network => network.Numbers("shape", [4], 1, 2, 3, 4)
            .Node("Reshape", ["x", "shape"], "image").Weights("w", [2, 1, 3, 3], [.. _values[..18]]).Add(
                "ConvTranspose", ["image", "w"], Attribute("auto_pad", "SAME_UPPER"), Attribute("strides", [2L, 2]),
                Attribute("kernel_shape", [3L, 3]))),
        ["Loop that is rewritten"] = (8, network => network.Numbers("rounds", [1], 3).Number("one", 1)
            .Node("Cast", ["one"], "is", ("to", 9)).Add("Loop", ["rounds", "is", "x"], Inner("body", Rewritten()))),
        ["Scan"] = (9, network => network.Weights("start", [3, 4], new float[12]).Add(
            "Scan", ["start", "x"], 2, Inner("body", Sum()), Attribute("num_scan_inputs", 1L))),
    };

    private static Action<TinyNetwork> HalfPixels(string rounding) => network => network.Weights("roi", [0])
        .Weights("scales", [0]).Numbers("sizes", [3], 5, 7, 3)
        .Add(
            "Resize", ["x", "roi", "scales", "sizes"], Attribute("nearest_mode", rounding),
            Attribute("coordinate_transformation_mode", "tf_half_pixel_for_nn"));

    public static IEnumerable<object[]> Names => _networks.Keys.Select(name => new object[] { name });

    private static AttributeProto Axes => Attribute("axes", [2L]);

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void An_operator_computes_the_same(string name)
    {
        (long opset, Action<TinyNetwork> build) = _networks[name];
        TinyNetwork network = new TinyNetwork(opset).Input("x", DataType.Float, 2, 3, 4);
        build(network);
        network.Node("Cast", ["z"], "y", ("to", (long)DataType.Float));
        network.Model.Graph.Output.Add(new ValueInfoProto
        {
            Name = "y",
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float } },
        });
        ModelProto lifted = network.Model.Clone();
        OpsetLift.Lift(lifted.Graph, (int)opset);
        lifted.OpsetImport[0].Version = 17;

        using var before = new GraphRun(network.ToBytes());
        using var after = new GraphRun(lifted.ToByteArray());

        float[] expected = (float[])before.Run(_values, 12, 2, 3, 4)["y"];
        CollectionAssert.AreEqual(expected, (float[])after.Run(_values, 12, 2, 3, 4)["y"]);
        Assert.AreNotEqual(0, expected.Length);
    }

    [TestMethod]
    [DataRow("OneHot", 10)]
    [DataRow("Scan", 8)]
    [DataRow("Resize", 10)]
    [DataRow("RoiAlign", 15)]
    [DataRow("MeanVarianceNormalization", 8)]
    [DataRow("NonMaxSuppression", 11)]
    public void An_operator_that_meant_something_else_is_refused_by_name(string type, int opset)
    {
        var graph = new GraphProto { Node = { new NodeProto { OpType = type, Input = { "x" }, Output = { "y" } } } };

        ExportRefusal.Assert<InvalidOperationException>(
            $"The encoder must consist of operators that mean the same in opset 17 as in its own, {opset}. "
            + $"Got {type}. Export the encoder again with opset 16 or later.",
            () => OpsetLift.Lift(graph, opset));
    }

    private static Action<TinyNetwork> Unary(string type, params AttributeProto[] attributes)
        => network => network.Add(type, ["x"], attributes);

    /// <summary>Two steps of three rows of four numbers, two hidden ones.</summary>
    private static Action<TinyNetwork> Recurrent(string type, int gates) => network => network
        .Weights("w", [1, 2 * gates, 4], [.. Enumerable.Range(0, 8 * gates).Select(i => ((i * 5) % 7) / 10f)])
        .Weights("r", [1, 2 * gates, 2], [.. Enumerable.Range(0, 4 * gates).Select(i => ((i * 3) % 5) / 10f)])
        .Add(type, ["x", "w", "r"], Attribute("hidden_size", 2L));

    private static AttributeProto Inner(string name, GraphProto graph)
        => new() { Name = name, Type = AttributeProto.Types.AttributeType.Graph, G = graph };

    /// <summary>A graph whose Softmax has to be rewritten itself.</summary>
    private static GraphProto Branch(string output, long axis)
    {
        var node = new NodeProto { OpType = "Softmax", Name = output, Input = { "x" }, Output = { output } };
        node.Attribute.Add(Attribute("axis", axis));
        return new GraphProto { Name = output, Node = { node }, Output = { Value(output, DataType.Float) } };
    }

    private static GraphProto Round() => new()
    {
        Name = "round",
        Input = { Scalar("i", DataType.Int64), Scalar("go", DataType.Bool), Value("state", DataType.Float) },
        Node =
        {
            new NodeProto { OpType = "Identity", Input = { "go" }, Output = { "on" } },
            new NodeProto { OpType = "Tanh", Input = { "state" }, Output = { "next" } },
        },
        Output = { Scalar("on", DataType.Bool), Value("next", DataType.Float) },
    };

    /// <summary>A round whose constants become inputs, of names that are its own.</summary>
    private static GraphProto Rewritten()
    {
        GraphProto round = Round();
        round.Node.RemoveAt(1);
        Step("Unsqueeze", "state", "u", Attribute("axes", [0L]));
        Step("Squeeze", "u", "q", Attribute("axes", [0L]));
        Step("Clip", "q", "c", Attribute("max", 2f));
        Step("Softmax", "c", "next");
        return round;

        void Step(string type, string input, string output, params AttributeProto[] attributes)
        {
            var node = new NodeProto { OpType = type, Input = { input }, Output = { output } };
            node.Attribute.Add(attributes);
            round.Node.Add(node);
        }
    }

    private static GraphProto Sum() => new()
    {
        Name = "sum",
        Input = { Value("state", DataType.Float), Value("row", DataType.Float) },
        Node =
        {
            new NodeProto { OpType = "Add", Input = { "state", "row" }, Output = { "next" } },
            new NodeProto { OpType = "Tanh", Input = { "next" }, Output = { "seen" } },
        },
        Output = { Value("next", DataType.Float), Value("seen", DataType.Float) },
    };

    private static ValueInfoProto Scalar(string name, DataType type)
    {
        ValueInfoProto value = Value(name, type);
        value.Type.TensorType.Shape = new TensorShapeProto();
        return value;
    }

    private static ValueInfoProto Value(string name, DataType type) => new()
    {
        Name = name,
        Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type } },
    };
}

/// <summary>Adds the node that is asked for, with z as its first output.</summary>
internal static class OpsetNetworks
{
    public static TinyNetwork Add(
        this TinyNetwork network, string type, string[] inputs, params AttributeProto[] attributes)
        => network.Add(type, inputs, 1, attributes);

    public static TinyNetwork Add(
        this TinyNetwork network, string type, string[] inputs, int outputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = type, Name = "asked for", Output = { "z" } };
        node.Input.Add(inputs);
        for (int output = 1; output < outputs; output++) node.Output.Add($"z{output}");
        node.Attribute.Add(attributes);
        network.Model.Graph.Node.Add(node);
        return network;
    }

    /// <summary>Takes the second output of the last node for the first.</summary>
    public static void Places(this TinyNetwork network)
    {
        NodeProto node = network.Model.Graph.Node[^1];
        (node.Output[0], node.Output[1]) = (node.Output[1], node.Output[0]);
    }

    public static TinyNetwork Number(this TinyNetwork network, string name, float value)
        => network.Weights(name, [], value);

    public static TinyNetwork Bytes(this TinyNetwork network, string name, byte value)
    {
        network.Model.Graph.Initializer.Add(new TensorProto
        {
            Name = name,
            DataType = (int)DataType.Uint8,
            RawData = ByteString.CopyFrom(value),
        });
        return network;
    }
}
