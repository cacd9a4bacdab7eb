// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>The network of a backbone: embedding, blocks, final norm, pooling. Holds tensors, owns none.</summary>
/// <remarks>Safe for any number of threads that only score.</remarks>
internal sealed class Trunk
{
    public required BackboneConfig Config { get; init; }

    public required TrunkEmbedding Embedding { get; init; }

    public required IReadOnlyList<TrunkBlock> Blocks { get; init; }

    /// <summary>Null where the last block ends with a norm (BERT).</summary>
    public required NormLayer? FinalNorm { get; init; }

    /// <summary>[D, D], or null where the file has none.</summary>
    public required LinearLayer? Pooler { get; init; }

    /// <summary>[E, D], or null where the file has none.</summary>
    public required LinearLayer? Projection { get; init; }

    /// <summary>Never <see cref="BackbonePooling.Default"/>.</summary>
    public required BackbonePooling Pooling { get; init; }

    public Device Device => Blocks[0].Query.Weight.device;

    public long Width => Config.HiddenSize;

    /// <summary>Width of what <see cref="Pool"/> returns.</summary>
    public long PooledSize => Pooling switch
    {
        BackbonePooling.ClassTokenAndMean => 2 * Width,
        BackbonePooling.Projection => Projection!.Weight.size(0),
        _ => Width,
    };

    /// <summary>In what precision the blocks compute; everything before and behind them does in single.</summary>
    public TrunkPrecision Precision { get; init; }

    /// <summary>What enters the first block, [B, N, D], in the precision of the blocks.</summary>
    public Tensor Embed(BackboneBatch batch)
    {
        if (Precision == TrunkPrecision.Single) return Embedded(batch);
        using var scope = NewDisposeScope();
        return Embedded(batch).to_type(bfloat16).MoveToOuterDisposeScope();
    }

    /// <summary>Applies the final norm, where there is one.</summary>
    public Tensor Normalize(Tensor x) => FinalNorm is null ? x : FinalNorm.Apply(x);

    /// <summary>The class token after the final norm, [B, D].</summary>
    public Tensor ClassToken(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Normalize(x.select(1, 0).Wide()).MoveToOuterDisposeScope();
    }

    /// <summary>Makes the feature [B, F] of what leaves the last block.</summary>
    /// <param name="x">[B, N, D].</param>
    /// <param name="mask">Padding of texts, or null.</param>
    public Tensor Pool(Tensor x, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        Tensor feature = Pooling switch
        {
            BackbonePooling.Mean => Mean(x, mask),
            BackbonePooling.ClassTokenAndMean => cat([ClassToken(x), Mean(x, mask)], 1),
            BackbonePooling.Pooler => Pooler!.Apply(ClassToken(x)).tanh(),
            BackbonePooling.Projection => Projection!.Apply(ClassToken(x)),
            _ => ClassToken(x),
        };
        return feature.MoveToOuterDisposeScope();
    }

    /// <summary>Runs the untouched trunk without a graph.</summary>
    /// <returns>L + 1 tensors [B, N, D] of single precision: what enters the first block and what leaves each; they
    /// belong to the caller's dispose scope.</returns>
    public Tensor[] HiddenStates(BackboneBatch batch) =>
        TrunkStates.Of(this, batch, [.. Enumerable.Range(0, Blocks.Count + 1)]);

    private Tensor Embedded(BackboneBatch batch)
    {
        if (batch.Tokens is not { } tokens) return Embedding.Apply(batch);
        long[] shape = tokens.shape;
        return shape.Length == 3 && shape[1] > 0 && shape[2] == Width ? tokens.alias() : throw new ArgumentException(
            $"Feature tokens must be [n, tokens, {Width}]. Got [{string.Join(", ", shape)}].", nameof(batch));
    }

    private Tensor Mean(Tensor x, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        if (Config.Kind != BackboneKind.Bert)
        {
            int lead = Embedding.LeadingTokens;
            Tensor patches = x.narrow(1, lead, x.size(1) - lead).Wide();
            // CLIP's own norm is for its class token only.
            if (Config.Kind != BackboneKind.Clip) patches = Normalize(patches);
            return patches.mean([1]).MoveToOuterDisposeScope();
        }

        return TokenMask.Mean(Normalize(x.Wide()), TokenMask.Kept(mask), 0).MoveToOuterDisposeScope();
    }
}
