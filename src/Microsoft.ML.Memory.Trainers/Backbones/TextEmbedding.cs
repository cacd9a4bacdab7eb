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

        RequireKnown(Words, ids, "Token");
        if (batch.TokenTypes is not null) RequireKnown(Types, batch.TokenTypes, "Token type");
        Tensor x = Rows(Words, ids).add(Positions.narrow(0, 0, shape[1]));
        x = x.add(batch.TokenTypes is { } types ? Rows(Types, types) : Types.select(0, 0));
        return Norm.Apply(x).MoveToOuterDisposeScope();
    }

    // Beyond the table libtorch would read memory that is not its own.
    private static void RequireKnown(Tensor table, Tensor ids, string what)
    {
        using var scope = NewDisposeScope();
        long least = ids.min().item<long>(), most = ids.max().item<long>();
        if (least >= 0 && most < table.size(0)) return;
        throw new ArgumentException(
            $"{what} ids must be from 0 to {table.size(0) - 1}. Got {(least < 0 ? least : most)}.", nameof(ids));
    }

    private static Tensor Rows(Tensor table, Tensor ids)
    {
        long[] shape = ids.shape;
        return table.index_select(0, ids.reshape(-1)).view(shape[0], shape[1], table.size(1));
    }
}
