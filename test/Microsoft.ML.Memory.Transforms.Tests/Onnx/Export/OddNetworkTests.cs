// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;
using Microsoft.ML.Memory.Transforms.Tests.Onnx.Embedding;
using Microsoft.ML.Memory.Transforms.Tests.Onnx.Files;
using Microsoft.ML.OnnxRuntime;
using static Microsoft.ML.Memory.Onnx.OnnxGraph;
using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>Networks that are valid and unusual, as encoders and in one file with a memory.</summary>
[TestClass]
public sealed class OddNetworkTests
{
    private const string OddName = "x:0 /\u00fc\n";

    private static readonly Dictionary<string, (TinyNetwork Network, EmbedOnnxInput[] Inputs)> _networks = new()
    {
        ["two inputs of one column"] = (
            Reading(("a", DataType.Float, 3), ("b", DataType.Float, 3)).Node("Mul", ["a", "b"], "y").Rows("y", 3),
            [new("a", "Features"), new("b", "Features")]),
        ["inputs of many types"] = (
            Reading(
                ("f", DataType.Float, 3), ("d", DataType.Double, 3), ("i", DataType.Int32, 3),
                ("u", DataType.Uint8, 12), ("k", DataType.Int64, 1), ("o", DataType.Bool, 1))
                .Single("d").Single("i").Single("u").Single("k").Single("o")
                .Node("Concat", ["f", "d1", "i1", "u1", "k1", "o1"], "y", ("axis", 1)).Rows("y", 23),
            [
                new("f", "Features"), new("d", "Doubles"), new("i", "Integers"), new("u", "Pixels"), new("k", "Count"),
                new("o", "Flag"),
            ]),
        ["odd names"] = (
            Reading((OddName, DataType.Float, 3)).Node("Relu", [OddName], "Features")
                .Node("Neg", ["Features"], "memory/Score").Rows("memory/Score", 3),
            [new(OddName, "Features")]),
        ["names of outputs of ours"] = (
            Reading(("Score", DataType.Float, 3)).Weights("memory/keys", [3], 1, 2, 3)
                .Node("Add", ["Score", "memory/keys"], "PredictedLabel").Rows("PredictedLabel", 3),
            [new("Score", "Features")]),
        ["several outputs"] = (
            Reading(("x", DataType.Float, 3)).Node("Relu", ["x"], "y").Node("Neg", ["x"], "z").Rows("z", 3)
                .Rows("y", 3),
            [new("x", "Features")]),
        ["a mask beside a column of features and one of tokens"] = (
            Masked(), [new("x", "Features"), new("input_ids", "Ids")]),
        ["a scalar beside rows"] = (
            Reading(("x", DataType.Float, 3)).Input("s", DataType.Int64).Single("s").Node("Mul", ["x", "s1"], "y")
                .Rows("y", 3),
            [new("x", "Features"), new("s", "Count")]),
        ["a scalar output"] = (
            new TinyNetwork().Input("x", DataType.Float, 3).Node("ReduceSum", ["x"], "y", ("keepdims", 0))
                .Output("y", DataType.Float),
            [new("x", "Features")]),
        ["initializers as inputs"] = (
            new TinyNetwork(opset: 8).Input("x", DataType.Float, "n", 3).Input("w", DataType.Float, 3, 2)
                .Weights("w", [3, 2], 1, 2, 3, 4, 5, 6).Node("MatMul", ["x", "w"], "y").Rows("y", 2),
            [new("x", "Features")]),
        ["opset 7, IR version 3"] = (Opset(7, 3), [new("x", "Features")]),
        ["opset 20, IR version 9"] = (Opset(20, 9), [new("x", "Features")]),
        ["opset 22, IR version 10"] = (Opset(22, 10), [new("x", "Features")]),
        ["a domain of others"] = (Domain("com.microsoft", 1, "Gelu"), [new("x", "Features")]),
        ["the domain of machine learning"] = (Domain("ai.onnx.ml", 3, "Normalizer"), [new("x", "Features")]),
        ["the other name of the standard domain"] = (Domain("ai.onnx", 17, "Relu"), [new("x", "Features")]),
        ["any number of rows and one"] = (
            Reading(("a", DataType.Float, 3)).Input("b", DataType.Float, 1, 3).Node("Add", ["a", "b"], "y")
                .Rows("y", 3),
            [new("a", "Features"), new("b", "Doubles")]),
        ["other open dimensions"] = (
            new TinyNetwork().Input("x", DataType.Float, "n", "h", 1).Numbers("s", [2], 0, 3)
                .Node("Reshape", ["x", "s"], "y").Output("y", DataType.Float, "n", "z"),
            [new("x", "Features")]),
        ["four rows"] = (TinyNetwork.Linear(batch: 4), [new("x", "Features")]),
    };

