// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>What the mask of a batch of texts says of its tokens.</summary>
internal static class TokenMask
{
    /// <summary>1 at tokens and 0 at padding, [B, N, 1]; null without a mask.</summary>
    public static Tensor? Kept(Tensor? mask)
    {
        if (mask is null) return null;
        using var scope = NewDisposeScope();
        Tensor kept = mask.eq(0).to_type(float32); // [B, 1, 1, N]
        return kept.view(mask.size(0), mask.size(-1), 1).MoveToOuterDisposeScope();
    }

    /// <summary>The mean of [B, N, d] over the tokens from one on, without padding; 0 where there is none.</summary>
    public static Tensor Mean(Tensor x, Tensor? kept, int first)
    {
        using var scope = NewDisposeScope();
        long count = x.size(1) - first;
        if (first > 0) x = x.narrow(1, first, count);
        if (kept is null) return x.sum(1).div(Math.Max(count, 1)).MoveToOuterDisposeScope();
        kept = kept.narrow(1, first, count);
        return x.mul(kept).sum(1).div(kept.sum(1).clamp(min: 1)).MoveToOuterDisposeScope();
    }
}
