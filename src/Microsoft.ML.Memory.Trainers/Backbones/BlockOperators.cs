// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>The operators of a block that have no weights of their own, as autograd differentiates them.</summary>
/// <remarks>What autograd keeps of them until backward is most of a network's memory: another implementation keeps
/// less and differentiates by hand. There, an operator ends the graph of its input: between two boundaries, what an
/// operator reads may not reach the next boundary by another way that keeps values.</remarks>
internal class BlockOperators
{
    protected BlockOperators()
    {
    }

    /// <summary>Keeps what autograd keeps.</summary>
    public static BlockOperators Plain { get; } = new();

    /// <summary>Normalises the last dimension.</summary>
    public virtual Tensor Norm(Tensor x, NormLayer norm) => norm.Apply(x);

    /// <summary>softmax(Q Kᵀ / sqrt(width of a head) + mask) V for each head, heads side by side.</summary>
    /// <param name="query">[B, N, D].</param>
    /// <param name="key">[B, M, D].</param>
    /// <param name="value">[B, M, D].</param>
    /// <param name="headCount">Number of heads; divides D.</param>
    /// <param name="mask">Added to the scores, [B, 1, 1, M] or null.</param>
    /// <returns>[B, N, D].</returns>
    public virtual Tensor Attend(Tensor query, Tensor key, Tensor value, int headCount, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        // One head is all of the width: its map needs no fourth dimension.
        if (headCount == 1)
            return Products.Of(Probabilities(query, key, mask?.select(1, 0)), value).MoveToOuterDisposeScope();
        Tensor probabilities = Probabilities(Split(query, headCount), Split(key, headCount), mask);
        Tensor heads = Products.Of(probabilities, Split(value, headCount)); // [B, h, N, D/h]
        return Join(heads).MoveToOuterDisposeScope();
    }

    /// <summary>Applies the activation of the feed-forward part.</summary>
    public virtual Tensor Activate(Tensor x, ActivationKind activation) => Activations.Apply(x, activation);

    /// <summary>f(a) b, where a and b are the halves of the last dimension and f is the activation.</summary>
    public virtual Tensor Gate(Tensor x, ActivationKind activation)
    {
        using var scope = NewDisposeScope();
        Tensor[] halves = x.chunk(2, -1);
        return Activations.Apply(halves[0], activation).mul(halves[1]).MoveToOuterDisposeScope();
    }

    /// <summary>Makes a step of a side branch.</summary>
    /// <param name="state">[B, N, d].</param>
    /// <param name="pooled">[B, N, d], without a graph.</param>
    /// <param name="step">The step.</param>
    public virtual Tensor Side(Tensor state, Tensor pooled, SideStep step) => step.Apply(state, pooled);

    /// <summary>Marks the boundary between two blocks, or between two halves of one.</summary>
    public virtual Tensor Boundary(Tensor x) => x;

    /// <summary>Runs a whole block, its method's changes included.</summary>
    /// <param name="x">What enters the block.</param>
    /// <param name="pass">The pass.</param>
    /// <param name="run">The block as a function of what enters it; may be run again in backward.</param>
    public virtual Tensor Block(Tensor x, ForwardPass pass, Func<Tensor, ForwardPass, Tensor> run) => run(x, pass);

    /// <summary>softmax(Q Kᵀ / sqrt(d) + mask) of heads [B, h, N, d] and [B, h, M, d], [B, h, N, M].</summary>
    public static Tensor Probabilities(Tensor query, Tensor key, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        double scale = 1 / Math.Sqrt(query.size(-1));
        Tensor scores = Products.Of(query.mul(scale), key.transpose(-2, -1));
        if (mask is not null) scores = scores.add(mask.Like(scores));
        return scores.softmax(-1).MoveToOuterDisposeScope();
    }

    /// <summary>[B, N, D] as [B, heads, N, D/heads].</summary>
    public static Tensor Split(Tensor x, int headCount)
    {
        long[] shape = x.shape;
        return x.view(shape[0], shape[1], headCount, shape[2] / headCount).transpose(1, 2);
    }

    /// <summary>[B, heads, N, D/heads] as [B, N, D].</summary>
    public static Tensor Join(Tensor heads)
    {
        long[] shape = heads.shape;
        return heads.transpose(1, 2).reshape(shape[0], shape[2], shape[1] * shape[3]);
    }
}
