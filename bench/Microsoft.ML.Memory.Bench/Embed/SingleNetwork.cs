// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory.Bench;

/// <summary>A network in single precision, of one input and one output.</summary>
internal sealed record SingleNetwork(
    string Name, byte[] Bytes, string Input, string Output, int InputLength, float Scale, int RowCount)
{
    private const int Width = 1024;
    private const int LayerCount = 4;

    /// <summary>The digits network, for one row; its first dimension is freed.</summary>
    public static SingleNetwork Digits(string path)
        => new("mnist.onnx", File.ReadAllBytes(path), "Input3", "Plus214_Output_0", 784, 255, 2048);

    /// <summary>Four dense layers of 1,024, as large as those of a small transformer.</summary>
    public static SingleNetwork Dense()
    {
        var model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "dense" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        var random = new Random(1);
        string last = "x";
        model.Graph.Input.Add(Rows("x"));
        for (int layer = 0; layer < LayerCount; layer++)
        {
            float[] weights = new float[Width * Width];
            for (int i = 0; i < weights.Length; i++) weights[i] = (random.NextSingle() - 0.5f) / 16;
            model.Graph.Initializer.Add(new TensorProto
            {
                Name = $"w{layer}",
                Dims = { Width, Width },
                DataType = (int)TensorProto.Types.DataType.Float,
                RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(weights.AsSpan())),
            });
            string sum = $"sum{layer}", next = layer == LayerCount - 1 ? "y" : $"x{layer}";
            model.Graph.Node.Add(new NodeProto { OpType = "MatMul", Input = { last, $"w{layer}" }, Output = { sum } });
            model.Graph.Node.Add(new NodeProto { OpType = "Relu", Input = { sum }, Output = { next } });
            last = next;
        }

        model.Graph.Output.Add(Rows("y"));
        return new SingleNetwork("dense, 4 x 1,024", model.ToByteArray(), "x", "y", Width, 1, 1024);
    }

    // The host wants one row, so the file says one; ours frees it.
    private static ValueInfoProto Rows(string name)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = 1 });
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = Width });
        var tensor = new TypeProto.Types.Tensor
        {
            ElemType = (int)TensorProto.Types.DataType.Float,
            Shape = shape,
        };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
