// Licensed under the MIT License. See LICENSE in the project root for license information.

using Google.Protobuf;
using Microsoft.ML.Data;
using Microsoft.ML.Memory.Onnx;
using Microsoft.ML.OnnxRuntime;
using static Microsoft.ML.Memory.Onnx.OnnxGraph;
using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>An encoder of tokens, pooled by its mask, and its memory as one file.</summary>
[TestClass]
public sealed class MergedTokensTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    [DataRow(true, EmbedPooling.Mean)]
    [DataRow(false, EmbedPooling.Mean)]
    [DataRow(false, EmbedPooling.First)]
    public void Tokens_of_any_length_are_pooled_in_the_graph(bool hasMask, EmbedPooling pooling)
    {
        TokenRow[] rows = [.. Draw(12)];
        IDataView view = _mlContext.Data.LoadFromEnumerable(rows);
        using var probe = new GraphRun(Encoder().ToByteArray());
        ITransformer model = _mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(_mlContext.Transforms.EmbedOnnx(new EmbedOnnxOptions
            {
                ModelBytes = Encoder().ToByteArray(),
                Pooling = pooling,
                Normalize = true,
                Inputs = hasMask
                    ? [new EmbedOnnxInput("input_ids", "Tokens"), new EmbedOnnxInput("attention_mask", "Mask")]
                    : [new EmbedOnnxInput("input_ids", "Tokens")],
            }))
            .Append(_mlContext.MulticlassClassification.Trainers.VisualMemory(neighborCount: 3))
            .Fit(view);
        OwnRun own = OwnRun.Of(model, view);

        byte[] merged = GraphRun.Export(
            model, new OnnxExportOptions { Labels = OnnxLabels.Keys, InputSchema = view.Schema });

        GraphRules.Check(merged);
        using var session = new InferenceSession(merged);
        for (int row = 0; row < rows.Length; row++)
        {
            (uint key, float[] scores) = Run(session, rows[row], hasMask);
            Assert.AreEqual(own.Keys[row], key, $"row {row}");
            GraphAssert.Near(own.Scores[(row * scores.Length)..((row + 1) * scores.Length)], scores, $"row {row}");
        }
    }

    private static (uint Key, float[] Scores) Run(InferenceSession session, TokenRow row, bool hasMask)
    {
        long[] shape = [1, row.Tokens.Length];
        using var options = new RunOptions();
        using OrtValue tokens = OrtValue.CreateTensorValueFromMemory(row.Tokens, shape);
        using OrtValue mask = OrtValue.CreateTensorValueFromMemory(row.Mask, shape);
        string[] names = hasMask ? ["Tokens", "Mask"] : ["Tokens"];
        OrtValue[] values = hasMask ? [tokens, mask] : [tokens];
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(
            options, names, values, ["PredictedLabel", "Score"]);
        return (outputs[0].GetTensorDataAsSpan<uint>()[0], outputs[1].GetTensorDataAsSpan<float>().ToArray());
    }

    private static IEnumerable<TokenRow> Draw(int count)
    {
        var random = new Random(3);
        for (int row = 0; row < count; row++)
        {
            int length = 2 + (row % 3);
            long[] mask = [.. Enumerable.Repeat(1L, length)];
            if (row % 2 == 0) mask[^1] = 0;
            yield return new TokenRow
            {
                Label = $"class {row % 3}",
                Tokens = [.. Enumerable.Range(0, length).Select(_ => (long)random.Next(6))],
                Mask = mask,
            };
        }
    }

    /// <summary>Looks up a vector for each token and hides the masked ones in part.</summary>
    private static ModelProto Encoder()
    {
        var table = new TensorProto { Name = "table", DataType = (int)DataType.Float, Dims = { 6, 4 } };
        table.FloatData.Add([.. Enumerable.Range(0, 24).Select(index => (((index * 5) % 13) - 6) / 4f)]);
        var shift = new TensorProto { Name = "shift", DataType = (int)DataType.Float, FloatData = { 0.5f } };
        var axes = new TensorProto { Name = "axes", DataType = (int)DataType.Int64, Dims = { 1 }, Int64Data = { 2 } };
        var graph = new GraphProto { Name = "tokens", Initializer = { table, shift, axes } };
        graph.Input.Add(Value("input_ids", DataType.Int64, "rows", "tokens"));
        graph.Input.Add(Value("attention_mask", DataType.Int64, "rows", "tokens"));
        graph.Node.Add(new NodeProto { OpType = "Gather", Input = { "table", "input_ids" }, Output = { "looked" } });
        graph.Node.Add(new NodeProto
        {
            OpType = "Cast",
            Input = { "attention_mask" },
            Output = { "weights" },
            Attribute = { Attribute("to", (long)DataType.Float) },
        });
        graph.Node.Add(new NodeProto { OpType = "Unsqueeze", Input = { "weights", "axes" }, Output = { "wide" } });
        graph.Node.Add(new NodeProto { OpType = "Add", Input = { "wide", "shift" }, Output = { "factor" } });
        graph.Node.Add(new NodeProto { OpType = "Mul", Input = { "looked", "factor" }, Output = { "hidden" } });
        for (int index = 0; index < graph.Node.Count; index++) graph.Node[index].Name = $"node {index}";
        graph.Output.Add(Value("hidden", DataType.Float, "rows", "tokens", "4"));
        return new ModelProto
        {
            IrVersion = 8,
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 18 } },
        };
    }

    private static ValueInfoProto Value(string name, DataType type, params string[] sizes)
    {
        var shape = new TensorShapeProto();
        foreach (string size in sizes)
        {
            shape.Dim.Add(long.TryParse(size, out long number)
                ? new TensorShapeProto.Types.Dimension { DimValue = number }
                : new TensorShapeProto.Types.Dimension { DimParam = size });
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } },
        };
    }

    private sealed class TokenRow
    {
        public string Label { get; set; } = "";

        public long[] Tokens { get; set; } = [];

        public long[] Mask { get; set; } = [];
    }
}
