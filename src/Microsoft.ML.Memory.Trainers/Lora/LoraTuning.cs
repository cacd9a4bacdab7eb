// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Adds a low-rank term to chosen linear layers of the trunk.</summary>
internal sealed class LoraTuning : TrunkTuning
{
    private readonly Dictionary<string, LowRankTerm> _terms = [];
    private readonly double _dropout;

    public LoraTuning(Backbone backbone, LoraAdapterConfig config, SeededRandom random)
    {
        using var scope = NewDisposeScope();
        Config = config;
        _dropout = config.Dropout;
        FeatureSize = backbone.Trunk.PooledSize;
        foreach (LinearLayer layer in backbone.Trunk.Blocks.SelectMany(b => b.Linears).Where(l => config.Matches(l.Name)))
        {
            long rank = config.RankOf(layer.Name), outputs = layer.Weight.size(0), inputs = layer.Weight.size(1);
            Tensor down = TensorInit.Linear(random, rank, inputs, backbone.Device);
            Tensor up = zeros([outputs, rank], float32, backbone.Device);
            _terms.Add(layer.Name, new LowRankTerm(
                Train(layer.Name + ".lora_A.weight", down, true),
                Train(layer.Name + ".lora_B.weight", up, true),
                config.ScaleOf(layer.Name)));
        }

        if (_terms.Count > 0) return;
        string[] known = [.. backbone.Trunk.Blocks[0].Linears.Select(l => l.Name)];
        throw new ArgumentException("LoraOptions.TargetModules must name linear layers of the backbone. Got names of "
            + $"none; its first block has {string.Join(", ", known)}.");
    }

    public LoraAdapterConfig Config { get; }

    public override long FeatureSize { get; }

    public override Tensor Apply(LinearLayer layer, Tensor x, ForwardPass pass)
    {
        if (!_terms.TryGetValue(layer.Name, out LowRankTerm? term)) return layer.Apply(x);
        using var scope = NewDisposeScope();
        Tensor narrow = pass.Drop(x, _dropout).matmul(term.Down.t()); // [B, N, r]
        Tensor update = narrow.matmul(term.Up.t()).mul(term.Scale); // [B, N, out]
        return layer.Apply(x).add(update).MoveToOuterDisposeScope();
    }

    /// <param name="Down">A, [r, in].</param>
    /// <param name="Up">B, [out, r].</param>
    /// <param name="Scale">Factor of B A.</param>
    private sealed record LowRankTerm(Tensor Down, Tensor Up, double Scale);
}
