// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Puts trained keys and values before those of the tokens.</summary>
internal sealed class PrefixTuning : TrunkTuning
{
    private readonly Tensor[] _keys;
    private readonly Tensor[] _values;

    public PrefixTuning(Backbone backbone, PrefixOptions options, SeededRandom random)
    {
        using var scope = NewDisposeScope();
        FeatureSize = backbone.Trunk.PooledSize;
        int count = options.Length == 0 ? 0 : backbone.Config.LayerCount;
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

    public override long FeatureSize { get; }

    public override (Tensor Key, Tensor Value) KeysAndValues(TrunkBlock block, Tensor key, Tensor value)
    {
        if (_keys.Length == 0) return (key, value);
        return (Prepend(_keys[block.Index], key), Prepend(_values[block.Index], value));
    }

    // [l, D], [B, N, D] -> [B, l + N, D]
    private static Tensor Prepend(Tensor rows, Tensor tokens)
    {
        using var scope = NewDisposeScope();
        Tensor all = rows.Like(tokens).unsqueeze(0).expand(tokens.size(0), -1, -1);
        return cat([all, tokens], 1).MoveToOuterDisposeScope();
    }
}
