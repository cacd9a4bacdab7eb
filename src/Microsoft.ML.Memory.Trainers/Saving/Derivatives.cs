// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>First derivatives of the activations.</summary>
internal static class Derivatives
{
    private const double QuickSlope = 1.702;
    private const double TanhCubic = 0.044715;

    public static Tensor Of(Tensor x, ActivationKind activation)
    {
        using var scope = NewDisposeScope();
        Tensor derivative = activation switch
        {
            ActivationKind.Gelu => Gelu(x),
            ActivationKind.GeluTanh => GeluTanh(x),
            ActivationKind.QuickGelu => Silu(x.mul(QuickSlope)),
            ActivationKind.Relu => x.gt(0).to_type(x.dtype),
            ActivationKind.Silu => Silu(x),
            _ => throw new ArgumentOutOfRangeException(nameof(activation)),
        };
        return derivative.MoveToOuterDisposeScope();
    }

    private static Tensor Gelu(Tensor x)
    {
        Tensor below = x.mul(1 / Math.Sqrt(2)).erf_().add_(1).mul_(0.5); // of the normal distribution
        Tensor density = x.square().mul_(-0.5).exp_().mul_(1 / Math.Sqrt(2 * Math.PI));
        return density.mul_(x).add_(below);
    }

    private static Tensor GeluTanh(Tensor x)
    {
        double scale = Math.Sqrt(2 / Math.PI);
        Tensor square = x.square();
        Tensor t = square.mul(TanhCubic).add_(1).mul_(x).mul_(scale).tanh();
        Tensor slope = square.mul_(3 * TanhCubic).add_(1).mul_(0.5 * scale).mul_(x);
        return t.square().neg().add_(1).mul_(slope).add_(t.add(1).mul_(0.5));
    }

    // (x s)' = s + x s (1 - s)
    private static Tensor Silu(Tensor x)
    {
        Tensor s = x.sigmoid();
        return s.neg().add_(1).mul_(x).add_(1).mul_(s);
    }
}
