// Licensed under the MIT License. See LICENSE in the project root for license information.

using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

internal sealed partial class OnnxGraph
{
    public string Add(string left, string right) => Node("Add", [left, right]);

    public string Sub(string left, string right) => Node("Sub", [left, right]);

    public string Mul(string left, string right) => Node("Mul", [left, right]);

    public string Div(string left, string right) => Node("Div", [left, right]);

    public string Sqrt(string value) => Node("Sqrt", [value]);

    public string Exp(string value) => Node("Exp", [value]);

    public string Log(string value) => Node("Log", [value]);

    public string Not(string value) => Node("Not", [value]);

    public string Equal(string left, string right) => Node("Equal", [left, right]);

    public string Greater(string left, string right) => Node("Greater", [left, right]);

    public string And(string left, string right) => Node("And", [left, right]);

    public string Or(string left, string right) => Node("Or", [left, right]);

    public string Where(string condition, string then, string otherwise)
        => Node("Where", [condition, then, otherwise]);

    public string MatMul(string left, string right) => Node("MatMul", [left, right]);

    public string Min(string left, string right) => Node("Min", [left, right]);

    public string Max(string left, string right) => Node("Max", [left, right]);

    public string Cast(string value, DataType type) => Node("Cast", [value], Attribute("to", (long)type));

    public string ToDouble(string value) => Cast(value, DataType.Double);

    public string ToSingle(string value) => Cast(value, DataType.Float);

    /// <summary>Picks slices by a tensor of indices.</summary>
    public string Gather(string data, string indices, int axis = 0)
        => Node("Gather", [data, indices], Attribute("axis", (long)axis));

    /// <summary>Picks one value a row of indices along an axis.</summary>
    public string GatherElements(string data, string indices, int axis)
        => Node("GatherElements", [data, indices], Attribute("axis", (long)axis));

    public string Unsqueeze(string value, int axis) => Node("Unsqueeze", [value, Shape(axis)]);

    public string Squeeze(string value, int axis) => Node("Squeeze", [value, Shape(axis)]);

    public string Reshape(string value, params ReadOnlySpan<long> sizes) => Node("Reshape", [value, Shape(sizes)]);

    public string Transpose(string value, params ReadOnlySpan<long> order)
        => Node("Transpose", [value], Attribute("perm", order));

    /// <summary>Adds up along an axis, which stays with size 1.</summary>
    public string Sum(string value, int axis)
        => Node("ReduceSum", [value, Shape(axis)], Attribute("keepdims", 1L));

    /// <summary>Gives the largest along an axis, which stays with size 1.</summary>
    public string Largest(string value, int axis) => Reduce("ReduceMax", value, axis);

    /// <summary>Gives the smallest along an axis, which stays with size 1.</summary>
    public string Smallest(string value, int axis) => Reduce("ReduceMin", value, axis);

    /// <summary>Gives the place of the largest value of each row, the first of them; [N, m] to [N, 1].</summary>
    public string ArgMax(string value)
        => Node("ArgMax", [value], Attribute("axis", 1L), Attribute("keepdims", 1L));

    /// <summary>Adds up running totals along an axis.</summary>
    public string RunningSum(string value, int axis, bool isExclusive = false)
        => Node("CumSum", [value, Int64(axis)], Attribute("exclusive", isExclusive ? 1L : 0L));

    /// <summary>Gives the k smallest along the last axis, in order, and their places; the first where equal.</summary>
    public (string Values, string Places) Smallest(string value, long k, bool isSorted)
    {
        string[] outputs = Nodes(
            "TopK",
            [value, Shape(k)],
            2,
            Attribute("axis", -1L),
            Attribute("largest", 0L),
            Attribute("sorted", isSorted ? 1L : 0L));
        return (outputs[0], outputs[1]);
    }

    /// <summary>Gives the number of rows of a value as a vector of one.</summary>
    public string RowsOf(string value)
        => Node("Slice", [Node("Shape", [value]), Shape(0), Shape(1), Shape(0)]);

    /// <summary>Repeats a value without dimensions as [N, size], N the rows of another.</summary>
    public string Fill(string scalar, string rowsOf, long size)
        => Node("Expand", [scalar, Join(RowsOf(rowsOf), size)]);

    /// <summary>Makes a shape of a number of rows and the other dimensions.</summary>
    public string Join(string rows, params ReadOnlySpan<long> sizes)
        => Node("Concat", [rows, Shape(sizes)], Attribute("axis", 0L));

    private string Reduce(string type, string value, int axis)
        => Opset < OpsetOfReduceAxes
            ? Node(type, [value], Attribute("axes", [(long)axis]), Attribute("keepdims", 1L))
            : Node(type, [value, Shape(axis)], Attribute("keepdims", 1L));
}
