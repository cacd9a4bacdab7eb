// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Word, position and token type embeddings, added and normalised.</summary>
internal sealed class TextEmbedding : TrunkEmbedding
{
    /// <summary>[V, D].</summary>
    public required Tensor Words { get; init; }

    /// <summary>[M, D].</summary>
    public required Tensor Positions { get; init; }

    /// <summary>[types, D].</summary>
    public required Tensor Types { get; init; }

    public required NormLayer Norm { get; init; }

    public override Tensor Apply(BackboneBatch batch)
    {
        using var scope = NewDisposeScope();
        Tensor ids = batch.TokenIds
            ?? throw new ArgumentException("The backbone must be given texts. Got images.", nameof(batch));
        long[] shape = ids.shape;
        if (shape.Length != 2 || shape[1] < 1 || shape[1] > Positions.size(0))
        {
            throw new ArgumentException($"Texts must be [n, tokens] with 1 to {Positions.size(0)} tokens. "
                + $"Got [{string.Join(", ", shape)}].", nameof(batch));
        }

        Tensor x = Rows(Words, ids).add(Positions.narrow(0, 0, shape[1]));
        x = x.add(batch.TokenTypes is { } types ? Rows(Types, types) : Types.select(0, 0));
        return Norm.Apply(x).MoveToOuterDisposeScope();
    }

    private static Tensor Rows(Tensor table, Tensor ids)
    {
        long[] shape = ids.shape;
        return table.index_select(0, ids.reshape(-1)).view(shape[0], shape[1], table.size(1));
    }
}
