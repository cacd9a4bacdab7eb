// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Puts the tensors of a backbone together to a network.</summary>
internal sealed class TrunkBuilder(BackboneConfig config, PositionRule rule, Func<string, Tensor?> find)
{
    private readonly BackboneNames _names = BackboneNames.Of(config);

    /// <summary>Makes a trunk of tensors that stay someone else's.</summary>
    /// <param name="pooling">What the feature is; <see cref="BackbonePooling.Default"/> chooses.</param>
    /// <param name="precision">In what precision blocks compute.</param>
    public Trunk Build(BackbonePooling pooling, TrunkPrecision precision = TrunkPrecision.Single)
    {
        LinearLayer? pooler = config.Kind == BackboneKind.Clip ? null : LinearOrNone(BackboneNames.Pooler);
        LinearLayer? projection = config.Kind == BackboneKind.Clip ? LinearOrNone(BackboneNames.Projection) : null;
        return new Trunk
        {
            Config = config,
            Embedding = config.Kind == BackboneKind.Bert ? Texts() : Images(),
            Blocks = [.. Enumerable.Range(0, config.LayerCount).Select(Block)],
            FinalNorm = _names.FinalNorm is { } name ? Norm(name) : null,
            Pooler = pooler,
            Projection = projection,
            Pooling = Chosen(pooling, pooler, projection),
            Precision = precision,
        };
    }

    private BackbonePooling Chosen(BackbonePooling pooling, LinearLayer? pooler, LinearLayer? projection)
    {
        if (pooling == BackbonePooling.Default)
        {
            return config.Kind == BackboneKind.Bert && pooler is not null
                ? BackbonePooling.Pooler
                : BackbonePooling.ClassToken;
        }

        bool lacks = (pooling == BackbonePooling.Pooler && pooler is null)
            || (pooling == BackbonePooling.Projection && projection is null);
        return !lacks ? pooling : throw new ArgumentException(
            $"BackboneOptions.Pooling must be something that the {config.Kind} backbone has. Got {pooling}, but the "
            + "checkpoint has no tensors for it. Take ClassToken or Mean.", nameof(pooling));
    }

    private ImageEmbedding Images() => new()
    {
        PatchSize = config.PatchSize,
        GridSide = config.ImageSize / config.PatchSize,
        Rule = rule,
        ClassToken = Get(_names.ClassToken!),
        Positions = Get(_names.Positions),
        PatchWeight = Get(_names.PatchWeight!),
        PatchBias = _names.PatchBias is { } bias ? Get(bias) : null,
        Registers = config.RegisterCount > 0 ? Get(BackboneNames.Registers) : null,
        Norm = _names.EmbeddingNorm is { } norm ? Norm(norm) : null,
    };

    private TextEmbedding Texts() => new()
    {
        Words = Get(BackboneNames.Words),
        Positions = Get(_names.Positions),
        Types = Get(BackboneNames.TokenTypes),
        Norm = Norm(_names.EmbeddingNorm!),
    };

    private TrunkBlock Block(int index)
    {
        string At(string part) => _names.InBlock(index, part);
        return new TrunkBlock
        {
            Index = index,
            HeadCount = config.HeadCount,
            Activation = config.SwiGlu ? ActivationKind.Silu : config.Activation,
            NormLast = config.Kind == BackboneKind.Bert,
            Norm1 = Norm(At(_names.Norm1)),
            Query = Linear(At(_names.Query)),
            Key = Linear(At(_names.Key)),
            Value = Linear(At(_names.Value)),
            Output = Linear(At(_names.Output)),
            Norm2 = Norm(At(_names.Norm2)),
            Up = Linear(At(_names.Up)),
            Down = Linear(At(_names.Down)),
            Gated = config.SwiGlu,
            Scale1 = config.LayerScale ? Get(At(BackboneNames.Scale1)) : null,
            Scale2 = config.LayerScale ? Get(At(BackboneNames.Scale2)) : null,
        };
    }

    private NormLayer Norm(string name) => new(Get(name + ".weight"), Get(name + ".bias"), config.LayerNormEpsilon);

    private LinearLayer Linear(string name) => new(name, Get(name + ".weight"), find(name + ".bias"));

    private LinearLayer? LinearOrNone(string name) =>
        find(name + ".weight") is { } weight ? new LinearLayer(name, weight, find(name + ".bias")) : null;

    private Tensor Get(string name) =>
        find(name) ?? throw new InvalidOperationException(
            $"The backbone must hold '{name}'. Got a backbone without it.");
}
