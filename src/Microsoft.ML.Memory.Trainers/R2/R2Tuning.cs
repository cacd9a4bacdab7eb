// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Reads the last states of the trunk, the deepest first, by one shared block.</summary>
internal sealed class R2Tuning : ReadoutTuning
{
    private const double Epsilon = 1e-5;
    private const double QueryDeviation = 0.02;
    private readonly R2Map _map;
    private readonly R2Attention _attention;
    private readonly Tensor _scale;
    private readonly Tensor? _gate;
    private readonly TrunkBlock _layer;
    private readonly int[] _states;

    public R2Tuning(Backbone backbone, R2Options options, SeededRandom random)
    {
        using var scope = NewDisposeScope();
        BackboneConfig config = backbone.Config;
        Device device = backbone.Device;
        int steps = options.LayerCount;
        if (steps > config.LayerCount)
        {
            throw new ArgumentException("R2Options.LayerCount must be at most the backbone's number of blocks "
                + $"{config.LayerCount}. Got {steps}.");
        }

        long width = options.WidthOn(config);
        FeatureSize = width;
        _states = [.. Enumerable.Range(config.LayerCount - steps + 1, steps)];
        _map = new R2Map(
            TrainNorm("map.norm1", config.HiddenSize, Epsilon, device),
            NewLinear("map.fc1", random, width, config.HiddenSize, device),
            TrainNorm("map.norm2", width, Epsilon, device),
            NewLinear("map.fc2", random, width, width, device),
            options.Dropout);
        _attention = new R2Attention(
            Train("queries", TensorInit.Normal(random, [options.QueryCount, width], QueryDeviation, device), false),
            NewLinear("attention.query", random, width, width, device),
            NewLinear("attention.value", random, width, width, device));
        _scale = Train("scale", zeros([steps], float32, device), false);
        if (steps > 1) _gate = Train("gate", zeros([steps - 1], float32, device), false);
        _layer = NewBlock(Shape(width, options.HeadCount), random, device);
    }

    public override string Name => nameof(R2Options);

    public override long FeatureSize { get; }

    /// <summary>Number k of states that are read.</summary>
    public int StepCount => _states.Length;

    /// <returns>The last k states, the shallowest first, [B, N, D], normalised without weight and bias.</returns>
    public override Tensor[] Tap(Trunk trunk, BackboneBatch batch)
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] states = TrunkStates.Of(trunk, batch, _states);
        var taps = new Tensor[states.Length];
        for (int i = 0; i < taps.Length; i++)
        {
            taps[i] = nn.functional.layer_norm(states[i], [trunk.Width], eps: Epsilon).MoveToOuterDisposeScope();
            states[i].Dispose();
        }

        return taps;
    }

    public override Tensor Read(Trunk trunk, Tensor[] taps, Tensor? mask, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor? last = null;
        for (int i = taps.Length - 1; i >= 0; i--) last = Step(trunk, i, taps[i], last, mask, pass).Last;
        return last!.MoveToOuterDisposeScope();
    }

    /// <summary>Reads one state.</summary>
    /// <param name="trunk">The network.</param>
    /// <param name="index">Number of the state, 0 being the shallowest.</param>
    /// <param name="tap">The normalised state, [B, N, D].</param>
    /// <param name="last">What the step before gave, [B, w]; null in the first.</param>
    /// <param name="mask">Padding of texts, or null.</param>
    /// <param name="pass">The pass.</param>
    /// <returns>u and last, [B, w].</returns>
    public (Tensor Fused, Tensor Last) Step(
        Trunk trunk, int index, Tensor tap, Tensor? last, Tensor? mask, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor values = _map.Apply(tap, pass); // [B, N, w]
        Tensor asked = _attention.Apply(values, mask).mul(_scale.narrow(0, index, 1).tanh());
        Tensor fused = values.select(1, 0).add(asked);
        // g u + (1 - g) last, with one product.
        if (last is not null)
            fused = fused.sub(last).mul(_gate!.narrow(0, index, 1).sigmoid()).add(last);
        Tensor patches = TokenMask.Mean(values, TokenMask.Kept(mask), trunk.Embedding.LeadingTokens);
        Tensor pair = stack([fused, patches], 1); // [B, 2, w]
        Tensor next = _layer.Apply(pair, null, BlockChanges.None, pass).select(1, 0);
        return (fused.MoveToOuterDisposeScope(), next.MoveToOuterDisposeScope());
    }

    private static SideBlockShape Shape(long width, int headCount) => new()
    {
        Prefix = "layer.",
        Width = width,
        InnerWidth = 4 * width,
        HeadCount = headCount,
        Activation = ActivationKind.Relu,
        Epsilon = Epsilon,
        NormLast = true,
    };
}
