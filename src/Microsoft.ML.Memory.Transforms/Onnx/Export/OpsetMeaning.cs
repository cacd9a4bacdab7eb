// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Frozen;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Says which operators mean in opset 17 what they meant before.</summary>
/// <remarks>
/// From opset 13 on all do, RoiAlign and BatchNormalization in training excepted. Before that those of the table do:
/// their later versions took more types, negative axes, or an attribute whose default is what they did.
/// </remarks>
internal static class OpsetMeaning
{
    private const int OpsetOfStableMeaning = 13;

    private static readonly FrozenSet<string> _kept = FrozenSet.Create(
        StringComparer.Ordinal,
        "Abs", "Acos", "Acosh", "Add", "And", "ArgMax", "ArgMin", "Asin", "Asinh", "Atan", "Atanh", "AveragePool",
        "BitShift", "Cast", "Ceil", "Celu", "Compress", "Concat", "Constant", "ConstantOfShape", "Conv", "ConvInteger",
        "ConvTranspose", "Cos", "Cosh", "CumSum", "DepthToSpace", "DequantizeLinear", "Det", "Div",
        "DynamicQuantizeLinear", "Einsum", "Elu", "Equal", "Erf", "Exp", "Expand", "EyeLike", "Flatten", "Floor", "GRU",
        "Gather", "GatherElements", "GatherND", "Gemm", "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool", "Greater",
        "GreaterOrEqual", "HardSigmoid", "Identity", "If", "InstanceNormalization", "IsInf", "IsNaN", "LRN", "LSTM",
        "LeakyRelu", "Less", "LessOrEqual", "Log", "Loop", "LpNormalization", "LpPool", "MatMul", "MatMulInteger",
        "Max", "MaxPool", "Mean", "Min", "Mod", "Mul", "Neg", "NonZero", "Not", "Or",
        "PRelu", "Pow", "QLinearConv", "QLinearMatMul", "QuantizeLinear", "RNN", "Range", "Reciprocal", "ReduceL1",
        "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd",
        "ReduceSumSquare",
        "Relu", "Reshape", "ReverseSequence", "Round", "ScatterElements", "ScatterND", "Selu", "Shape", "Shrink",
        "Sigmoid", "Sign", "Sin", "Sinh", "Size", "Softplus", "Softsign", "SpaceToDepth", "Sqrt", "Sub", "Sum", "Tan",
        "Tanh", "ThresholdedRelu", "Tile", "Transpose", "Where", "Xor");

    /// <summary>Whether an operator of the standard domain means in opset 17 what it means in another, 7 to 16.
    /// </summary>
    public static bool IsKept(string type, int opset) => type switch
    {
        "RoiAlign" => opset >= 16,
        "BatchNormalization" => opset >= 14,
        "Dropout" => opset >= 12,

        // Once an experiment, with attributes of its own.
        "MeanVarianceNormalization" => opset >= 9,

        // Once at the lower end of a share, rounded up where it grew smaller; since then the attributes say.
        "Resize" => opset >= 11,

        // Indices below 0 were none, and are counted from the end since.
        "OneHot" => opset >= 11,

        // Once over a batch of sequences.
        "Scan" => opset >= 9,
        _ => opset >= OpsetOfStableMeaning || _kept.Contains(type),
    };
}
