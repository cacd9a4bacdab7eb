// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>What a backbone reads at once: images, texts as tokens, or what they were embedded to.</summary>
internal sealed class BackboneBatch
{
    private BackboneBatch()
    {
    }

    /// <summary>[B, N, D], what enters the first block; null where the trunk embeds.</summary>
    public Tensor? Tokens { get; private init; }

    /// <summary>[B, 3, H, W], already normalised; null for texts.</summary>
    public Tensor? Pixels { get; private init; }

    /// <summary>[B, T] of Int64; null for images.</summary>
    public Tensor? TokenIds { get; private init; }

    /// <summary>[B, T] of Int64; null where every token is of type 0.</summary>
    public Tensor? TokenTypes { get; private init; }

    /// <summary>[B, 1, 1, T]: 0 at tokens and the smallest Single at padding; null without padding.</summary>
    public Tensor? Mask { get; private init; }

    /// <summary>What a readout method reads of the trunk, where that is known already; else null.</summary>
    public Tensor[]? Taps { get; private init; }

    public long Count => (Taps is { Length: > 0 } taps ? taps[0] : Tokens ?? Pixels ?? TokenIds!).size(0);

    /// <summary>One example as a batch; its tensors are views that belong to the caller's dispose scope.</summary>
    public BackboneBatch Row(long row) => new()
    {
        Tokens = Tokens?.narrow(0, row, 1),
        Pixels = Pixels?.narrow(0, row, 1),
        TokenIds = TokenIds?.narrow(0, row, 1),
        TokenTypes = TokenTypes?.narrow(0, row, 1),
        Mask = Mask?.narrow(0, row, 1),
    };

    public static BackboneBatch Images(Tensor pixels) => new() { Pixels = pixels };

    public static BackboneBatch Tapped(Tensor[] taps, Tensor? mask = null) => new() { Taps = taps, Mask = mask };

    public static BackboneBatch Embedded(Tensor tokens) => new() { Tokens = tokens };

    /// <param name="tokenIds">[B, T] of Int64.</param>
    /// <param name="tokenTypes">[B, T] of Int64, or null.</param>
    /// <param name="attention">[B, T], 1 at tokens and 0 at padding, or null.</param>
    public static BackboneBatch Texts(Tensor tokenIds, Tensor? tokenTypes, Tensor? attention)
    {
        using var scope = NewDisposeScope();
        Tensor? mask = attention is null
            ? null
            : (1 - attention.to_type(float32)).mul(float.MinValue).unsqueeze(1).unsqueeze(1).MoveToOuterDisposeScope();
        return new() { TokenIds = tokenIds, TokenTypes = tokenTypes, Mask = mask };
    }
}
