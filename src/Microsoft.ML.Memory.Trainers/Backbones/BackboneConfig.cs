// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Shape of a backbone: what its <c>config.json</c> says; <c>new BackboneConfig()</c> is ViT-B/16.</summary>
/// <remarks>
/// <para>Immutable. A config read from a file has been validated; one made by hand is when it is used.</para>
/// <para>Two configs are equal where all values are, their <see cref="Labels"/> being the same list.</para>
/// </remarks>
public sealed record BackboneConfig
{
    private const int LongestFile = 1 << 24;

    /// <summary>Architecture. Default ViT.</summary>
    public BackboneKind Kind { get; init; } = BackboneKind.Vit;

    /// <summary>Width d of the token stream, in [1, 65536]. Default 768.</summary>
    public int HiddenSize { get; init; } = 768;

    /// <summary>Number of blocks, in [1, 1024]. Default 12.</summary>
    public int LayerCount { get; init; } = 12;

    /// <summary>Number of attention heads, which must divide <see cref="HiddenSize"/>. Default 12.</summary>
    public int HeadCount { get; init; } = 12;

    /// <summary>
    /// Width between the two feed-forward layers, in [1, 262144]: of the gated half for <see cref="SwiGlu"/>. DINOv2
    /// files say it as a ratio, so it must follow from one. Default 3072.
    /// </summary>
    public int IntermediateSize { get; init; } = 3072;

    /// <summary>Side of a square patch in pixels, which must divide <see cref="ImageSize"/>. Default 16.</summary>
    public int PatchSize { get; init; } = 16;

    /// <summary>Side in pixels of the square image that positions are for, in [1, 16384]. Default 224.</summary>
    public int ImageSize { get; init; } = 224;

    /// <summary>Number of colour channels, in [1, 64]. Default 3.</summary>
    public int ChannelCount { get; init; } = 3;

    /// <summary>What is added to the variance in layer norms, above 0 and below 1. Default 1e-12.</summary>
    public double LayerNormEpsilon { get; init; } = 1e-12;

    /// <summary>Activation of the feed-forward layers; <see cref="SwiGlu"/> goes without. Default exact GELU.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Gelu;

    /// <summary>Whether queries, keys and values have biases; always so for CLIP and BERT. Default true.</summary>
    public bool QkvBias { get; init; } = true;

    /// <summary>
    /// Register tokens of DINOv2 after the class token, in [0, 1024]; others have none. With any, positions are
    /// interpolated with antialiasing. Default 0.
    /// </summary>
    public int RegisterCount { get; init; }

    /// <summary>Whether the feed-forward layer of DINOv2 is a gated one. Default false.</summary>
    public bool SwiGlu { get; init; }

    /// <summary>Width of the image embeddings of CLIP, in [1, 65536]; of no meaning for others. Default 512.</summary>
    public int ProjectionSize { get; init; } = 512;

    /// <summary>Number of words of BERT, in [1, 16777216]; of no meaning for others. Default 30522.</summary>
    public int VocabularySize { get; init; } = 30522;

    /// <summary>Longest text of BERT in tokens, in [1, 1048576]; of no meaning for others. Default 512.</summary>
    public int MaxPositions { get; init; } = 512;

    /// <summary>Number of token types of BERT, in [1, 65536]; of no meaning for others. Default 2.</summary>
    public int TypeVocabularySize { get; init; } = 2;

    /// <summary>Names of the classes of the head by index; empty where the file names none. Default empty.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Number of classes that are named; 0 where none are, though the weights may have a head.</summary>
    public int LabelCount => Labels.Count;

    /// <summary>Whether blocks scale what they add to the stream by learned vectors: those of DINOv2 do.</summary>
    public bool LayerScale => Kind == BackboneKind.Dinov2;

    /// <summary>Whether the backbone takes images; BERT takes text.</summary>
    public bool IsImage => Kind != BackboneKind.Bert;

    /// <summary>Width of one attention head.</summary>
    public int HeadSize => HiddenSize / HeadCount;

    /// <summary>Patches along a side of the native image.</summary>
    public int GridSize => ImageSize / PatchSize;

    /// <summary>Tokens of a native image (class, registers, patches), or of the longest text.</summary>
    public int TokenCount => IsImage ? (GridSize * GridSize) + 1 + RegisterCount : MaxPositions;

    /// <summary>Reads and validates a HuggingFace <c>config.json</c>; keys it does not know are left out.</summary>
    /// <remarks>
    /// Knows the model types vit, dinov2, dinov2_with_registers, clip, clip_vision_model and bert. Of a clip file only
    /// the image tower is read. A size that is missing is refused, but in CLIP, whose files leave out what is as in
    /// ViT-B/32; the activation, the epsilon, the channels and the biases have the defaults of the model type.
    /// </remarks>
    /// <param name="path">Path of the file, of at most 16 MiB.</param>
    /// <returns>The config.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file breaks a rule; the message names the key.</exception>
    public static BackboneConfig Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);

        using JsonFields fields = JsonFields.Open(path, LongestFile);
        return BackboneConfigReader.Read(fields);
    }

    /// <summary>Reads and validates the content of a <c>config.json</c>, as <see cref="Load"/> does.</summary>
    /// <param name="json">The text, UTF-8.</param>
    /// <param name="source">What messages call the file.</param>
    /// <returns>The config.</returns>
    /// <exception cref="InvalidDataException">The text breaks a rule; the message names the key.</exception>
    public static BackboneConfig Parse(ReadOnlyMemory<byte> json, string source)
    {
        using JsonFields fields = JsonFields.Parse(json, source);
        return BackboneConfigReader.Read(fields);
    }

    /// <summary>Gives the text of a <c>config.json</c> in the HuggingFace layout.</summary>
    /// <returns>Indented JSON.</returns>
    /// <exception cref="ArgumentException">A value breaks its rule.</exception>
    public string ToJson()
    {
        Validate();
        return BackboneConfigWriter.Write(this);
    }

    /// <summary>Checks every rule that the properties state.</summary>
    /// <exception cref="ArgumentException">Some are broken; the message names all of them.</exception>
    public void Validate() => BrokenRule.ThrowIfAny(BackboneRules.Broken(this), nameof(BackboneConfig));

    /// <summary>Whether another config is of the same network, whatever a head's classes are called.</summary>
    internal bool IsNetworkOf(BackboneConfig other) =>
        (this with { Labels = [] }).ToJson() == (other with { Labels = [] }).ToJson();
}
