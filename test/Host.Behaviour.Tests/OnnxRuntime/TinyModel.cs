// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Host.Behaviour.Tests.OnnxRuntime;

/// <summary>A hand-made ONNX model of a few nodes; field numbers are those of the published onnx.proto.</summary>
internal sealed class TinyModel
{
    private readonly ProtoWriter _graph = new();

    public long Opset { get; init; } = 17;

    public byte[] ToBytes() => new ProtoWriter()
        .Integer(1, 8)
        .Text(2, "tiny")
        .Message(7, _graph.Text(2, "graph"))
        .Message(8, new ProtoWriter().Text(1, "").Integer(2, Opset))
        .ToBytes();

    /// <summary>Adds an input; a dimension is a number, a name, or null where it is free without a name.</summary>
    /// <remarks>Null in place of all dimensions leaves the shape out.</remarks>
    public TinyModel Input(string name, TensorElementType type, params object[] dimensions) =>
        Port(11, name, type, dimensions);

    public TinyModel Output(string name, TensorElementType type, params object[] dimensions) =>
        Port(12, name, type, dimensions);

    public TinyModel Weights(string name, TensorElementType type, long[] shape, ReadOnlySpan<byte> values)
    {
        var tensor = new ProtoWriter();
        foreach (long size in shape)
            tensor.Integer(1, size);
        _graph.Message(5, tensor.Integer(2, (int)type).Text(8, name).Bytes(9, values));
        return this;
    }

    public TinyModel Weights(string name, long[] shape, params float[] values) =>
        Weights(name, TensorElementType.Float, shape, MemoryMarshal.AsBytes(values.AsSpan()));

    public TinyModel Weights(string name, long[] shape, params long[] values) =>
        Weights(name, TensorElementType.Int64, shape, MemoryMarshal.AsBytes(values.AsSpan()));

    public TinyModel Node(string operation, string[] inputs, string[] outputs,
        params (string Name, long Value)[] attributes)
    {
        var node = new ProtoWriter();
        foreach (string input in inputs)
            node.Text(1, input);
        foreach (string output in outputs)
            node.Text(2, output);
        node.Text(3, operation + "-1").Text(4, operation);
        foreach ((string name, long value) in attributes)
            node.Message(5, new ProtoWriter().Text(1, name).Integer(3, value).Integer(20, 2));
        _graph.Message(1, node);
        return this;
    }

    private TinyModel Port(int field, string name, TensorElementType type, object[] dimensions)
    {
        var tensor = new ProtoWriter().Integer(1, (int)type);
        if (dimensions is not null)
            tensor.Message(2, Shape(dimensions));
        _graph.Message(field, new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(1, tensor)));
        return this;
    }

    private static ProtoWriter Shape(object[] dimensions)
    {
        var shape = new ProtoWriter();
        foreach (object dimension in dimensions)
        {
            shape.Message(1, dimension switch
            {
                null => new ProtoWriter(),
                string symbol => new ProtoWriter().Text(2, symbol),
                _ => new ProtoWriter().Integer(1, Convert.ToInt64(dimension)),
            });
        }
        return shape;
    }
}
