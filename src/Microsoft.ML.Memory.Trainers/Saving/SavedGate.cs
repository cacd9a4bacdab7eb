// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A gated activation f(a) b of both halves (a, b) of its input: da = g b f'(a), db = g f(a).</summary>
/// <remarks>The product is bilinear in f(a) and b, which are therefore kept as they are; only f'(a) has
/// codes.</remarks>
internal sealed class SavedGate : SavedOperator
{
    private readonly SavedActivation _derivative;
    private readonly Tensor _active;
    private readonly Tensor _other;

    /// <param name="gated">a, without a graph.</param>
    /// <param name="active">f(a).</param>
    /// <param name="other">b.</param>
    /// <param name="activation">f.</param>
    /// <param name="bits">Of f'(a), or 0.</param>
    public SavedGate(Tensor gated, Tensor active, Tensor other, ActivationKind activation, int bits)
    {
        using var scope = NewDisposeScope();
        _derivative = new SavedActivation(gated, activation, bits);
        foreach ((SavedKind kind, Tensor tensor) in _derivative.Kept) Keep(kind, tensor);
        _active = Keep(SavedKind.Gate, active.alias());
        _other = Keep(SavedKind.Gate, other.clone());
    }

    public override Tensor?[] Gradients(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        Tensor first = gradient.mul(_other).mul_(_derivative.Derivative());
        return [cat([first, gradient.mul(_active)], -1).MoveToOuterDisposeScope()];
    }
}
