// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Reads what a network computed as numbers of single precision.</summary>
internal static class NetworkOutput
{
    /// <summary>Whether features of a type can be read.</summary>
    public static bool IsSupported(TensorElementType type)
        => type is TensorElementType.Float or TensorElementType.Float16 or TensorElementType.Double;

    /// <summary>Gives the numbers.</summary>
    /// <param name="value">The tensor.</param>
    /// <param name="type">Type of its numbers.</param>
    /// <param name="buffer">Holds them where they have to be converted; grows with them.</param>
    public static ReadOnlySpan<float> Read(OrtValue value, TensorElementType type, ref float[] buffer)
    {
        if (type == TensorElementType.Float) return value.GetTensorDataAsSpan<float>();
        if (type == TensorElementType.Float16)
        {
            ReadOnlySpan<Half> halves = MemoryMarshal.Cast<Float16, Half>(value.GetTensorDataAsSpan<Float16>());
            if (buffer.Length < halves.Length) buffer = new float[halves.Length];
            TensorPrimitives.ConvertToSingle(halves, buffer);
            return buffer.AsSpan(0, halves.Length);
        }

        ReadOnlySpan<double> doubles = value.GetTensorDataAsSpan<double>();
        if (buffer.Length < doubles.Length) buffer = new float[doubles.Length];
        TensorPrimitives.ConvertTruncating(doubles, buffer.AsSpan());
        return buffer.AsSpan(0, doubles.Length);
    }
}
