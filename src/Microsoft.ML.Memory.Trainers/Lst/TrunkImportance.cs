// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>How much each weight of a trunk counts, by its magnitude or by the empirical Fisher information.</summary>
/// <remarks>What it holds belongs to the dispose scope in which it was made.</remarks>
internal sealed class TrunkImportance
{
    private const long HeadSeed = 1;
    private readonly Trunk _trunk;
    private readonly Func<Tensor, Tensor> _importance;

    private TrunkImportance(Trunk trunk, Func<Tensor, Tensor> importance)
    {
        _trunk = trunk;
        _importance = importance;
    }

    /// <summary>The magnitude of each weight.</summary>
    public static TrunkImportance Magnitude(Trunk trunk) => new(trunk, weight => weight.abs());

    /// <summary>The sum over examples of the squared gradient of the loss, each example on its own.</summary>
    /// <remarks>Differs from the paper: the loss is that of a random head, as the backbone has none.</remarks>
    public static TrunkImportance Fisher(
        Backbone backbone, int classCount, IEnumerable<(BackboneBatch Batch, Tensor Labels)> examples)
    {
        var open = backbone.Tensors.ToDictionary(t => t.Key, t => t.Value.detach().clone().requires_grad_());
        Trunk trunk = backbone.With(open);
        long width = trunk.PooledSize;
        Tensor head = TensorInit.Linear(new SeededRandom(HeadSeed), classCount, width, backbone.Device);
        Tensor[] weights = [EmbeddingWeight(trunk), .. trunk.Blocks.SelectMany(b => b.Linears).Select(l => l.Weight)];
        Tensor[] sums = [.. weights.Select(w => zeros_like(w))];
        foreach ((BackboneBatch batch, Tensor labels) in examples)
        {
            for (long row = 0; row < batch.Count; row++)
            {
                using var scope = NewDisposeScope();
                Loss(trunk, head, batch.Row(row), labels.narrow(0, row, 1)).backward();
                AddSquares(weights, sums);
            }
        }

        return new TrunkImportance(trunk, weight => sums[Array.FindIndex(weights, w => ReferenceEquals(w, weight))]);
    }

    /// <summary>How much each of the D channels of the embedding counts.</summary>
    public double[] Channels()
    {
        using var scope = NewDisposeScope();
        Tensor embedding = _importance(EmbeddingWeight(_trunk));
        return TrunkPruning.RowScores(_trunk.Config.IsImage ? embedding.flatten(1) : embedding.t());
    }

    /// <summary>How much the weights of a block count; the tensors belong to the caller's dispose scope.</summary>
    public BlockImportance Block(int index)
    {
        TrunkBlock block = _trunk.Blocks[index];
        return new BlockImportance(
            _importance(block.Query.Weight),
            _importance(block.Key.Weight),
            _importance(block.Value.Weight),
            _importance(block.Output.Weight),
            _importance(block.Up.Weight),
            _importance(block.Down.Weight));
    }

    private static Tensor Loss(Trunk trunk, Tensor head, BackboneBatch example, Tensor label)
    {
        Tensor x = trunk.Embed(example);
        foreach (TrunkBlock block in trunk.Blocks)
            x = block.Apply(x, example.Mask, BlockChanges.None, ForwardPass.Plain);
        Tensor logits = nn.functional.linear(trunk.Pool(x, example.Mask), head);
        return nn.functional.cross_entropy(logits, label);
    }

    private static Tensor EmbeddingWeight(Trunk trunk) => trunk.Embedding is ImageEmbedding images
        ? images.PatchWeight
        : ((TextEmbedding)trunk.Embedding).Words;

    private static void AddSquares(Tensor[] weights, Tensor[] sums)
    {
        using IDisposable frozen = no_grad();
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i].grad is not { } gradient) continue;
            sums[i].addcmul_(gradient, gradient, 1);
            gradient.zero_();
        }
    }
}
