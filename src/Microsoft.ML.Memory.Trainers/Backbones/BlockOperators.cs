// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>The operators of a block that have no weights of their own, as autograd differentiates them.</summary>
/// <remarks>What autograd keeps of them until backward is most of a network's memory: another implementation keeps
/// less and differentiates by hand.</remarks>
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
        double scale = 1 / Math.Sqrt(query.size(-1) / headCount);
        Tensor scores = Split(query, headCount).mul(scale).matmul(Split(key, headCount).transpose(-2, -1));
        if (mask is not null) scores = scores.add(mask);
        Tensor heads = scores.softmax(-1).matmul(Split(value, headCount)); // [B, h, N, D/h]
        return Join(heads).MoveToOuterDisposeScope();
    }

    /// <summary>Applies the activation of the feed-forward part.</summary>
    public virtual Tensor Activate(Tensor x, ActivationKind activation) => Activations.Apply(x, activation);

    /// <summary>Marks the boundary between two blocks, or between two halves of one.</summary>
    public virtual Tensor Boundary(Tensor x) => x;

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
