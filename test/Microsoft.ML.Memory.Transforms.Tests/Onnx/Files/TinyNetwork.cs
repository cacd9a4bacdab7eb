// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Files;

/// <summary>Makes ONNX models of a few nodes.</summary>
internal sealed class TinyNetwork
{
    public TinyNetwork(long opset = 17)
    {
        Model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "tiny" } };
        Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });
    }

    public ModelProto Model { get; }

    /// <summary>Reads x [batch, 3] as Single and gives y = x · w [batch, 2].</summary>
    public static TinyNetwork Linear(object? batch = null) => new TinyNetwork()
        .Input("x", TensorProto.Types.DataType.Float, batch ?? "batch", 3)
        .Weights("w", [3, 2], 1, 2, 3, 4, 5, 6)
        .Node("MatMul", ["x", "w"], "y")
        .Output("y", TensorProto.Types.DataType.Float, batch ?? "batch", 2);

    /// <summary>Reads images [batch, channels, size, size] and gives all their numbers as they are.</summary>
    public static TinyNetwork Same(TensorProto.Types.DataType type, params object[] dims) => new TinyNetwork()
        .Input("image", type, dims)
        .Node("Cast", ["image"], "y", ("to", (long)TensorProto.Types.DataType.Float))
        .Output("y", TensorProto.Types.DataType.Float, dims);

    /// <summary>Reads token ids [batch, tokens] and a mask, and gives a row of a table for each token.</summary>
    public static TinyNetwork Words() => new TinyNetwork()
        .Input("input_ids", TensorProto.Types.DataType.Int64, "batch", "tokens")
        .Input("attention_mask", TensorProto.Types.DataType.Int64, "batch", "tokens")
        .Input("token_type_ids", TensorProto.Types.DataType.Int64, "batch", "tokens")
        .Weights("table", [4, 2], 0, 0, 1, 10, 2, 20, 3, 30)
        .Node("Add", ["input_ids", "token_type_ids"], "ids")
        .Node("Gather", ["table", "ids"], "words")
        .Node("Cast", ["attention_mask"], "mask", ("to", (long)TensorProto.Types.DataType.Float))
        .Node("ReduceSum", ["mask", "last"], "count", ("keepdims", 1))
        .Numbers("last", [1], 1)
        .Node("Unsqueeze", ["count", "two"], "counts")
        .Numbers("two", [1], 2)
        .Node("Add", ["words", "counts"], "sum")
        .Node("Sub", ["sum", "counts"], "y")
        .Output("y", TensorProto.Types.DataType.Float, "batch", "tokens", 2);

    public byte[] ToBytes() => Model.ToByteArray();

    public TinyNetwork Input(string name, TensorProto.Types.DataType type, params object[] dims)
    {
        Model.Graph.Input.Add(Value(name, type, dims));
        return this;
    }

    public TinyNetwork Output(string name, TensorProto.Types.DataType type, params object[] dims)
    {
        Model.Graph.Output.Add(Value(name, type, dims));
        return this;
    }

    public TinyNetwork Weights(string name, long[] dims, params float[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Float };
        tensor.Dims.AddRange(dims);
        tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan()));
        Model.Graph.Initializer.Add(tensor);
        return this;
    }

    public TinyNetwork Numbers(string name, long[] dims, params long[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Int64 };
        tensor.Dims.AddRange(dims);
        tensor.Int64Data.AddRange(values);
        Model.Graph.Initializer.Add(tensor);
        return this;
    }

    public TinyNetwork Node(string type, string[] inputs, string output, params (string Name, long Value)[] numbers)
    {
        var node = new NodeProto { OpType = type, Name = output + "-node" };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        foreach ((string name, long value) in numbers)
        {
            node.Attribute.Add(new AttributeProto
            {
                Name = name,
                I = value,
                Type = AttributeProto.Types.AttributeType.Int,
            });
        }

        Model.Graph.Node.Add(node);
        return this;
    }

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, object[] dims)
    {
        var shape = new TensorShapeProto();
        foreach (object dim in dims)
        {
            shape.Dim.Add(dim switch
            {
                int size => new TensorShapeProto.Types.Dimension { DimValue = size },
                "" => new TensorShapeProto.Types.Dimension(),
                _ => new TensorShapeProto.Types.Dimension { DimParam = (string)dim },
            });
        }

        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
