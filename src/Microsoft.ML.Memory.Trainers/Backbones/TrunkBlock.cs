// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>One transformer block: attention and a feed-forward part, each added to the residual stream.</summary>
/// <remarks>
/// <para>Norm first: h = x + s1 attention(norm1 x), y = h + s2 feed(norm2 h).
/// Norm last (BERT): h = norm1(x + attention x), y = norm2(h + feed h).</para>
/// </remarks>
internal sealed class TrunkBlock
{
    /// <summary>Place in the trunk, from 0.</summary>
    public required int Index { get; init; }

    public required int HeadCount { get; init; }

    public required ActivationKind Activation { get; init; }

    /// <summary>Whether the norms come after the residual additions.</summary>
    public required bool NormLast { get; init; }

    public required NormLayer Norm1 { get; init; }

    public required LinearLayer Query { get; init; }

    public required LinearLayer Key { get; init; }

    public required LinearLayer Value { get; init; }

    public required LinearLayer Output { get; init; }

    public required NormLayer Norm2 { get; init; }

    /// <summary>Into the feed-forward width; twice as wide where the activation is gated (SwiGLU).</summary>
    public required LinearLayer Up { get; init; }

    public required LinearLayer Down { get; init; }

    /// <summary>Whether half of <see cref="Up"/> gates the other half.</summary>
    public bool Gated { get; init; }

    /// <summary>[D], multiplies what attention adds; null where the model has no layer scale.</summary>
    public Tensor? Scale1 { get; init; }

    /// <summary>[D], multiplies what the feed-forward part adds; null where the model has no layer scale.</summary>
    public Tensor? Scale2 { get; init; }

    public IEnumerable<LinearLayer> Linears => [Query, Key, Value, Output, Up, Down];

    /// <summary>Runs the block.</summary>
    /// <param name="x">[B, N, D].</param>
    /// <param name="mask">Added to the scores, [B, 1, 1, N] or null.</param>
    /// <param name="changes">What a tuning method changes inside.</param>
    /// <param name="pass">How operators save for backward.</param>
    /// <returns>[B, N, D].</returns>
    public Tensor Apply(Tensor x, Tensor? mask, BlockChanges changes, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        BlockOperators operators = pass.Operators;
        x = operators.Boundary(x);
        Tensor attended = Attend(NormLast ? x : operators.Norm(x, Norm1), mask, changes, pass);
        attended = changes.AfterAttention(this, attended, pass);
        Tensor middle = x.add(Scale1 is null ? attended : attended.mul(Scale1.Like(attended)));
        if (NormLast) middle = operators.Norm(middle, Norm1);

        middle = operators.Boundary(middle);
        Tensor fed = Feed(NormLast ? middle : operators.Norm(middle, Norm2), changes, pass);
        fed = changes.AfterFeedForward(this, middle, fed, pass);
        Tensor y = middle.add(Scale2 is null ? fed : fed.mul(Scale2.Like(fed)));
        if (NormLast) y = operators.Norm(y, Norm2);
        return y.MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor n, Tensor? mask, BlockChanges changes, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor query = changes.Apply(Query, n, pass);
        Tensor key = changes.Apply(Key, n, pass), value = changes.Apply(Value, n, pass);
        (key, value) = changes.KeysAndValues(this, key, value);
        Tensor context = pass.Operators.Attend(query, key, value, HeadCount, Widened(mask, key.size(1)));
        return changes.Apply(Output, context, pass).MoveToOuterDisposeScope();
    }

    /// <summary>The feed-forward part, of a normalised input.</summary>
    private Tensor Feed(Tensor n, BlockChanges changes, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor wide = changes.Apply(Up, n, pass);
        wide = Gated ? pass.Operators.Gate(wide, Activation) : pass.Operators.Activate(wide, Activation);
        return changes.Apply(Down, wide, pass).MoveToOuterDisposeScope();
    }

    // Keys that a method puts in front of the tokens are never padding.
    private static Tensor? Widened(Tensor? mask, long keyCount)
    {
        if (mask is null || mask.size(-1) == keyCount) return mask;
        long[] shape = mask.shape;
        return cat([zeros([shape[0], 1, 1, keyCount - shape[3]], mask.dtype, mask.device), mask], -1);
    }
}
