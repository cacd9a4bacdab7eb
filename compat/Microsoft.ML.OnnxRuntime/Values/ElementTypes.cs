// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;
using System.Collections.Generic;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>The .NET type of each element type that has one.</summary>
internal static class ElementTypes
{
    private static readonly Dictionary<Type, TensorElementType> _byType = new()
    {
        [typeof(float)] = TensorElementType.Float,
        [typeof(byte)] = TensorElementType.UInt8,
        [typeof(sbyte)] = TensorElementType.Int8,
        [typeof(ushort)] = TensorElementType.UInt16,
        [typeof(short)] = TensorElementType.Int16,
        [typeof(int)] = TensorElementType.Int32,
        [typeof(long)] = TensorElementType.Int64,
        [typeof(string)] = TensorElementType.String,
        [typeof(bool)] = TensorElementType.Bool,
        [typeof(Float16)] = TensorElementType.Float16,
        [typeof(double)] = TensorElementType.Double,
        [typeof(uint)] = TensorElementType.UInt32,
        [typeof(ulong)] = TensorElementType.UInt64,
        [typeof(BFloat16)] = TensorElementType.BFloat16,
    };

    public static TensorElementType Of<T>() => _byType.TryGetValue(typeof(T), out TensorElementType type)
        ? type
        : throw new OnnxRuntimeException(ErrorCode.InvalidArgument, $"Tensor of type: {typeof(T)} is not supported");

    /// <summary>The bytes of one element.</summary>
    public static int SizeOf(TensorElementType element) => element switch
    {
        TensorElementType.UInt8 or TensorElementType.Int8 or TensorElementType.Bool => 1,
        TensorElementType.UInt16 or TensorElementType.Int16 or TensorElementType.Float16
            or TensorElementType.BFloat16 => 2,
        TensorElementType.Float or TensorElementType.Int32 or TensorElementType.UInt32 => 4,
        TensorElementType.Double or TensorElementType.Int64 or TensorElementType.UInt64 => 8,
        _ => throw new OnnxRuntimeException(ErrorCode.InvalidArgument, $"Elements of {element} have no known size."),
    };

    // Null where .NET has no such type.
    public static Type TypeOf(TensorElementType element)
    {
        foreach ((Type type, TensorElementType candidate) in _byType)
        {
            if (candidate == element)
                return type;
        }
        return null;
    }
}
