// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Layer norm over the last dimension: (x - mean) / sqrt(variance + epsilon) * weight + bias.</summary>
internal sealed class NormLayer(Tensor weight, Tensor bias, double epsilon)
{
    private readonly long[] _width = [weight.numel()];

    public Tensor Weight => weight;

    public Tensor Bias => bias;

    public double Epsilon => epsilon;

    /// <summary>[.., D] -> [.., D], in the type of what enters.</summary>
    public Tensor Apply(Tensor x)
    {
        if (weight.dtype == x.dtype) return nn.functional.layer_norm(x, _width, weight, bias, epsilon);
        using var scope = NewDisposeScope();
        return nn.functional.layer_norm(x, _width, weight.Like(x), bias.Like(x), epsilon).MoveToOuterDisposeScope();
    }
}
