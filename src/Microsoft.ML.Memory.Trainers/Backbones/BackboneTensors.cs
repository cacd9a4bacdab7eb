// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The tensors that a backbone of a given configuration has, with their shapes.</summary>
internal static class BackboneTensors
{
    /// <summary>Lists what must be there, in the order of the network.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Required(BackboneConfig config)
    {
        BackboneNames names = BackboneNames.Of(config);
        long d = config.HiddenSize;
        var embedding = config.Kind == BackboneKind.Bert ? OfTexts(config, names) : OfImages(config, names);
        foreach (var tensor in embedding) yield return tensor;
        if (names.EmbeddingNorm is { } before)
            foreach (var tensor in Norm(before, d)) yield return tensor;
        for (int i = 0; i < config.LayerCount; i++)
            foreach (var tensor in OfBlock(config, names, i)) yield return tensor;
        if (names.FinalNorm is { } after)
            foreach (var tensor in Norm(after, d)) yield return tensor;
    }

    /// <summary>Lists what may be there: the pooler of a BERT or ViT, the projection of a CLIP.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Optional(BackboneConfig config)
    {
        long d = config.HiddenSize;
        if (config.Kind is BackboneKind.Bert or BackboneKind.Vit) return Linear(BackboneNames.Pooler, d, d, true);
        bool projects = config.Kind == BackboneKind.Clip && config.ProjectionSize > 0;
        return projects ? Linear(BackboneNames.Projection, config.ProjectionSize, d, false) : [];
    }

    private static IEnumerable<(string Name, long[] Shape)> OfImages(BackboneConfig config, BackboneNames names)
    {
        long d = config.HiddenSize, side = config.ImageSize / config.PatchSize, tokens = 1 + (side * side);
        bool flat = config.Kind == BackboneKind.Clip; // its class token and positions have no leading ones
        yield return (names.ClassToken!, flat ? [d] : [1, 1, d]);
        yield return (names.Positions, flat ? [tokens, d] : [1, tokens, d]);
        if (config.RegisterCount > 0) yield return (BackboneNames.Registers, [1, config.RegisterCount, d]);
        yield return (names.PatchWeight!, [d, config.ChannelCount, config.PatchSize, config.PatchSize]);
        if (names.PatchBias is { } bias) yield return (bias, [d]);
    }

    private static IEnumerable<(string Name, long[] Shape)> OfTexts(BackboneConfig config, BackboneNames names)
    {
        yield return (BackboneNames.Words, [config.VocabularySize, config.HiddenSize]);
        yield return (names.Positions, [config.MaxPositions, config.HiddenSize]);
        yield return (BackboneNames.TokenTypes, [config.TypeVocabularySize, config.HiddenSize]);
    }

    private static IEnumerable<(string Name, long[] Shape)> OfBlock(BackboneConfig config, BackboneNames names, int i)
    {
        long d = config.HiddenSize, f = config.IntermediateSize;
        IEnumerable<(string, long[])> of = [
            .. Norm(names.InBlock(i, names.Norm1), d),
            .. Linear(names.InBlock(i, names.Query), d, d, config.QkvBias),
            .. Linear(names.InBlock(i, names.Key), d, d, config.QkvBias),
            .. Linear(names.InBlock(i, names.Value), d, d, config.QkvBias),
            .. Linear(names.InBlock(i, names.Output), d, d, true),
            .. Norm(names.InBlock(i, names.Norm2), d),
            .. Linear(names.InBlock(i, names.Up), config.SwiGlu ? 2 * f : f, d, true),
            .. Linear(names.InBlock(i, names.Down), d, f, true),
        ];
        return config.LayerScale
            ? [.. of, (names.InBlock(i, BackboneNames.Scale1), [d]), (names.InBlock(i, BackboneNames.Scale2), [d])]
            : of;
    }

    private static IEnumerable<(string Name, long[] Shape)> Norm(string name, long width) =>
        [(name + ".weight", [width]), (name + ".bias", [width])];

    private static IEnumerable<(string Name, long[] Shape)> Linear(string name, long outputs, long inputs, bool bias)
    {
        yield return (name + ".weight", [outputs, inputs]);
        if (bias) yield return (name + ".bias", [outputs]);
    }
}
