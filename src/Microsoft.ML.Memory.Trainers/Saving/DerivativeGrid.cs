// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Codes of 4 bits for derivatives of activations: levels k/12, k from -1 to 14.</summary>
/// <remarks>The derivatives at both ends, 0 and 1, have exact levels, so that depth adds no systematic error. GELU's
/// derivative lies in [-0.1289, 1.1289], at most 0.0456 from a level.</remarks>
internal static class DerivativeGrid
{
    private const int Steps = 12;
    private const int Highest = 14;

    /// <returns>Codes of Byte in 0..15, of the derivative's shape.</returns>
    public static Tensor Encode(Tensor derivative)
    {
        using var scope = NewDisposeScope();
        Tensor level = derivative.mul(Steps).round().clamp_(-1, Highest).add_(1);
        return level.to_type(uint8).MoveToOuterDisposeScope();
    }

    public static Tensor Decode(Tensor codes, ScalarType type)
    {
        using var scope = NewDisposeScope();
        return codes.to_type(type).sub_(1).div_(Steps).MoveToOuterDisposeScope();
    }
}
