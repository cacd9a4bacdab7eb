// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Collects the inputs of a block, runs the network on them, then serves the features row by row.</summary>
internal sealed class EmbedScorer : BlockScorer
{
    private readonly EmbedOnnxTransformer _transformer;
    private readonly EncoderNetwork _network;
    private readonly NetworkFeed[] _feeds;
    private readonly NetworkFeed? _weightFeed;
    private readonly EmbedPool _pool;
    private readonly RunPlan _plan = new();
    private readonly OrtValue?[] _values;
    private readonly OrtValue[] _output = new OrtValue[1];
    private float[] _features = [];
    private float[] _converted = [];
    private float[] _weights = [];

    public EmbedScorer(EmbedOnnxTransformer transformer, NetworkFeed[] feeds)
    {
        _transformer = transformer;
        _network = transformer.Network;
        _feeds = feeds;
        _pool = transformer.Pool;
        _values = new OrtValue?[feeds.Length];
        int mask = _network.Inputs.Select(input => input.Name).ToList().IndexOf(NetworkInput.MaskName);
        if (_pool.UsesWeights && mask >= 0) _weightFeed = feeds[mask];
    }

    private int FeatureCount => _pool.FeatureCount;

    public override void Reserve(int rows)
    {
        if (_features.Length >= (long)rows * FeatureCount) return;
        _features = new float[checked(rows * FeatureCount)];
        foreach (NetworkFeed feed in _feeds) feed.Reserve(rows);
    }

    public override void Read(int slot)
    {
        foreach (NetworkFeed feed in _feeds) feed.Read(slot);
    }

    public override void Score(int count)
    {
        _plan.Arrange(_feeds, count, _network.Batch.RowsOf(_transformer.Options.BatchSize), _network.Batch.Size);
        foreach (NetworkFeed feed in _feeds) feed.Prepare(_plan.Order);
        foreach (RowRun run in _plan.Runs) Run(run);
    }

    public override Delegate CreateGetter(int output, Func<int> slot)
        => RowVector.Getter<float>(slot, row => _features.AsSpan(row * FeatureCount, FeatureCount));

    private void Run(RowRun run)
    {
        try
        {
            for (int i = 0; i < _feeds.Length; i++)
                _values[i] = _feeds[i].Bind(run.Start, run.Count, run.TokenCount);
            if (IsDirect(run) && TryRunDirectly(run)) return;
            using IDisposableReadOnlyCollection<OrtValue> outputs = _network.Run(_values!);
            Pool(outputs[0], run);
        }
        finally
        {
            // The values hold on to the rows' memory, which would never be collected.
            for (int i = 0; i < _values.Length; i++)
            {
                _values[i]?.Dispose();
                _values[i] = null;
            }
        }
    }

    /// <summary>Whether the network may write its numbers where they are served from.</summary>
    private bool IsDirect(RowRun run) => _pool.IsPlain && _network.OutputType == TensorElementType.Float
        && _plan.IsInOrder && run.Used == run.Count;

    private bool TryRunDirectly(RowRun run)
    {
        Memory<float> features = _features.AsMemory(run.Start * FeatureCount, run.Count * FeatureCount);
        using var output = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, features, _network.OutputShapeOf(run.Count));
        _output[0] = output;
        return _network.TryRun(_values!, _output);
    }

    private void Pool(OrtValue output, RowRun run)
    {
        ReadOnlySpan<float> numbers = NetworkOutput.Read(output, _network.OutputType, ref _converted);
        int length = _pool.LengthOf(run.TokenCount);
        if (numbers.Length != (long)length * run.Count)
        {
            throw new InvalidOperationException(
                $"Tensor '{_network.OutputTensor}' of the network must hold {length} numbers for each of {run.Count} "
                + $"rows. Got [{string.Join(", ", output.GetTensorTypeAndShape().Shape)}].");
        }

        int weightCount = _weightFeed is null ? 0 : length / FeatureCount;
        if (_weights.Length < weightCount) _weights = new float[weightCount];
        Span<float> weights = _weights.AsSpan(0, weightCount);
        for (int i = 0; i < run.Used; i++)
        {
            _weightFeed?.CopyWeights(run.Start + i, weights);
            int slot = _plan.Order[run.Start + i];
            _pool.Pool(
                numbers.Slice(i * length, length), weights, _features.AsSpan(slot * FeatureCount, FeatureCount));
        }
    }
}
