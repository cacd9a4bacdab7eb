// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Puts trained keys and values before those of the tokens.</summary>
internal sealed class PrefixTuning : TrunkTuning
{
    private readonly Tensor[] _keys = [];
    private readonly Tensor[] _values = [];
    private readonly PrefixNetwork? _network;

    public PrefixTuning(Backbone backbone, PrefixOptions options, SeededRandom random)
    {
        using var scope = NewDisposeScope();
        FeatureSize = backbone.Trunk.PooledSize;
        int count = options.Length == 0 ? 0 : backbone.Config.LayerCount;
        if (count > 0 && options.ReparametrizationWidth is { } inner)
        {
            _network = Network(backbone, options.Length, inner, random);
            return;
        }

        _keys = new Tensor[count];
        _values = new Tensor[count];
        for (int i = 0; i < count; i++)
        {
            Tensor Rows() => TensorInit.Normal(
                random, [options.Length, backbone.Trunk.Width], options.InitDeviation, backbone.Device);
            _keys[i] = Train($"layer.{i}.prefix_key", Rows(), false);
            _values[i] = Train($"layer.{i}.prefix_value", Rows(), false);
        }
    }

    public override string Name => nameof(PrefixOptions);

    public override long FeatureSize { get; }

    public override (Tensor Key, Tensor Value) KeysAndValues(TrunkBlock block, Tensor key, Tensor value)
    {
        if (_network is null && _keys.Length == 0) return (key, value);
        using var scope = NewDisposeScope();
        (Tensor keys, Tensor values) = Rows(block.Index);
        Tensor allKeys = Prepend(keys, key), allValues = Prepend(values, value);
        return (allKeys.MoveToOuterDisposeScope(), allValues.MoveToOuterDisposeScope());
    }

    public override void CopyTo(Tuning fitted)
    {
        if (_network is null)
        {
            base.CopyTo(fitted);
            return;
        }

        var direct = (PrefixTuning)fitted;
        for (int i = 0; i < direct._keys.Length; i++)
        {
            using var scope = NewDisposeScope();
            (Tensor keys, Tensor values) = Rows(i);
            direct._keys[i].copy_(keys);
            direct._values[i].copy_(values);
        }
    }

    /// <summary>Keys and values in front of those of a block, [l, D].</summary>
    private (Tensor Keys, Tensor Values) Rows(int block) => _network is null
        ? (_keys[block], _values[block])
        : (_network.Rows(block, isValue: false), _network.Rows(block, isValue: true));

    private PrefixNetwork Network(Backbone backbone, long length, long inner, SeededRandom random)
    {
        long width = backbone.Trunk.Width, rows = 2 * backbone.Config.LayerCount * width;
        Device device = backbone.Device;
        LinearLayer Linear(string name, long outputs, long inputs) => TrainLinear(
            name, TensorInit.Linear(random, outputs, inputs, device), zeros([outputs], float32, device));
        Tensor table = Train("prefix.table", TensorInit.Normal(random, [length, width], 1, device), false);
        return new PrefixNetwork(table, Linear("prefix.fc1", inner, width), Linear("prefix.fc2", rows, inner));
    }

    // [l, D], [B, N, D] -> [B, l + N, D]
    private static Tensor Prepend(Tensor rows, Tensor tokens)
    {
        using var scope = NewDisposeScope();
        Tensor all = rows.Like(tokens).unsqueeze(0).expand(tokens.size(0), -1, -1);
        return cat([all, tokens], 1).MoveToOuterDisposeScope();
    }
}
