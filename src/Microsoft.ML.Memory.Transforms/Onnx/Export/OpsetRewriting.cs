// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Rewrites one node into a graph.</summary>
internal sealed class OpsetRewriting(GraphProto graph, NodeProto node, int opset, HashSet<string> read)
{
    private int _count;

    /// <summary>Whether nobody reads another output than the first.</summary>
    private bool HasOneOutput => !node.Output.Skip(1).Any(read.Contains);

    /// <summary>Whether it is a Resize by a rule that opset 13 did away with.</summary>
    private bool IsHalfPixelOfNearest => opset < 13 && node.OpType == "Resize"
        && TextOf("coordinate_transformation_mode", "half_pixel") == "tf_half_pixel_for_nn";

    /// <summary>Adds the node, or what stands for it.</summary>
    /// <exception cref="InvalidOperationException">It may mean something else in opset 17.</exception>
    public void Add()
    {
        if (!OpsetLift.IsStandard(node.Domain) || (OpsetMeaning.IsKept(node.OpType, opset) && !IsHalfPixelOfNearest))
        {
            graph.Node.Add(node);
            return;
        }

        switch (node.OpType)
        {
            case "Softmax" or "LogSoftmax" or "Hardmax":
                FlattenFirst();
                break;
            case "Dropout" when HasOneOutput:
                AddIdentity();
                break;
            case "BatchNormalization" when node.Output.Skip(1).Any(output => output.Length > 0):
                throw new InvalidOperationException(
                    "The encoder must not be in training to be exported with its memory. Got BatchNormalization with "
                    + "further outputs, which follows the rows of the batch. Export the encoder again for inference.");
            case "BatchNormalization" when IntegerOf("spatial", 1) == 1:
                Drop("spatial");
                KeepOneOutput();
                break;
            case "Squeeze" or "Unsqueeze" or "ReduceSum":
                MoveInput("axes");
                break;
            case "Split":
                MoveInput("split");
                break;
            case "Clip" when opset < 11:
                MoveNumber("min");
                MoveNumber("max");
                graph.Node.Add(node);
                break;
            case "Pad" when opset < 11:
                AddPad();
                break;
            case "Slice" when opset < 10:
                AddSlice();
                break;
            case "TopK" when opset < 10:
                MoveCount();
                break;
            case "Clip" or "Pad" or "Slice" or "TopK":
                graph.Node.Add(node);
                break;
            case "Scatter":
                node.OpType = "ScatterElements";
                graph.Node.Add(node);
                break;
            case "Upsample":
                AddResize();
                break;
            case "Resize" when IsHalfPixelOfNearest:
                ShiftHalfPixel();
                graph.Node.Add(node);
                break;
            default:
                throw new InvalidOperationException(
                    $"The encoder must consist of operators that mean the same in opset 17 as in its own, {opset}. "
                    + $"Got {node.OpType}. Export the encoder again with opset 16 or later.");
        }
    }

    private void AddIdentity() => graph.Node.Add(new NodeProto
    {
        OpType = "Identity",
        Name = node.Name,
        Input = { node.Input[0] },
        Output = { node.Output[0] },
    });

    /// <summary>Softmax once took all dimensions from its axis on together.</summary>
    private void FlattenFirst()
    {
        long axis = IntegerOf("axis", 1);
        string shape = Made("Shape", [node.Input[0]]);
        string flat = Made("Flatten", [node.Input[0]], OnnxGraph.Attribute("axis", axis));
        string result = Made(node.OpType, [flat], OnnxGraph.Attribute("axis", -1L));
        graph.Node.Add(new NodeProto
        {
            OpType = "Reshape",
            Name = node.Name,
            Input = { result, shape },
            Output = { node.Output[0] },
        });
    }

    private void MoveInput(string attribute)
    {
        AttributeProto? list = Take(attribute);
        if (list is not null) node.Input.Add(Integers(attribute, [.. list.Ints]));
        graph.Node.Add(node);
    }

    private void MoveNumber(string attribute)
    {
        AttributeProto? number = Take(attribute);
        node.Input.Add(number is null ? "" : Number(attribute, number.F));
    }

    private void MoveCount()
    {
        node.Input.Add(Integers("k", [Take("k")?.I ?? 1]));
        graph.Node.Add(node);
    }

