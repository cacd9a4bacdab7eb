// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Weighs states by what they share with a guide, and the less, the more they share with each other.</summary>
/// <param name="score">[1, d] with a bias.</param>
internal sealed class SherlMixer(LinearLayer score)
{
    private const double SmallestLength = 1e-8;
    private const double SmallestSum = 1e-6;

    /// <summary>Mixes every token's states.</summary>
    /// <param name="mapped">n states, then the guide, all [B, N, d].</param>
    /// <returns>Tensors in the caller's dispose scope.</returns>
    public SherlMixture Mix(Tensor[] mapped)
    {
        using var scope = NewDisposeScope();
        Tensor guide = mapped[^1];
        Tensor states = stack(mapped[..^1], 2); // [B, N, n, d]
        Tensor unit = nn.functional.normalize(states, dim: -1, eps: SmallestLength);
        Tensor redundancy = Products.Of(unit, unit.transpose(-2, -1)).relu().sum(-1); // [B, N, n]
        // score . (h * g) = h . (g * score), which makes no product of the size of all states.
        Tensor asked = guide.mul(score.Weight.select(0, 0)).unsqueeze(-1); // [B, N, d, 1]
        // A state shares 1 with itself, but for one of zeros: that of padding that a cache left out.
        Tensor shared = redundancy.clamp(min: SmallestSum);
        Tensor scores = Products.Of(states, asked).select(-1, 0).add(score.Bias!).relu().div(shared);
        Tensor weights = scores.div(scores.sum(-1, keepdim: true).clamp(min: SmallestSum));
        Tensor mixture = Products.Of(weights.unsqueeze(-2), states).select(2, 0).add(guide);
        return new SherlMixture(
            redundancy.MoveToOuterDisposeScope(),
            weights.MoveToOuterDisposeScope(),
            mixture.MoveToOuterDisposeScope());
    }
}
