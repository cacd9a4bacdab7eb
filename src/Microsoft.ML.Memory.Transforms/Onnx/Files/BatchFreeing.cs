// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using Google.Protobuf;
using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory;

/// <summary>Frees the first dimension of a network that was exported for one row at a time.</summary>
/// <remarks>
/// Declared dimensions of 1 become symbolic, and so does a 1 that a Reshape writes. Whether the network then still
/// treats each row on its own is not known: it has to be tried.
/// </remarks>
internal static class BatchFreeing
{
    private const string Symbol = "batch_of_rows";

    /// <summary>Frees the first dimension of inputs and outputs.</summary>
    public static void Free(ModelProto model)
    {
        GraphProto graph = model.Graph;
        HashSet<string> constants = [.. graph.Initializer.Select(initializer => initializer.Name)];
        foreach (ValueInfoProto value in graph.Input.Where(input => !constants.Contains(input.Name))) Free(value);
        foreach (ValueInfoProto value in graph.Output) Free(value);
        graph.ValueInfo.Clear();
        Dictionary<string, TensorProto> tensors = Constants(graph);
        foreach (NodeProto node in graph.Node.Where(node => IsReshape(node, constants)))
            FreeReshape(graph, node, tensors);
    }

    private static void Free(ValueInfoProto value)
    {
        if (value.Type?.TensorType?.Shape is not { Dim.Count: > 0 } shape) return;
        if (shape.Dim[0].DimValue == 1) shape.Dim[0] = new() { DimParam = Symbol };
    }

    private static bool IsReshape(NodeProto node, HashSet<string> constants)
        => node is { OpType: "Reshape", Domain: "" or "ai.onnx", Input.Count: 2 } && !constants.Contains(node.Input[0]);

    private static void FreeReshape(GraphProto graph, NodeProto node, Dictionary<string, TensorProto> tensors)
    {
        if (ShapeOf(tensors.GetValueOrDefault(node.Input[1])) is not { Length: > 1 } shape || shape[0] != 1) return;

        // 0 takes over the first dimension of what is reshaped; -1 is whatever is left.
        shape[0] = Array.IndexOf(shape, -1) < 0 ? -1 : 0;
        string name = $"{node.Input[1]}_{Symbol}_{node.Output[0]}";
        var freed = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Int64 };
        freed.Dims.Add(shape.Length);
        freed.Int64Data.AddRange(shape);
        graph.Initializer.Add(freed);
        node.Input[1] = name;
    }

    private static Dictionary<string, TensorProto> Constants(GraphProto graph)
    {
        var constants = new Dictionary<string, TensorProto>();
        foreach (TensorProto initializer in graph.Initializer) constants.TryAdd(initializer.Name, initializer);
        foreach (NodeProto node in graph.Node.Where(node => node.OpType == "Constant"))
        {
            if (node.Attribute.FirstOrDefault(attribute => attribute.Name == "value")?.T is not { } tensor) continue;
            foreach (string output in node.Output) constants.TryAdd(output, tensor);
        }

        return constants;
    }

    private static long[]? ShapeOf(TensorProto? tensor)
    {
        if (tensor is not { DataType: (int)TensorProto.Types.DataType.Int64, Dims.Count: 1 }) return null;
        if (tensor.Int64Data.Count > 0) return [.. tensor.Int64Data];
        ByteString raw = tensor.RawData;
        if (raw.Length % sizeof(long) != 0) return null;
        long[] values = new long[raw.Length / sizeof(long)];
        for (int i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadInt64LittleEndian(raw.Span[(i * sizeof(long))..]);
        return values;
    }
}
