// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Runs a narrow transformer beside the trunk.</summary>
internal sealed class LstTuning : ReadoutTuning, ILearnsFirstValues
{
    private const double GateTemperature = 0.1;
    private readonly LinearLayer _first;
    private readonly Rung[] _rungs;
    private readonly NormLayer _norm;
    private readonly LinearLayer? _up;
    private readonly int[] _states;
    private readonly double _dropout;

    public LstTuning(Backbone backbone, LstOptions options, SeededRandom random)
    {
        using var scope = NewDisposeScope();
        BackboneConfig config = backbone.Config;
        Device device = backbone.Device;
        int[] kept = options.BlocksOf(config);
        long full = config.HiddenSize, narrow = options.ShapeOf(config, 0).Width;
        _dropout = options.Dropout;
        _states = [0, .. kept.Select(b => b + 1)];
        _first = NewLinear("side.first", random, narrow, full, device);
        _rungs = [.. kept.Select(b => new Rung(
            Train($"side.{b}.gate", zeros([1], float32, device), false),
            NewLinear($"side.{b}.down", random, narrow, full, device),
            NewBlock(options.ShapeOf(config, b), random, device)))];
        _norm = TrainNorm("side.norm", narrow, config.LayerNormEpsilon, device);
        if (options.UpProjection) _up = NewLinear("side.up", random, full, narrow, device);
        FeatureSize = options.UpProjection ? full : narrow;
        FirstValueExamples = options.Initialization == LstInitialization.Fisher ? options.FisherExampleCount : 0;
        if (options.Initialization == LstInitialization.Magnitude)
            Prune(backbone, TrunkImportance.Magnitude(backbone.Trunk));
    }

    public override string Name => nameof(LstOptions);

    public override long FeatureSize { get; }

    public int FirstValueExamples { get; }

    public override IReadOnlyList<int> TappedStates => _states;

    /// <summary>The side blocks, by the block of the trunk that they run beside.</summary>
    public IEnumerable<TrunkBlock> SideBlocks => _rungs.Select(r => r.Block);

    public void LearnFirstValues(
        Backbone backbone, int classCount, IEnumerable<(BackboneBatch Batch, Tensor Labels)> examples)
    {
        using var scope = NewDisposeScope();
        Prune(backbone, TrunkImportance.Fisher(backbone, classCount, examples));
    }

    /// <returns>What enters the first block and what leaves each kept one, [B, N, D].</returns>
    public override Tensor[] Tap(Trunk trunk, BackboneBatch batch) => TrunkStates.Of(trunk, batch, _states);

    public override Tensor Read(Trunk trunk, Tensor[] taps, Tensor? mask, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor s = First(taps[0]);
        int last = _rungs.Length - 1;
        for (int i = 0; i < last; i++) s = Climb(i, s, taps[i + 1], mask, pass);
        Tensor top = Top(last, s, taps[^1], mask, pass);
        Tensor feature = pass.Drop(_norm.Apply(top), _dropout);
        return (_up is null ? feature : _up.Apply(feature)).MoveToOuterDisposeScope();
    }

    /// <summary>s_0, [B, N, d].</summary>
    public Tensor First(Tensor x) => _first.Apply(x);

    /// <summary>Runs one side block.</summary>
    /// <param name="rung">Number of the side block.</param>
    /// <param name="s">[B, N, d].</param>
    /// <param name="x">What leaves the block of the trunk, [B, N, D].</param>
    /// <param name="mask">Padding of texts, or null.</param>
    /// <param name="pass">The pass.</param>
    public Tensor Climb(int rung, Tensor s, Tensor x, Tensor? mask, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor u = Mix(rung, s, x);
        return _rungs[rung].Block.Apply(u, mask, BlockChanges.None, pass).MoveToOuterDisposeScope();
    }

    /// <summary>mu s + (1 - mu) down(x), [B, N, d].</summary>
    private Tensor Mix(int rung, Tensor s, Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor mu = _rungs[rung].Gate.div(GateTemperature).sigmoid();
        return _rungs[rung].Down.Apply(x).lerp(s, mu).MoveToOuterDisposeScope();
    }

    /// <summary>What the last side block makes of the class token, [B, d]: all that is read of it.</summary>
    private Tensor Top(int rung, Tensor s, Tensor x, Tensor? mask, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        // Operators that differentiate by hand allow one way through a block.
        if (pass.Operators != BlockOperators.Plain)
            return Climb(rung, s, x, mask, pass).select(1, 0).MoveToOuterDisposeScope();
        Tensor u = Mix(rung, s, x);
        TrunkBlock block = _rungs[rung].Block;
        (Tensor key, Tensor value) = QueriesOnly.KeysAndValues(block, u);
        Tensor asked = block.Apply(u.narrow(1, 0, 1), mask, new QueriesOnly(block, key, value), pass);
        return asked.select(1, 0).MoveToOuterDisposeScope();
    }

    /// <summary>Sets the side blocks to parts of the trunk's.</summary>
    private void Prune(Backbone backbone, TrunkImportance importance)
    {
        using IDisposable frozen = no_grad();
        Trunk trunk = backbone.Trunk;
        var pruning = new TrunkPruning(importance.Channels(), _norm.Weight.numel());
        int next = 0;
        foreach (TrunkBlock block in trunk.Blocks)
        {
            if (next == _rungs.Length || _rungs[next].Block.Index != block.Index) continue;
            using var scope = NewDisposeScope();
            pruning.Copy(block, importance.Block(block.Index), _rungs[next++].Block);
        }

        if (trunk.FinalNorm is { } norm) pruning.Copy(norm, _norm);
    }

    /// <summary>A side block with its gate and its way down from the trunk.</summary>
    private sealed record Rung(Tensor Gate, LinearLayer Down, TrunkBlock Block);
}
