// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Adds adapters to the blocks of the trunk.</summary>
internal sealed class AdapterTuning : TrunkTuning
{
    private const double SmallDeviation = 1e-3;
    private readonly AdapterOptions _options;
    private readonly Bottleneck[] _afterAttention;
    private readonly Bottleneck[] _feedForward;

    public AdapterTuning(Backbone backbone, AdapterOptions options, SeededRandom random)
    {
        using var scope = NewDisposeScope();
        _options = options;
        FeatureSize = backbone.Trunk.PooledSize;
        string feedForward = options.Placement == AdapterPlacement.Parallel ? "parallel_adapter" : "ffn_adapter";
        int count = backbone.Config.LayerCount;
        _afterAttention = new Bottleneck[options.Placement == AdapterPlacement.AfterBoth ? count : 0];
        _feedForward = new Bottleneck[count];
        for (int i = 0; i < count; i++)
        {
            if (_afterAttention.Length > 0)
                _afterAttention[i] = Create($"layer.{i}.attn_adapter", backbone, random);
            _feedForward[i] = Create($"layer.{i}.{feedForward}", backbone, random);
        }
    }

    public override string Name => nameof(AdapterOptions);

    public override long FeatureSize { get; }

    public override Tensor AfterAttention(TrunkBlock block, Tensor attended, ForwardPass pass)
    {
        if (_afterAttention.Length == 0) return attended;
        using var scope = NewDisposeScope();
        Tensor added = Apply(_afterAttention[block.Index], attended, pass);
        return attended.add(added).MoveToOuterDisposeScope();
    }

    public override Tensor AfterFeedForward(TrunkBlock block, Tensor middle, Tensor fed, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor input = _options.Placement == AdapterPlacement.Parallel ? middle : fed;
        return fed.add(Apply(_feedForward[block.Index], input, pass)).MoveToOuterDisposeScope();
    }

    private Tensor Apply(Bottleneck adapter, Tensor x, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        // Not an operator of the pass: x is read by the residual stream too, and one graph may not be walked twice.
        Tensor narrow = Activations.Apply(adapter.Down.Apply(x), _options.UsedActivation); // [B, N, b]
        Tensor added = adapter.Up.Apply(pass.Drop(narrow, _options.Dropout));
        return (_options.UsedScale == 1 ? added : added.mul(_options.UsedScale)).MoveToOuterDisposeScope();
    }

    private Bottleneck Create(string name, Backbone backbone, SeededRandom random)
    {
        long width = backbone.Trunk.Width, narrow = _options.Bottleneck;
        Device device = backbone.Device;
        bool zeroUp = _options.Init == AdapterInit.ZeroUp;
        Tensor down = zeroUp
            ? TensorInit.Linear(random, narrow, width, device)
            : TensorInit.TruncatedNormal(random, [narrow, width], SmallDeviation, device);
        Tensor up = zeroUp
            ? zeros([width, narrow], float32, device)
            : TensorInit.TruncatedNormal(random, [width, narrow], SmallDeviation, device);
        return new Bottleneck(
            TrainLinear(name + ".down", down, zeros([narrow], float32, device)),
            TrainLinear(name + ".up", up, zeros([width], float32, device)));
    }

    /// <param name="Down">[b, D].</param>
    /// <param name="Up">[D, b].</param>
    private sealed record Bottleneck(LinearLayer Down, LinearLayer Up);
}
