// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A tape of the operators without weights of their own: norms, attention, activations.</summary>
/// <remarks>Values equal autograd's to the last bit; only what is kept for gradients is coarser.</remarks>
internal sealed class SavingTape(SavingPolicy policy) : Tape
{
    public override Tensor Block(Tensor x, ForwardPass pass, Func<Tensor, ForwardPass, Tensor> run)
    {
        BlockIndex++;
        return run(x, pass);
    }

    public override Tensor Boundary(Tensor x) => NeedsGradient(x) ? Cut(x) : x;

    public override Tensor Norm(Tensor x, NormLayer norm)
    {
        if (!NeedsGradient(x) && !NeedsGradient(norm.Weight) && !NeedsGradient(norm.Bias)) return base.Norm(x, norm);
        using var scope = NewDisposeScope();
        Tensor?[] inputs = [Source(x), Shared(norm.Weight), Shared(norm.Bias)];
        using IDisposable frozen = no_grad();
        var saved = new SavedNorm(x, norm, policy.CodedNorms, x.requires_grad);
        return Given(saved, inputs, base.Norm(x, norm));
    }

    public override Tensor Attend(Tensor query, Tensor key, Tensor value, int headCount, Tensor? mask)
    {
        Tensor[] projections = [query, key, value];
        if (!projections.Any(NeedsGradient)) return base.Attend(query, key, value, headCount, mask);
        using var scope = NewDisposeScope();
        Tensor?[] inputs = [.. projections.Select(p => policy.CodedProjections ? Source(p) : Shared(p))];
        using IDisposable frozen = no_grad();
        Tensor probabilities = Probabilities(Split(query, headCount), Split(key, headCount), mask);
        var saved = new SavedAttention(projections, probabilities, headCount, mask, policy);
        return Given(saved, inputs, Join(Products.Of(probabilities, Split(value, headCount))));
    }

    public override Tensor Activate(Tensor x, ActivationKind activation)
    {
        if (!NeedsGradient(x)) return base.Activate(x, activation);
        using var scope = NewDisposeScope();
        Tensor?[] inputs = [Source(x)];
        using IDisposable frozen = no_grad();
        var saved = new SavedActivation(x, activation, policy.ActivationBits);
        return Given(saved, inputs, base.Activate(x, activation));
    }

    public override Tensor Gate(Tensor x, ActivationKind activation)
    {
        if (!NeedsGradient(x)) return base.Gate(x, activation);
        using var scope = NewDisposeScope();
        Tensor?[] inputs = [Source(x)];
        using IDisposable frozen = no_grad();
        Tensor[] halves = x.chunk(2, -1);
        Tensor active = Activations.Apply(halves[0], activation);
        var saved = new SavedGate(halves[0], active, halves[1], activation, policy.ActivationBits);
        return Given(saved, inputs, active.mul(halves[1]));
    }

    public override Tensor Side(Tensor state, Tensor pooled, SideStep step)
    {
        if (!NeedsGradient(step.First.Weight)) return base.Side(state, pooled, step);
        using var scope = NewDisposeScope();
        Tensor?[] inputs =
        [
            Source(state), Shared(step.Norm.Weight), Shared(step.Norm.Bias), Shared(step.First.Weight),
            Shared(step.Second.Weight),
        ];
        using IDisposable frozen = no_grad();
        var saved = new SavedSideStep(state.add(pooled), step, state.requires_grad);
        return Given(saved, inputs, saved.Value(state));
    }

    private static bool NeedsGradient(Tensor x) => x.requires_grad && is_grad_enabled();

    private Tensor Given(SavedOperator saved, Tensor?[] inputs, Tensor value)
    {
        using IDisposable graph = enable_grad();
        return Record(saved, inputs, value).MoveToOuterDisposeScope();
    }
}
