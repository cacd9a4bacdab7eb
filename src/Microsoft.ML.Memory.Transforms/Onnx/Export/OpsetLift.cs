// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Frozen;
using System.Globalization;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Rewrites the operators of an older network in those of opset 17, where that is certain.</summary>
/// <remarks>
/// From opset 13 on operators keep their meaning up to 17, RoiAlign and the further outputs of BatchNormalization
/// excepted. Before that the table says which do; a few are rewritten, since attributes became inputs. All others are
/// refused.
/// </remarks>
internal static class OpsetLift
{
    private const int LeastOpset = 7;
    private const int OpsetOfStableMeaning = 13;

    private static readonly FrozenSet<string> _unchanged = FrozenSet.Create(
        StringComparer.Ordinal,
        "Abs", "Acos", "Add", "And", "ArgMax", "ArgMin", "Asin", "Atan", "AveragePool", "Cast", "Ceil", "Concat",
        "Constant", "ConstantOfShape", "Conv", "ConvTranspose", "Cos", "DepthToSpace", "Div", "Elu", "Equal", "Erf",
        "Exp", "Expand", "Flatten", "Floor", "Gather", "GatherElements", "Gemm", "GlobalAveragePool",
        "GlobalLpPool", "GlobalMaxPool", "Greater", "HardSigmoid", "Identity", "InstanceNormalization", "LRN",
        "LeakyRelu", "Less", "Log", "LpNormalization", "MatMul", "Max", "MaxPool", "Mean", "Min", "Mul", "Neg", "Not",
        "Or", "PRelu", "Pow", "Reciprocal", "ReduceL1", "ReduceL2", "ReduceMax", "ReduceMean", "ReduceMin",
        "ReduceProd", "ReduceSumSquare", "Relu", "Reshape", "Selu", "Shape", "Sigmoid", "Sin", "Size", "Softplus",
        "Softsign", "SpaceToDepth", "Sqrt", "Sub", "Sum", "Tan", "Tanh", "ThresholdedRelu", "Tile", "Transpose",
        "Where", "Xor");

    /// <summary>Gives the opset of the standard domain that a network asks for.</summary>
    public static int OpsetOf(ModelProto model)
        => checked((int)model.OpsetImport
            .Where(import => IsStandard(import.Domain))
            .Select(import => import.Version)
            .DefaultIfEmpty(OnnxGraph.LeastOpset)
            .Max());

    /// <summary>Says whether a domain is the standard one.</summary>
    public static bool IsStandard(string domain) => domain is "" or "ai.onnx";

    /// <summary>Brings a graph, and the graphs within it, to opset 17 in place.</summary>
    /// <exception cref="InvalidOperationException">An operator may mean something else there.</exception>
    public static void Lift(GraphProto graph, int opset)
    {
        if (opset >= OnnxGraph.LeastOpset) return;
        if (opset < LeastOpset)
        {
            throw new InvalidOperationException(
                $"The encoder must be of opset {LeastOpset} or later to be exported with its memory. Got {opset}. "
                + "Export the encoder again with opset 13 or later.");
        }

        Lift(graph, opset, [.. GraphNames.Read(graph)]);
    }

    private static void Lift(GraphProto graph, int opset, HashSet<string> read)
    {
        NodeProto[] nodes = [.. graph.Node];
        graph.Node.Clear();
        foreach (NodeProto node in nodes)
        {
            foreach (AttributeProto attribute in node.Attribute)
            {
                if (attribute.G is { } inner) Lift(inner, opset, read);
                foreach (GraphProto each in attribute.Graphs) Lift(each, opset, read);
            }

            new Rewriting(graph, node, opset, read).Add();
        }
    }

    /// <summary>Rewrites one node into a graph.</summary>
    private sealed class Rewriting(GraphProto graph, NodeProto node, int opset, HashSet<string> read)
    {
        private int _count;

        /// <summary>Whether nobody reads another output than the first.</summary>
        private bool HasOneOutput => !node.Output.Skip(1).Any(read.Contains);

        /// <summary>Whether the opset is one from which on the operator keeps its meaning.</summary>
        private bool IsStable => node.OpType switch
        {
            "RoiAlign" => opset >= 16,
            "BatchNormalization" => opset >= 14,
            "Dropout" => opset >= 12,
            _ => opset >= OpsetOfStableMeaning,
        };

        public void Add()
        {
            if (!IsStandard(node.Domain) || IsStable || _unchanged.Contains(node.OpType))
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
                    graph.Node.Add(new NodeProto
                    {
                        OpType = "Identity",
                        Name = node.Name,
                        Input = { node.Input[0] },
                        Output = { node.Output[0] },
                    });
                    break;
                case "BatchNormalization" when IntegerOf("spatial", 1) == 1 && HasOneOutput:
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
                case "Clip":
                    graph.Node.Add(node);
                    break;
                case "Pad" when opset < 11:
                    AddPad();
                    break;
                case "Pad":
                    graph.Node.Add(node);
                    break;
                case "Slice" when opset < 10:
                    AddSlice();
                    break;
                case "Slice":
                    graph.Node.Add(node);
                    break;
                default:
                    throw new InvalidOperationException(
                        $"The encoder must consist of operators that mean the same in opset 17 as in its own, {opset}. "
                        + $"Got {node.OpType}. Export the encoder again with opset 13 or later.");
            }
        }

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
}
