// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Which backbone a saved model was trained on.</summary>
/// <param name="Source">The folder it was read from.</param>
/// <param name="Hash">Hash of its weights.</param>
/// <param name="Config">Its sizes.</param>
/// <param name="Options">How it was run.</param>
internal sealed record BackboneReference(string Source, string Hash, BackboneConfig Config, BackboneOptions Options)
{
    public static BackboneReference Read(BinaryReader fields)
    {
        string source = fields.ReadString(), hash = fields.ReadString(), json = fields.ReadString();
        var pooling = (BackbonePooling)fields.ReadInt32();
        var positions = (PositionRule)fields.ReadInt32();
        if (!Enum.IsDefined(pooling) || (positions != (PositionRule)(-1) && !Enum.IsDefined(positions)))
            throw new InvalidDataException($"The backbone must be run in a known way. Got {pooling}, {positions}.");
        var options = new BackboneOptions
        {
            Pooling = pooling,
            Positions = positions == (PositionRule)(-1) ? null : positions,
        };
        BackboneConfig config = BackboneConfig.Parse(System.Text.Encoding.UTF8.GetBytes(json), "the saved backbone");
        return new BackboneReference(source, hash, config, options);
    }

    /// <summary>Makes the backbone of weights that the model file holds.</summary>
    public Backbone Embedded(Dictionary<string, Tensor> weights)
    {
        (string Name, long[] Shape)[] wanted =
        [
            .. BackboneTensors.Required(Config),
            .. BackboneTensors.Optional(Config).Where(t => weights.ContainsKey(t.Name)),
        ];
        foreach ((string name, long[] shape) in wanted)
        {
            if (weights.GetValueOrDefault(name) is { } tensor && tensor.shape.SequenceEqual(shape)) continue;
            throw new InvalidDataException($"The model file must hold the backbone's '{name}' of "
                + $"[{string.Join(", ", shape)}]. Got another or none. Save the model again.");
        }

        if (weights.Keys.Except(wanted.Select(t => t.Name)).FirstOrDefault() is { } extra)
        {
            throw new InvalidDataException(
                $"The model file must hold the tensors of its backbone only. Got {BadFile.Quote(extra)} besides.");
        }

        return Checked(new Backbone(Config, Options, weights, Source));
    }

    /// <summary>Reads the backbone from its folder, or from one of the same name beside the application.</summary>
    public Backbone Load()
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Source));
        string beside = Path.Combine(AppContext.BaseDirectory, name);
        string? folder = Directory.Exists(Source) ? Source : Directory.Exists(beside) ? beside : null;
        return folder is not null
            ? Checked(Backbone.Load(folder, Options))
            : throw new DirectoryNotFoundException($"The backbone of the model must be in '{Source}' or '{beside}'. "
                + "Got no such folder. Copy it there, or save the model with FineTuneOptions.EmbedBackbone.");
    }

    private Backbone Checked(Backbone backbone)
    {
        string got = backbone.Hash;
        if (got == Hash && backbone.Config.IsNetworkOf(Config)) return backbone;
        backbone.Dispose();
        if (got == Hash)
        {
            throw new InvalidDataException($"The config.json in '{Source}' must be that of the backbone that the model "
                + "was trained on. Got another. Restore it, or train again.");
        }

        throw new InvalidDataException($"The backbone in '{Source}' must be the one that the model was trained on, "
            + $"with hash {Hash}. Got {got}. Restore it, or train again.");
    }
}
