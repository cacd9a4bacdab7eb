// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Reads the feature of the frozen trunk; trains nothing but the head.</summary>
internal sealed class LinearProbeTuning : ReadoutTuning
{
    private readonly int[] _states;

    public LinearProbeTuning(Backbone backbone, LinearProbeOptions options)
    {
        int layers = backbone.Config.LayerCount;
        if (options.LayerCount > layers)
        {
            throw new ArgumentException("LinearProbeOptions.LayerCount must be at most the backbone's number of blocks "
                + $"{layers}. Got {options.LayerCount}.");
        }

        _states = [.. Enumerable.Range(layers - options.LayerCount + 1, options.LayerCount)];
        FeatureSize = backbone.Trunk.PooledSize + ((options.LayerCount - 1) * backbone.Trunk.Width);
    }

    public override string Name => nameof(LinearProbeOptions);

    public override long FeatureSize { get; }

    public override IReadOnlyList<int> TappedStates => _states;

    public override Tensor[] Tap(Trunk trunk, BackboneBatch batch)
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] states = TrunkStates.Of(trunk, batch, _states);
        Tensor feature = trunk.Pool(states[^1], batch.Mask);
        if (states.Length > 1) feature = cat([.. states.SkipLast(1).Select(trunk.ClassToken), feature], 1);
        return [feature.MoveToOuterDisposeScope()];
    }

    public override Tensor Read(Trunk trunk, Tensor[] taps, Tensor? mask, ForwardPass pass) =>
        taps[0].alias(); // what is read of a cache stays the batch's
}
