// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Lets an anchor look at narrow maps of all states of the trunk.</summary>
internal sealed class UniPtTuning : ReadoutTuning
{
    private const double SmallestSum = 1e-6;
    private readonly LinearLayer[] _maps;
    private readonly NormLayer[] _mapNorms;
    private readonly LinearLayer _anchor;
    private readonly NormLayer _anchorNorm;
    private readonly Tensor _gate;
    private readonly LinearLayer _up;
    private readonly bool _allTokens;

    public UniPtTuning(Backbone backbone, UniPtOptions options, SeededRandom random)
    {
        using var scope = NewDisposeScope();
        BackboneConfig config = backbone.Config;
        Device device = backbone.Device;
        double epsilon = config.LayerNormEpsilon;
        long width = SideWidth.Of(config.HiddenSize, options.Reduction, "UniPtOptions.Reduction", "width");
        _allTokens = options.Anchor == UniPtAnchor.AllTokens;
        FeatureSize = backbone.Trunk.PooledSize;
        _maps = new LinearLayer[config.LayerCount + 1];
        _mapNorms = new NormLayer[_maps.Length];
        for (int i = 0; i < _maps.Length; i++)
        {
            _maps[i] = NewLinear($"map.{i}", random, width, config.HiddenSize, device);
            _mapNorms[i] = TrainNorm($"map_norm.{i}", width, epsilon, device);
        }

        _anchor = NewLinear("anchor", random, width, _allTokens ? config.HiddenSize : FeatureSize, device);
        _anchorNorm = TrainNorm("anchor_norm", width, epsilon, device);
        _gate = Train("gate.weight", TensorInit.Linear(random, 1, width, device), true);
        _up = NewLinear("up", random, FeatureSize, width, device);
    }

    public override string Name => nameof(UniPtOptions);

    public override long FeatureSize { get; }

    /// <returns>The states x_0 to x_L, [B, N, D], then the backbone's feature.</returns>
    public override Tensor[] Tap(Trunk trunk, BackboneBatch batch)
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] states = trunk.HiddenStates(batch);
        Tensor[] taps = [.. states, trunk.Pool(states[^1], batch.Mask)];
        return [.. taps.Select(t => t.MoveToOuterDisposeScope())];
    }

    public override Tensor Read(Trunk trunk, Tensor[] taps, Tensor? mask, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor? kept = TokenMask.Kept(mask);
        Tensor anchor = Anchor(trunk, taps);
        Tensor anchorMean = _allTokens ? TokenMask.Mean(anchor, kept, 0) : anchor.select(1, 0); // [B, d]
        var views = new UniPtView[_maps.Length];
        for (int i = 0; i < views.Length; i++) views[i] = Look(i, taps[i], anchor, anchorMean, kept);
        Tensor weights = LayerWeights(views);
        Tensor mixed = views[0].Seen.mul(weights.narrow(1, 0, 1).unsqueeze(-1)); // [B, A, d] x [B, 1, 1]
        for (int i = 1; i < views.Length; i++)
            mixed = mixed.add(views[i].Seen.mul(weights.narrow(1, i, 1).unsqueeze(-1)));
        // The up layer is linear: averaging before it is the same and narrower.
        Tensor gathered = _allTokens ? TokenMask.Mean(mixed.relu(), kept, 0) : mixed.relu().select(1, 0);
        return taps[^1].add(_up.Apply(gathered)).MoveToOuterDisposeScope();
    }

    /// <summary>The anchor, [B, A, d] with A = 1 or N.</summary>
    public Tensor Anchor(Trunk trunk, Tensor[] taps)
    {
        using var scope = NewDisposeScope();
        Tensor seen = _allTokens ? trunk.Normalize(taps[^2]) : taps[^1].unsqueeze(1);
        return _anchorNorm.Apply(_anchor.Apply(seen)).MoveToOuterDisposeScope();
    }

    /// <summary>Lets the anchor look at one state.</summary>
    /// <param name="index">Number of the state.</param>
    /// <param name="x">The state, [B, N, D].</param>
    /// <param name="anchor">[B, A, d].</param>
    /// <param name="anchorMean">[B, d].</param>
    /// <param name="kept">[B, N, 1], or null without padding.</param>
    public UniPtView Look(int index, Tensor x, Tensor anchor, Tensor anchorMean, Tensor? kept)
    {
        using var scope = NewDisposeScope();
        Tensor narrow = _mapNorms[index].Apply(_maps[index].Apply(x)); // [B, N, d]
        Tensor scores = Products.Of(anchor, narrow.transpose(1, 2)); // [B, A, N]
        if (kept is not null) scores = scores.mul(kept.transpose(1, 2));
        scores = scores.relu();
        // A row without any positive score sees nothing but the class token's row, or its own.
        Tensor shares = scores.div(scores.sum(-1, keepdim: true).clamp(min: SmallestSum));
        Tensor own = _allTokens ? narrow : narrow.narrow(1, 0, 1);
        Tensor seen = Products.Of(shares, narrow).add(own);
        Tensor confidence = anchorMean.mul(TokenMask.Mean(narrow, kept, 0)).mm(_gate.t()); // [B, 1]
        return new UniPtView(
            shares.MoveToOuterDisposeScope(), seen.MoveToOuterDisposeScope(), confidence.MoveToOuterDisposeScope());
    }

    /// <summary>How much each state counts, [B, L + 1]; rows sum to 1.</summary>
    public static Tensor LayerWeights(UniPtView[] views)
    {
        using var scope = NewDisposeScope();
        return cat([.. views.Select(v => v.Confidence)], 1).softmax(1).MoveToOuterDisposeScope();
    }
}
