// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A step of the side branch, s + W2 r with r = relu(W1 n), n = x̂ weight + bias: keeps x̂ and r.</summary>
/// <remarks>n is made again of x̂, which autograd would keep besides.</remarks>
internal sealed class SavedSideStep : SavedOperator
{
    private readonly SideStep _step;
    private readonly SavedNorm _norm;
    private readonly Tensor _hidden;

    /// <param name="entering">s + z, [B, N, d], without a graph.</param>
    /// <param name="step">The step.</param>
    /// <param name="needsState">Whether s takes a gradient.</param>
    public SavedSideStep(Tensor entering, SideStep step, bool needsState)
    {
        _step = step;
        using var scope = NewDisposeScope();
        _norm = new SavedNorm(entering, step.Norm, coded: false, needsState);
        foreach ((SavedKind kind, Tensor tensor) in _norm.Kept)
            Keep(kind == SavedKind.NormStatistics ? SavedKind.SideStatistics : SavedKind.SideBranch, tensor);
        _hidden = Keep(SavedKind.SideBranch, step.First.Apply(step.Norm.Apply(entering)).relu());
    }

    /// <summary>Gradients of s, of weight and bias of the norm, of W1 and of W2.</summary>
    public override Tensor?[] Gradients(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        Tensor inner = Rows(Products.Of(gradient, _step.Second.Weight).mul_(_hidden.gt(0))); // at W1 n
        Tensor second = Rows(gradient).t().mm(Rows(_hidden));
        Tensor first = inner.t().mm(Rows(Normalized()));
        Tensor?[] norm = _norm.Gradients(inner.mm(_step.First.Weight).view(gradient.shape));
        Tensor? state = norm[0]?.add_(gradient);
        Tensor?[] all = [state, norm[1], norm[2], first, second];
        return [.. all.Select(g => g?.MoveToOuterDisposeScope())];
    }

    /// <summary>s + W2 r.</summary>
    public Tensor Value(Tensor state)
    {
        using var scope = NewDisposeScope();
        return state.add(_step.Second.Apply(_hidden)).MoveToOuterDisposeScope();
    }

    private static Tensor Rows(Tensor x) => x.reshape(-1, x.size(-1));

    private Tensor Normalized() => _norm.Normalized.mul(_step.Norm.Weight).add_(_step.Norm.Bias);
}