    private static readonly MLContext _mlContext = Encoders.MlContext;

    public static IEnumerable<object[]> Names => _networks.Keys.Select(name => new object[] { name });

    [TestInitialize]
    public void NeedRuntime() => OnnxHere.Require();

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void It_encodes_rows_and_is_exported_with_a_memory(string name)
    {
        (TinyNetwork network, EmbedOnnxInput[] inputs) = _networks[name];
        OddRow[] rows = OddRow.Draw(12);
        IDataView view = _mlContext.Data.LoadFromEnumerable(rows);
        ITransformer model = Fit(network, inputs, view);

        byte[] merged = Export(model, view);

        Assert.AreEqual(
            Math.Max(8, network.Model.IrVersion), ModelProto.Parser.ParseFrom(merged).IrVersion, "IR version");
        OwnRun own = OwnRun.Of(model, view);
        using var session = new InferenceSession(merged);
        int batch = name == "four rows" ? 4 : 1;
        for (int row = 0; row < rows.Length; row += batch)
        {
            (uint[] keys, float[] scores) = Run(session, rows[row..(row + batch)]);
            CollectionAssert.AreEqual(own.Keys[row..(row + batch)], keys);
            GraphAssert.Near(own.Scores[(row * 3)..((row + batch) * 3)], scores, $"row {row}");
        }
    }

    [TestMethod]
    public void A_column_that_feeds_inputs_of_two_types_is_refused_in_the_export()
    {
        TinyNetwork network = Reading(("a", DataType.Float, 3), ("b", DataType.Int64, 3)).Single("b")
            .Node("Mul", ["a", "b1"], "y").Rows("y", 3);
        IDataView view = _mlContext.Data.LoadFromEnumerable(OddRow.Draw(6));
        ITransformer model = Fit(network, [new("a", "Integers"), new("b", "Integers")], view);

        ExportRefusal.Assert<InvalidOperationException>(
            "The inputs of the encoder that column 'Integers' feeds must be of one type and shape to be exported. "
            + "Got 'a' of Float [3] and 'b' of Int64 [3] a row. Feed them from columns of their own.",
            () => Export(model, view));
    }

    /// <summary>The graph that converters of scikit-learn make of a classifier.</summary>
    [TestMethod]
    public void Of_a_classifier_with_a_ZipMap_the_probabilities_are_features()
    {
        TinyNetwork network = Classifier();
        EmbedOnnxOptions options = Encoders.Options(network);

        Encoders.AssertRefused<InvalidDataException>(
            "Tensor 'label' of the network must hold numbers of type Float, Float16 or Double. Got Int64. Name another "
            + "in EmbedOnnxOptions.OutputTensor.",
            options);
        Encoders.AssertRefused<InvalidDataException>(
            "Output 'output_probability' of the network must be a tensor. Got ONNX_TYPE_SEQUENCE. Name another in "
            + "EmbedOnnxOptions.OutputTensor.",
            options with { OutputTensor = "output_probability" });
        float[] found = Encoders.Encode(
            options with { OutputTensor = "probabilities" }, new EmbedRow { Features = [1, 0, 0] })[0];
        GraphAssert.Near([1 / (1 + MathF.E), MathF.E / (1 + MathF.E)], found, "probabilities");
    }

    [TestMethod]
    public void An_output_that_no_node_computes_is_refused()
    {
        TinyNetwork network = TinyNetwork.Linear().Rows("w", 3);

        Encoders.AssertRefused<ArgumentException>(
            "EmbedOnnxOptions.OutputTensor must be a tensor that the network computes. Got 'w'. Its outputs are 'y', "
            + "'w'.",
            Encoders.Options(network) with { OutputTensor = "w" });
    }

