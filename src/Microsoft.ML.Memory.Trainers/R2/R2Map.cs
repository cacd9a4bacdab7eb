// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>v = fc2 LN(relu(fc1 LN(x))), for x that is normalised but for the first norm's weight and bias.</summary>
internal sealed class R2Map(NormLayer norm1, LinearLayer fc1, NormLayer norm2, LinearLayer fc2, double dropout)
{
    /// <summary>[B, N, D] to [B, N, w].</summary>
    public Tensor Apply(Tensor normalized, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        // fc1(x * gain + offset) = x (fc1 gain)ᵀ + (fc1 offset + b): autograd keeps x alone, which nobody trains.
        Tensor weight = fc1.Weight.mul(norm1.Weight);
        Tensor bias = fc1.Weight.mul(norm1.Bias).sum(1).add(fc1.Bias!);
        Tensor wide = nn.functional.linear(pass.Drop(normalized, dropout), weight, bias).relu();
        return fc2.Apply(pass.Drop(norm2.Apply(wide), dropout)).MoveToOuterDisposeScope();
    }
}
