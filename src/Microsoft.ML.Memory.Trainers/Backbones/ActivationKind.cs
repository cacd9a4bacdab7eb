// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Activation of the feed-forward layers of a backbone.</summary>
public enum ActivationKind
{
    /// <summary>x/2 (1 + erf(x / sqrt 2)); <c>gelu</c> in a config file.</summary>
    Gelu,

    /// <summary>x sigmoid(1.702 x); <c>quick_gelu</c>.</summary>
    QuickGelu,

    /// <summary>The approximation of GELU by tanh; <c>gelu_new</c> or <c>gelu_pytorch_tanh</c>.</summary>
    GeluTanh,

    /// <summary>max(x, 0); <c>relu</c>.</summary>
    Relu,

    /// <summary>x sigmoid(x); <c>silu</c> or <c>swish</c>.</summary>
    Silu,
}
