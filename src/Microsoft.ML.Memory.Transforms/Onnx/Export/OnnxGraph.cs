// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Google.Protobuf;
using static Microsoft.ML.Memory.Onnx.AttributeProto.Types;
using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Builds the graph of a model: every method adds a node and gives the name of what it computes.</summary>
/// <remarks>
/// Names follow from the order of the calls alone, so the same calls give the same bytes. Nodes are valid in opset 17
/// and in every later one.
/// </remarks>
internal sealed partial class OnnxGraph
{
    /// <summary>The opset that is written where nothing asks for a later one.</summary>
    public const int LeastOpset = 17;

    /// <summary>The version of the file format that is written where nothing asks for a later one.</summary>
    public const long LeastIrVersion = 8;

    /// <summary>The opset from which on reductions take their axes as an input.</summary>
    private const int OpsetOfReduceAxes = 18;

    private readonly string _prefix;
    private readonly Dictionary<string, string> _scalars = [];
    private readonly SortedDictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly List<LargeTensor> _large = [];
    private string? _rowCount;
    private int _count;

    /// <param name="prefix">What the names of all values begin with.</param>
    /// <param name="opset">The opset of the standard domain, at least 17.</param>
    public OnnxGraph(string prefix, int opset = LeastOpset)
    {
        _prefix = prefix;
        Opset = opset;
    }

    /// <summary>The opset of the standard domain.</summary>
    public int Opset { get; }

    /// <summary>The version of the file format: 8, or that of an encoder that asks for a later one.</summary>
    public long IrVersion { get; init; } = LeastIrVersion;

    /// <summary>The graph, without the large initializers.</summary>
    public GraphProto Proto { get; } = new();

    /// <summary>The initializers that are written piece by piece.</summary>
    public IReadOnlyList<LargeTensor> Large => _large;

    /// <summary>What the model says of itself, in ordinal order.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Name of the first dimension of inputs and outputs.</summary>
    public string BatchName { get; set; } = "N";

    /// <summary>Number of rows of a batch where the encoder fixes it; null where it is free.</summary>
    public long? BatchSize { get; set; }

    /// <summary>Has the model say something of itself.</summary>
    public void Say(string key, string value) => _metadata[key] = value;

    /// <summary>Adds an input [N, ...].</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Type of its values.</param>
    /// <param name="description">What it holds.</param>
    /// <param name="rest">Its further dimensions; -1 is the number of tokens.</param>
    /// <returns>Its value as the graph computes with it: of one row, of zeros, where the input has none.</returns>
    public string Input(string name, DataType type, string description, params ReadOnlySpan<long> rest)
    {
        Proto.Input.Add(ValueOf(name, type, description, Rows, rest));
        return BatchSize is null ? WithRow(name, type, rest) : name;
    }

    /// <summary>Names a value [N, ...] and makes it an output.</summary>
    public void Output(string name, string value, DataType type, string description, params ReadOnlySpan<long> rest)
    {
        var node = new NodeProto { OpType = "Identity", Name = $"{_prefix}{name}", Input = { value } };
        node.Output.Add(name);
        if (_rowCount is not null)
        {
            node.OpType = "Slice";
            node.Input.Add([Shape(0), _rowCount, Shape(0)]);
        }

        Proto.Node.Add(node);
        Proto.Output.Add(ValueOf(name, type, description, Rows, rest));
    }

    /// <summary>Adds a node with one output.</summary>
    /// <returns>Name of the output.</returns>
    public string Node(string type, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
        => Nodes(type, inputs, 1, attributes)[0];

    /// <summary>Adds a node.</summary>
    /// <returns>Names of the outputs.</returns>
    public string[] Nodes(
        string type, ReadOnlySpan<string> inputs, int outputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        string name = NextName(type);
        var node = new NodeProto { OpType = type, Name = name };
        foreach (string input in inputs) node.Input.Add(input);
        for (int output = 0; output < outputs; output++) node.Output.Add(output == 0 ? name : $"{name}:{output}");
        foreach (AttributeProto attribute in attributes) node.Attribute.Add(attribute);
        Proto.Node.Add(node);
        return [.. node.Output];
    }

    /// <summary>Adds an initializer that is written piece by piece.</summary>
    public string Add(LargeTensor tensor)
    {
        _large.Add(tensor);
        return tensor.Name;
    }

    /// <summary>Gives a free name.</summary>
    public string NextName(string stem)
        => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{stem}_{_count++}");

    public static AttributeProto Attribute(string name, long value)
        => new() { Name = name, Type = AttributeType.Int, I = value };

    public static AttributeProto Attribute(string name, float value)
        => new() { Name = name, Type = AttributeType.Float, F = value };

    public static AttributeProto Attribute(string name, string value)
        => new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    public static AttributeProto Attribute(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        foreach (long value in values) attribute.Ints.Add(value);
        return attribute;
    }

    /// <summary>Adds a row of zeros to an input without rows: TopK of ONNX Runtime ends the process on none.</summary>
    private string WithRow(string input, DataType type, ReadOnlySpan<long> rest)
    {
        string count = Node("Shape", [input], Attribute("start", 0L), Attribute("end", 1L));
        _rowCount ??= count;

        // Equal to the number of rows only where that is 0, and only at the place of the first dimension's end.
        long[] places = [.. Enumerable.Repeat(-1L, 2 * (1 + rest.Length))];
        places[1 + rest.Length] = 0;
        string pads = Cast(Equal(count, Shape(places)), DataType.Int64);
        string padded = Node("Pad", [input, pads]);
        var atLeastOne = new TensorShapeProto.Types.Dimension { DimParam = $"{BatchName}, at least 1" };
        Proto.ValueInfo.Add(ValueOf(padded, type, "", atLeastOne, rest));
        return padded;
    }

    private TensorShapeProto.Types.Dimension Rows => BatchSize is { } rows
        ? new TensorShapeProto.Types.Dimension { DimValue = rows }
        : new TensorShapeProto.Types.Dimension { DimParam = BatchName };

    private static ValueInfoProto ValueOf(
        string name, DataType type, string description, TensorShapeProto.Types.Dimension rows, ReadOnlySpan<long> rest)
    {
        var shape = new TensorShapeProto { Dim = { rows } };
        foreach (long size in rest)
        {
            shape.Dim.Add(size < 0
                ? new TensorShapeProto.Types.Dimension { DimParam = "tokens" }
                : new TensorShapeProto.Types.Dimension { DimValue = size });
        }

        return new ValueInfoProto
        {
            Name = name,
            DocString = description,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } },
        };
    }
}