    /// <summary>Upsample read each place at the lower end of its share, by factors that are at least 1.</summary>
    private void AddResize()
    {
        string scales = Take("scales") is { } factors ? Numbers("scales", [.. factors.Floats]) : node.Input[1];
        while (node.Input.Count > 1) node.Input.RemoveAt(1);
        node.OpType = "Resize";
        node.Input.Add(["", scales]);
        node.Attribute.Add(OnnxGraph.Attribute("coordinate_transformation_mode", "asymmetric"));
        node.Attribute.Add(OnnxGraph.Attribute("nearest_mode", "floor"));
        graph.Node.Add(node);
    }

    /// <summary>
    /// The rule read half a pixel farther on than <c>half_pixel</c> does; rounding by half a pixel more is the same.
    /// </summary>
    private void ShiftHalfPixel()
    {
        string mode = TextOf("mode", "nearest"), rounding = TextOf("nearest_mode", "round_prefer_floor");
        string? shifted = (mode, rounding) switch
        {
            ("nearest", "floor") => "round_prefer_ceil",
            ("nearest", "round_prefer_floor") => "ceil",
            _ => null,
        };
        if (shifted is null)
        {
            throw new InvalidOperationException(
                "The encoder must resize by tf_half_pixel_for_nn with nearest_mode floor or round_prefer_floor to be "
                + $"exported with its memory. Got mode {mode} and nearest_mode {rounding}. "
                + "Export the encoder again with opset 13 or later.");
        }

        Drop("coordinate_transformation_mode");
        Drop("nearest_mode");
        node.Attribute.Add(OnnxGraph.Attribute("nearest_mode", shifted));
    }

    private void AddPad()
    {
        AttributeProto? pads = Take("pads");
        AttributeProto? value = Take("value");
        node.Input.Add(Integers("pads", [.. pads?.Ints ?? []]));
        node.Input.Add(Number("value", value?.F ?? 0));
        graph.Node.Add(node);
    }

    private void AddSlice()
    {
        long[] starts = [.. Take("starts")?.Ints ?? []];
        long[] ends = [.. Take("ends")?.Ints ?? []];
        long[] axes = [.. Take("axes")?.Ints ?? []];
        if (axes.Length == 0) axes = [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        node.Input.Add(Integers("starts", starts));
        node.Input.Add(Integers("ends", ends));
        node.Input.Add(Integers("axes", axes));
        graph.Node.Add(node);
    }

    private void KeepOneOutput()
    {
        while (node.Output.Count > 1) node.Output.RemoveAt(1);
        graph.Node.Add(node);
    }

    private void Drop(string attribute) => Take(attribute);

    private long IntegerOf(string attribute, long otherwise)
        => node.Attribute.FirstOrDefault(each => each.Name == attribute)?.I ?? otherwise;

    private string TextOf(string attribute, string otherwise)
        => node.Attribute.FirstOrDefault(each => each.Name == attribute)?.S.ToStringUtf8() ?? otherwise;

    private AttributeProto? Take(string attribute)
    {
        AttributeProto? found = node.Attribute.FirstOrDefault(each => each.Name == attribute);
        if (found is not null) node.Attribute.Remove(found);
        return found;
    }

    private string Integers(string name, long[] values)
    {
        var tensor = new TensorProto { Name = NameOf(name), DataType = (int)TensorProto.Types.DataType.Int64 };
        tensor.Int64Data.Add(values);
        tensor.Dims.Add(values.Length);
        graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private string Numbers(string name, float[] values)
    {
        var tensor = new TensorProto { Name = NameOf(name), DataType = (int)TensorProto.Types.DataType.Float };
        tensor.FloatData.Add(values);
        tensor.Dims.Add(values.Length);
        graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>Gives a number of the type of the node's first input.</summary>
    private string Number(string name, float value)
    {
        var tensor = new TensorProto { Name = NameOf(name), DataType = (int)TensorProto.Types.DataType.Float };
        tensor.FloatData.Add(value);
        graph.Initializer.Add(tensor);
        return Made("CastLike", [tensor.Name, node.Input[0]]);
    }

    private string Made(string type, string[] inputs, params AttributeProto[] attributes)
    {
        string name = NameOf(type);
        var made = new NodeProto { OpType = type, Name = name, Output = { name } };
        made.Input.Add(inputs);
        made.Attribute.Add(attributes);
        graph.Node.Add(made);
        return name;
    }

    private string NameOf(string stem)
        => string.Create(CultureInfo.InvariantCulture, $"{node.Output[0]}/{stem}_{_count++}");
}
