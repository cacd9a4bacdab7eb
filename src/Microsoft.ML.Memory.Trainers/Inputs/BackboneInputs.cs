// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Chooses how a backbone's input is read.</summary>
internal static class BackboneInputs
{
    private const int UsualTokens = 128;

    /// <param name="backbone">The backbone.</param>
    /// <param name="options">What its columns hold.</param>
    /// <param name="tokenizer">Cuts texts into tokens; null finds the vocabulary by the options.</param>
    /// <exception cref="ArgumentException">The options do not fit the backbone.</exception>
    /// <exception cref="InvalidDataException">The vocabulary breaks a rule.</exception>
    public static BackboneInput Of(Backbone backbone, FineTuneOptions options, WordPieceTokenizer? tokenizer = null)
    {
        BackboneConfig config = backbone.Config;
        if (options.FeatureTokenCount is { } count) return Tokens(backbone, count);
        if (!config.IsImage) return Texts(backbone, options, tokenizer);
        RequireNull(options.Text, nameof(options.Text), "images");
        return new PixelInput(config, PlanOf(config, options.Image ?? new ImageInputOptions()));
    }

    /// <summary>Plans how images become those of a backbone.</summary>
    /// <exception cref="ArgumentException">The options do not fit the backbone.</exception>
    public static ImagePlan PlanOf(BackboneConfig config, ImageInputOptions options) => new(
        new ImageTarget(
            config.ChannelCount, config.ImageSize, config.ImageSize, config.PatchSize, "FineTuneOptions.Image",
            "backbone"),
        options);

    private static void RequireNull(object? value, string name, string read)
    {
        if (value is null) return;
        throw new ArgumentException(
            $"FineTuneOptions.{name} must be null for a backbone that reads {read}. Got a value.");
    }

    private static TokenInput Tokens(Backbone backbone, int count)
    {
        Trunk trunk = backbone.Trunk;
        bool means = trunk.Pooling is BackbonePooling.Mean or BackbonePooling.ClassTokenAndMean;
        int least = means && backbone.Config.IsImage ? trunk.Embedding.LeadingTokens + 1 : 1;
        long most = Array.MaxLength / trunk.Width;
        return count >= least && count <= most ? new TokenInput(count, (int)trunk.Width) : throw new ArgumentException(
            $"FineTuneOptions.FeatureTokenCount must be from {least} to {most} for the backbone and its pooling. "
            + $"Got {count}.");
    }

    private static TextInput Texts(Backbone backbone, FineTuneOptions options, WordPieceTokenizer? tokenizer)
    {
        RequireNull(options.Image, nameof(options.Image), "texts");
        BackboneConfig config = backbone.Config;
        TextInputOptions text = options.Text ?? new TextInputOptions();
        int most = text.MaxTokens ?? Math.Min(UsualTokens, config.MaxPositions);
        if (most > config.MaxPositions)
        {
            throw new ArgumentException($"FineTuneOptions.Text.MaxTokens must be at most the {config.MaxPositions} "
                + $"positions of the backbone. Got {most}.");
        }

        tokenizer ??= Tokenizer(backbone, text);
        int count = tokenizer.Vocabulary.Pieces.Count;
        return count <= config.VocabularySize ? new TextInput(tokenizer, most) : throw new InvalidDataException(
            $"The vocabulary must have at most the {config.VocabularySize} words of the backbone. Got {count}. "
            + "Take the vocab.txt that belongs to it.");
    }

    private static WordPieceTokenizer Tokenizer(Backbone backbone, TextInputOptions text)
    {
        string path = text.VocabularyPath ?? Path.Combine(backbone.Source, "vocab.txt");
        if (!File.Exists(path))
        {
            throw new FileNotFoundException("FineTuneOptions.Text.VocabularyPath must name a vocabulary, or the "
                + $"backbone's folder must have a vocab.txt. Got no file '{path}'.", path);
        }

        string config = Path.Combine(Path.GetDirectoryName(path) ?? "", "tokenizer_config.json");
        return new WordPieceTokenizer(WordPieceVocabulary.Load(path), WordPieceRules.Load(config, text.LowerCase));
    }
}
