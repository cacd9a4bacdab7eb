// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A block in which the stream only asks, and the keys and values of other tokens answer.</summary>
/// <param name="block">The block.</param>
/// <param name="key">Keys, [B, N, D].</param>
/// <param name="value">Values, [B, N, D].</param>
internal sealed class QueriesOnly(TrunkBlock block, Tensor key, Tensor value) : BlockChanges
{
    /// <summary>Keys and values [B, N, D] of a block for its input, in the caller's dispose scope.</summary>
    public static (Tensor Key, Tensor Value) KeysAndValues(TrunkBlock block, Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor n = block.NormLast ? x : block.Norm1.Apply(x);
        return (block.Key.Apply(n).MoveToOuterDisposeScope(), block.Value.Apply(n).MoveToOuterDisposeScope());
    }

    public override Tensor Apply(LinearLayer layer, Tensor x, ForwardPass pass) =>
        layer == block.Key || layer == block.Value ? x : layer.Apply(x);

    public override (Tensor Key, Tensor Value) KeysAndValues(TrunkBlock asked, Tensor ownKey, Tensor ownValue) =>
        (key, value);
}
