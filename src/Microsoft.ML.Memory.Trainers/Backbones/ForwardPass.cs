// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>How one pass through a network is made: whether it trains, and how its operators save for
/// backward.</summary>
internal sealed class ForwardPass
{
    /// <summary>Scores, or trains without dropout.</summary>
    public static ForwardPass Plain { get; } = new();

    /// <summary>Where dropout takes its masks from, a generator of the host; null switches dropout off.</summary>
    public Generator? Dropout { get; init; }

    /// <summary>Norm, attention and activation.</summary>
    public BlockOperators Operators { get; init; } = BlockOperators.Plain;

    /// <summary>Zeroes elements with a probability and scales the rest up; x itself where nothing is to be
    /// done.</summary>
    public Tensor Drop(Tensor x, double probability)
    {
        if (Dropout is null || probability == 0) return x;
        using var scope = NewDisposeScope();
        // On the host: TorchSharp has no generators elsewhere, and a seed drops the same on every device.
        Tensor kept = rand(x.shape, float32, CPU, generator: Dropout).ge(probability).to(x.device).to_type(x.dtype);
        return x.mul(kept.mul(1 / (1 - probability))).MoveToOuterDisposeScope();
    }
}
