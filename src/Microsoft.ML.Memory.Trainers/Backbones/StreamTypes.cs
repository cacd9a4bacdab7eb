// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Number types where a network of half precision meets tensors of single precision.</summary>
/// <remarks>One rule for all: what meets the stream takes the stream's type, with a graph, so that trained tensors of
/// single precision get gradients of single precision.</remarks>
internal static class StreamTypes
{
    /// <summary>A tensor in the type of a stream; the tensor itself where it has that.</summary>
    public static Tensor Like(this Tensor tensor, Tensor stream)
    {
        ScalarType type = stream.dtype;
        return tensor.dtype == type ? tensor : tensor.to_type(type);
    }

    /// <summary>A tensor in single precision; the tensor itself where it has that.</summary>
    public static Tensor Wide(this Tensor tensor) => tensor.dtype == float32 ? tensor : tensor.to_type(float32);
}
