// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Activation functions, each of which saves one tensor of its input's size for backward.</summary>
internal static class Activations
{
    private const double QuickSlope = 1.702;

    public static Tensor Apply(Tensor x, ActivationKind activation)
    {
        using var scope = NewDisposeScope();
        Tensor y = activation switch
        {
            ActivationKind.Gelu => nn.functional.gelu(x),
            ActivationKind.GeluTanh => GeluTanh(x),
            // x sigmoid(s x) is silu(s x) / s: one operator that saves, not three.
            ActivationKind.QuickGelu => nn.functional.silu(x.mul(QuickSlope)).div(QuickSlope),
            ActivationKind.Relu => x.relu(),
            ActivationKind.Silu => nn.functional.silu(x),
            _ => throw new ArgumentOutOfRangeException(nameof(activation)),
        };
        return y.MoveToOuterDisposeScope();
    }

    private static Tensor GeluTanh(Tensor x)
    {
        Tensor inner = x.add(x.pow(3).mul(0.044715)).mul(Math.Sqrt(2 / Math.PI));
        return x.mul(0.5).mul(inner.tanh().add(1));
    }
}
