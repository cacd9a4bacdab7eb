// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Mixes early states of the trunk and runs its last blocks on the mixture.</summary>
internal sealed class SherlTuning : ReadoutTuning
{
    private const double GateTemperature = 0.1;
    private const double OutputEpsilon = 1e-12;
    private readonly LinearLayer[] _maps;
    private readonly NormLayer[] _mapNorms;
    private readonly SherlMixer _mixer;
    private readonly LinearLayer _out;
    private readonly NormLayer? _outNorm;
    private readonly Tensor _gate;
    private readonly double _dropout;

    public SherlTuning(Backbone backbone, SherlOptions options, SeededRandom random)
    {
        using var scope = NewDisposeScope();
        BackboneConfig config = backbone.Config;
        if (options.LateCount >= config.LayerCount)
        {
            throw new ArgumentException("SherlOptions.LateCount must be below the backbone's number of blocks "
                + $"{config.LayerCount}. Got {options.LateCount}.");
        }

        Device device = backbone.Device;
        long width = SideWidth.Of(config.HiddenSize, options.Reduction, "SherlOptions.Reduction", "width");
        _dropout = options.Dropout;
        FeatureSize = backbone.Trunk.PooledSize;
        _maps = new LinearLayer[config.LayerCount - options.LateCount + 1];
        _mapNorms = new NormLayer[_maps.Length];
        for (int i = 0; i < _maps.Length; i++)
        {
            _maps[i] = NewLinear($"map.{i}", random, width, config.HiddenSize, device);
            _mapNorms[i] = TrainNorm($"map_norm.{i}", width, config.LayerNormEpsilon, device);
        }

        _mixer = new SherlMixer(NewLinear("score", random, 1, width, device));
        _out = NewLinear("out", random, config.HiddenSize, width, device);
        if (options.NormalizeOutput ?? !config.IsImage)
            _outNorm = TrainNorm("out_norm", config.HiddenSize, OutputEpsilon, device);
        _gate = Train("gate", zeros([1], float32, device), false);
    }

    public override string Name => nameof(SherlOptions);

    public override long FeatureSize { get; }

    /// <returns>The states from x_0 to what enters the first late block, [B, N, D].</returns>
    public override Tensor[] Tap(Trunk trunk, BackboneBatch batch) =>
        TrunkStates.Of(trunk, batch, [.. Enumerable.Range(0, _maps.Length)]);

    public override Tensor Read(Trunk trunk, Tensor[] taps, Tensor? mask, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor x = Combine(taps, _mixer.Mix(Mapped(taps)).Mixture, pass);
        foreach (TrunkBlock block in trunk.Blocks.Skip(taps.Length - 1))
            x = block.Apply(x, mask, BlockChanges.None, pass);
        return trunk.Pool(x, mask).MoveToOuterDisposeScope();
    }

    /// <summary>The mixture of the mapped states, with what it was made of.</summary>
    public SherlMixture Mix(Tensor[] taps)
    {
        using var scope = NewDisposeScope();
        SherlMixture mixture = _mixer.Mix(Mapped(taps));
        return new SherlMixture(
            mixture.Redundancy.MoveToOuterDisposeScope(),
            mixture.Weights.MoveToOuterDisposeScope(),
            mixture.Mixture.MoveToOuterDisposeScope());
    }

    /// <summary>What enters the first late block, [B, N, D].</summary>
    public Tensor Combine(Tensor[] taps, Tensor mixture, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor wide = _out.Apply(mixture.relu());
        if (_outNorm is not null) wide = _outNorm.Apply(wide);
        Tensor gate = _gate.div(GateTemperature).tanh();
        return pass.Drop(wide, _dropout).add(taps[^1].mul(gate)).MoveToOuterDisposeScope();
    }

    /// <summary>[B, N, d] for every state; the guide is the last.</summary>
    private Tensor[] Mapped(Tensor[] taps) =>
        [.. taps.Select((x, i) => _mapNorms[i].Apply(_maps[i].Apply(x)))];
}
