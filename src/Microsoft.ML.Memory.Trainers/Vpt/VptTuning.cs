// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Puts trained tokens after the class token.</summary>
internal sealed class VptTuning : TrunkTuning
{
    private readonly int _count;
    private readonly double _dropout;
    private readonly Tensor[] _prompts; // of the first block alone, or of each

    public VptTuning(Backbone backbone, VptOptions options, SeededRandom random)
    {
        using var scope = NewDisposeScope();
        _count = options.PromptCount;
        _dropout = options.Dropout;
        FeatureSize = backbone.Trunk.PooledSize;
        int blocks = options.Deep ? backbone.Config.LayerCount : 1;
        _prompts = new Tensor[_count == 0 ? 0 : blocks];
        for (int i = 0; i < _prompts.Length; i++)
        {
            Tensor rows = TensorInit.Tokens(random, _count, backbone.Config, backbone.Device);
            _prompts[i] = Train($"layer.{i}.prompts", rows, false);
        }
    }

    public override string Name => nameof(VptOptions);

    public override long FeatureSize { get; }

    public override Tensor Before(TrunkBlock block, Tensor x, ForwardPass pass)
    {
        if (block.Index >= _prompts.Length) return x;
        using var scope = NewDisposeScope();
        int old = block.Index == 0 ? 0 : _count; // prompts that the block before left
        Tensor prompts = pass.Drop(_prompts[block.Index].Like(x).unsqueeze(0).expand(x.size(0), -1, -1), _dropout);
        Tensor rest = x.narrow(1, 1 + old, x.size(1) - 1 - old);
        return cat([x.narrow(1, 0, 1), prompts, rest], 1).MoveToOuterDisposeScope();
    }

    public override Tensor Step(TrunkBlock block, Tensor x, Tensor? mask, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        return base.Step(block, x, Widened(mask), pass).MoveToOuterDisposeScope();
    }

    public override Tensor End(Trunk trunk, Tensor x, BackboneBatch batch, ForwardPass pass)
    {
        if (_count == 0) return base.End(trunk, x, batch, pass);
        using var scope = NewDisposeScope();
        Tensor tokens = cat([x.narrow(1, 0, 1), x.narrow(1, 1 + _count, x.size(1) - 1 - _count)], 1);
        return base.End(trunk, tokens, batch, pass).MoveToOuterDisposeScope();
    }

    // Prompts are never padding.
    private Tensor? Widened(Tensor? mask)
    {
        if (mask is null || _count == 0) return mask;
        long[] shape = mask.shape;
        Tensor open = zeros([shape[0], 1, 1, _count], mask.dtype, mask.device);
        return cat([mask.narrow(-1, 0, 1), open, mask.narrow(-1, 1, shape[3] - 1)], -1);
    }
}
