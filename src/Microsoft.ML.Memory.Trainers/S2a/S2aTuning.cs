// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Trains biases, low-rank terms and a side branch, none of which keeps activations of full width.</summary>
internal sealed class S2aTuning : ReplacingTuning
{
    private const double PromptDeviation = 0.02;

    private readonly SideBranch _side;
    private readonly (Tensor Tokens, Tensor Channels)[] _prompts;
    private readonly bool _isText;

    public S2aTuning(Backbone backbone, S2aOptions options, SeededRandom random)
        : base(backbone, Names(backbone, options))
    {
        using var scope = NewDisposeScope();
        Trunk trunk = backbone.Trunk;
        BackboneConfig config = backbone.Config;
        _isText = config.Kind == BackboneKind.Bert;
        long tokens = config.TokenCount;
        _prompts =
        [
            .. trunk.Blocks.Select(b =>
            (
                Train($"layer.{b.Index}.lrp_A", TensorInit.Normal(
                    random, [tokens, options.Rank], PromptDeviation, backbone.Device), true),
                Train($"layer.{b.Index}.lrp_B", zeros(
                    [options.Rank, trunk.Width], float32, backbone.Device), true)
            )),
        ];
        _side = new SideBranch(trunk, options.ChannelGroup, random, Train);
    }

    public override string Name => nameof(S2aOptions);

    public override Tensor Feature(Trunk trunk, BackboneBatch batch, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor x = Begin(trunk, batch, pass);
        Tensor side = _side.Pool(x);
        foreach (TrunkBlock block in trunk.Blocks)
        {
            x = Next(block, x, batch.Mask, pass);
            side = _side.Step(block.Index, side, x, pass);
        }

        return End(trunk, x, batch, pass).add(_side.Read(side)).MoveToOuterDisposeScope();
    }

    public override Tensor Before(TrunkBlock block, Tensor x, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        (Tensor tokens, Tensor channels) = _prompts[block.Index];
        long count = x.size(1);
        if (count > tokens.size(0) || (!_isText && count != tokens.size(0)))
        {
            throw new ArgumentException(
                $"S2A must see {(_isText ? "at most " : "")}{tokens.size(0)} tokens: its low-rank term has a row for "
                + $"each. Got {count}. Resize the images to the backbone's own size.");
        }

        Tensor added = tokens.narrow(0, 0, count).mm(channels); // [N, D]
        return x.add(added.Like(x)).MoveToOuterDisposeScope();
    }

    // Checks before anything is made.
    private static IEnumerable<string> Names(Backbone backbone, S2aOptions options)
    {
        int width = backbone.Config.HiddenSize;
        return width % options.ChannelGroup == 0
            ? new TrunkTensors(backbone).Reaching(null).Where(TrunkTensors.IsBias)
            : throw new ArgumentException($"S2aOptions.ChannelGroup must divide the backbone's width of {width}. "
                + $"Got {options.ChannelGroup}.");
    }
}
