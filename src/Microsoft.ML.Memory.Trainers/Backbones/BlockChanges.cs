// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>What a tuning method changes inside the blocks of a trunk; left as it is by default.</summary>
internal abstract class BlockChanges
{
    /// <summary>The untouched trunk.</summary>
    public static BlockChanges None { get; } = new Nothing();

    /// <summary>Applies a linear layer of the trunk.</summary>
    public virtual Tensor Apply(LinearLayer layer, Tensor x, ForwardPass pass) => layer.Apply(x);

    /// <summary>Changes the residual stream before a block; x itself where nothing changes.</summary>
    public virtual Tensor Before(TrunkBlock block, Tensor x, ForwardPass pass) => x;

    /// <summary>Changes the keys and values [B, N, D] of a block, or adds more of them.</summary>
    public virtual (Tensor Key, Tensor Value) KeysAndValues(TrunkBlock block, Tensor key, Tensor value) => (key, value);

    /// <summary>Changes what attention adds to the residual stream.</summary>
    public virtual Tensor AfterAttention(TrunkBlock block, Tensor attended, ForwardPass pass) => attended;

    /// <summary>Changes what the feed-forward part adds to the residual stream.</summary>
    /// <param name="block">The block.</param>
    /// <param name="middle">The residual stream before the feed-forward part and its norm.</param>
    /// <param name="fed">What would be added.</param>
    /// <param name="pass">The pass.</param>
    public virtual Tensor AfterFeedForward(TrunkBlock block, Tensor middle, Tensor fed, ForwardPass pass) => fed;

    private sealed class Nothing : BlockChanges;
}
