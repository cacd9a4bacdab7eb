// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>Type and shape of an input or an output; what is no tensor has no dimensions or element type.</summary>
public class NodeMetadata
{
    private NodeMetadata(OnnxValueType type) => OnnxValueType = type;

    /// <summary>Sizes, -1 where one is free.</summary>
    public int[] Dimensions { get; private init; }

    /// <summary>Names of free dimensions, empty text where a dimension has none.</summary>
    public string[] SymbolicDimensions { get; private init; }

    public Type ElementType { get; private init; }

    public TensorElementType ElementDataType { get; private init; }

    public OnnxValueType OnnxValueType { get; }

    public bool IsTensor => OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR;

    public bool IsString => ElementDataType == TensorElementType.String;

    internal static NodeMetadata Of(IntPtr typeInfo)
    {
        OnnxValueType type = NativeMethods.OnnxTypeOfTypeInfo(typeInfo);
        if (type != OnnxValueType.ONNX_TYPE_TENSOR)
            return new NodeMetadata(type);
        IntPtr tensor = NativeMethods.CastToTensorInfo(typeInfo);
        TensorElementType element = NativeMethods.ElementTypeOf(tensor);
        return new NodeMetadata(type)
        {
            Dimensions = Array.ConvertAll(NativeMethods.DimensionsOf(tensor), d => checked((int)d)),
            SymbolicDimensions = NativeMethods.SymbolicDimensionsOf(tensor),
            ElementDataType = element,
            ElementType = ElementTypes.TypeOf(element),
        };
    }
}