    private static ITransformer Fit(TinyNetwork network, EmbedOnnxInput[] inputs, IDataView view)
        => _mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(_mlContext.Transforms.EmbedOnnx(new EmbedOnnxOptions
            {
                ModelBytes = network.ToBytes(),
                Inputs = inputs,
                OutputColumnName = "Code",
            }))
            .Append(_mlContext.MulticlassClassification.Trainers.VisualMemory(
                new VisualMemoryOptions { FeatureColumnName = "Code", NeighborCount = 3 }))
            .Fit(view);

    private static byte[] Export(ITransformer model, IDataView view)
        => GraphRun.Export(model, new OnnxExportOptions { Labels = OnnxLabels.Keys, InputSchema = view.Schema });

    private static (uint[] Keys, float[] Scores) Run(InferenceSession session, OddRow[] rows)
    {
        using var options = new RunOptions();
        OrtValue[] values =
            [.. session.InputNames.Select(name => OddRow.ValueOf(session.InputMetadata[name], name, rows))];
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(
                options, [.. session.InputNames], values, ["PredictedLabel", "Score"]);
            return (
                outputs[0].GetTensorDataAsSpan<uint>().ToArray(), outputs[1].GetTensorDataAsSpan<float>().ToArray());
        }
        finally
        {
            foreach (OrtValue value in values) value.Dispose();
        }
    }

    private static TinyNetwork Reading(params (string Name, DataType Type, int Size)[] inputs)
    {
        var network = new TinyNetwork();
        foreach ((string name, DataType type, int size) in inputs) network.Input(name, type, "n", size);
        return network;
    }

    private static TinyNetwork Opset(long opset, long irVersion)
    {
        TinyNetwork network = new TinyNetwork(opset).Input("x", DataType.Float, "n", 3)
            .Node("Softmax", ["x"], "y", ("axis", 1)).Rows("y", 3);
        network.Model.IrVersion = irVersion;
        return network;
    }

    private static TinyNetwork Domain(string domain, long version, string type)
    {
        TinyNetwork network = Reading(("x", DataType.Float, 3)).Node(type, ["x"], "y").Rows("y", 3);
        network.Model.Graph.Node[0].Domain = domain;
        network.Model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
        return network;
    }

    private static TinyNetwork Masked() => Reading(("x", DataType.Float, 3))
        .Input("input_ids", DataType.Int64, "n", "tokens").Input("attention_mask", DataType.Int64, "n", "tokens")
        .Node("Mul", ["input_ids", "attention_mask"], "kept").Single("kept")
        .Numbers("one", [1], 1).Node("ReduceSum", ["kept1", "one"], "sum").Node("Add", ["x", "sum"], "y").Rows("y", 3);

    private static TinyNetwork Classifier()
    {
        TinyNetwork network = Domain("ai.onnx.ml", 3, "LinearClassifier");
        NodeProto node = network.Model.Graph.Node[0];
        node.Output.Clear();
        node.Output.Add(["label", "probabilities"]);
        node.Attribute.Add(Attribute("post_transform", "SOFTMAX"));
        node.Attribute.Add(Attribute("classlabels_ints", [0L, 1]));
        node.Attribute.Add(Floats("coefficients", 0, 1, 2, 1, 2, 3));
        node.Attribute.Add(Floats("intercepts", 0, 0));
        var map = new NodeProto { OpType = "ZipMap", Domain = "ai.onnx.ml", Name = "map", Input = { "probabilities" } };
        map.Output.Add("output_probability");
        map.Attribute.Add(Attribute("classlabels_int64s", [0L, 1]));
        network.Model.Graph.Node.Add(map);
        network.Model.Graph.Output.Clear();
        network.Output("label", DataType.Int64, "n");
        network.Model.Graph.Output.Add(new ValueInfoProto { Name = "output_probability" });
        return network;
    }

    private static AttributeProto Floats(string name, params ReadOnlySpan<float> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Floats };
        attribute.Floats.Add(values.ToArray());
        return attribute;
    }
}

/// <summary>What is used to build them.</summary>
file static class OddNetworkParts
{
    /// <summary>Turns a tensor to single precision, under its name with a 1.</summary>
    public static TinyNetwork Single(this TinyNetwork network, string name)
        => network.Node("Cast", [name], name + "1", ("to", (long)DataType.Float));

    /// <summary>Gives rows of single precision.</summary>
    public static TinyNetwork Rows(this TinyNetwork network, string name, int size)
        => network.Output(name, DataType.Float, "n", size);
}
