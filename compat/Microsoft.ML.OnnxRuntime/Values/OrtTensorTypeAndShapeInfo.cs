// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>Element type and shape of a tensor.</summary>
public struct OrtTensorTypeAndShapeInfo
{
    internal OrtTensorTypeAndShapeInfo(IntPtr tensorInfo)
    {
        ElementDataType = NativeMethods.ElementTypeOf(tensorInfo);
        Shape = NativeMethods.DimensionsOf(tensorInfo);
        ElementCount = (long)NativeMethods.ElementCountOf(tensorInfo);
    }

    public TensorElementType ElementDataType { get; }

    public long[] Shape { get; }

    public long ElementCount { get; }

    public readonly int DimensionsCount => Shape.Length;

    public readonly bool IsString => ElementDataType == TensorElementType.String;
}
