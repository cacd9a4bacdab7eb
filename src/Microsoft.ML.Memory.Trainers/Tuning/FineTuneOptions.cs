// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Serialization;

namespace Microsoft.ML.Memory;

/// <summary>Settings that all ways of fine-tuning share; each method adds its own.</summary>
/// <remarks>
/// <para>The learning rate warms up linearly and then follows half a cosine down to 0; the optimizer is AdamW with
/// betas 0.9 and 0.999; biases, norms, gates and token tables are not decayed.</para>
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "method")]
[JsonDerivedType(typeof(LoraOptions), "lora")]
[JsonDerivedType(typeof(BitFitOptions), "bitfit")]
[JsonDerivedType(typeof(FullFineTuneOptions), "full")]
[JsonDerivedType(typeof(AdapterOptions), "adapter")]
[JsonDerivedType(typeof(PrefixOptions), "prefix")]
[JsonDerivedType(typeof(VptOptions), "vpt")]
[JsonDerivedType(typeof(LinearProbeOptions), "linear-probe")]
[JsonDerivedType(typeof(VqtOptions), "vqt")]
[JsonDerivedType(typeof(LstOptions), "lst")]
[JsonDerivedType(typeof(UniPtOptions), "unipt")]
[JsonDerivedType(typeof(SherlOptions), "sherl")]
[JsonDerivedType(typeof(R2Options), "r2")]
[JsonDerivedType(typeof(S2aOptions), "s2a")]
public abstract record FineTuneOptions
{
    /// <summary>Name of the label column, a key. Default <c>Label</c>.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>
    /// Name of the column that the backbone reads: for texts a text, for images a vector of Single, by default
    /// [channels, height, width], planar, of the backbone's size and normalised as it was pretrained. Default
    /// <c>Features</c>.
    /// </summary>
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>
    /// What an image column holds, such as <see cref="ImagePresets.Vit"/>; null, the default, says that it is as the
    /// backbone reads it.
    /// </summary>
    public ImageInputOptions? Image { get; init; }

    /// <summary>How a text column is read; null, the default, takes the defaults of <see cref="TextInputOptions"/>.
    /// </summary>
    public TextInputOptions? Text { get; init; }

    /// <summary>
    /// Number N of feature tokens, at least 1: the column then holds [N, D] numbers that enter the first block as they
    /// are, the class token first, D being the backbone's width. Null, the default, is a column of images or texts.
    /// </summary>
    public int? FeatureTokenCount { get; init; }

    /// <summary>
    /// Name of a column to add with the feature vector that the head reads, so that a memory can be built on it; null,
    /// the default, adds none.
    /// </summary>
    public string? OutputFeatureColumnName { get; init; }

    /// <summary>Passes over the training rows, at least 1. Default 20.</summary>
    public int EpochCount { get; init; } = 20;

    /// <summary>Rows of a step, at least 1. Default 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Learning rate after the warm-up, above 0; null, the default, takes the method's own.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Decoupled weight decay, at least 0. Default 0.01.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Share of all steps in which the learning rate rises, in [0, 1). Default 0.1.</summary>
    public double WarmUp { get; init; } = 0.1;

    /// <summary>Share of the rows that is held out to choose the best epoch, in [0, 0.9]. Default 0: the last epoch
    /// is kept.</summary>
    public double ValidationFraction { get; init; }

    /// <summary>Epochs without a better one after which training stops, at least 1; null, the default, never. Only
    /// with <see cref="ValidationFraction"/>.</summary>
    public int? Patience { get; init; }

    /// <summary>
    /// What is kept of a forward pass until backward. Default all, and 4 bits for <see cref="S2aOptions"/>. Only for
    /// methods whose gradients pass through the backbone; the others keep little anyway.
    /// </summary>
    public ActivationSaving SavedActivations { get; init; }

    /// <summary>
    /// Bits of an activation's derivative where <see cref="SavedActivations"/> keeps codes, 1 to 4. Default 4.
    /// </summary>
    public int ActivationBits { get; init; } = 4;

    /// <summary>
    /// Whether what the method reads of the backbone is computed once and kept in a temporary file, so that only the
    /// first epoch runs the backbone; the result is the same but for rounding. Default false. Only for methods whose
    /// trained tensors are outside the backbone.
    /// </summary>
    public bool CacheFeatures { get; init; }

    /// <summary>
    /// Path of a file in which that cache stays, so that trainings with other settings share it: where it is there
    /// already, of the same method, backbone, rows and layers, the backbone runs for one example alone. Null, the
    /// default, keeps none. Only with <see cref="CacheFeatures"/>.
    /// </summary>
    [JsonIgnore]
    public string? CachePath { get; init; }

    /// <summary>
    /// How the cache holds numbers. Default single precision; half takes half the disk, rounds to about three decimal
    /// digits and refuses numbers above 65504. Only with <see cref="CacheFeatures"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] // files without it stay what they were
    public FeatureCachePrecision CachePrecision { get; init; }

    /// <summary>
    /// In what precision the blocks of the frozen backbone compute, in training and afterwards. Default single. With
    /// bfloat16 their weights and activations are rounded; trained tensors, their moments, the head and the loss stay
    /// in single precision. Not with activations that are saved in bits.
    /// </summary>
    public TrunkPrecision TrunkPrecision { get; init; }

    /// <summary>Seed of first values, order and dropout. Default 42.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>
    /// Path of a file in which the state of training is kept after every epoch. Where it exists already, training goes
    /// on from it, with the same result as if it had not been stopped. Null, the default, keeps none.
    /// </summary>
    [JsonIgnore]
    public string? CheckpointPath { get; init; }

    /// <summary>Stops training between two steps. Default never.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; init; }

    /// <summary>
    /// Whether the model file holds the backbone too. Default false: it holds a reference and a hash, and the
    /// backbone's folder must be there when it is loaded. A backbone that has no folder is always embedded.
    /// </summary>
    public bool EmbedBackbone { get; init; }

    /// <summary>Learning rate where none is asked for.</summary>
    internal abstract double DefaultLearningRate { get; }

    /// <summary>Whether what is trained sits inside the backbone; else the method reads what the frozen one computes.
    /// </summary>
    internal virtual bool EntersBackbone => true;

    /// <summary>Makes the method's tensors for a backbone, with their first values.</summary>
    internal abstract Tuning Create(Backbone backbone, SeededRandom random);

    /// <summary>Makes the method as it is trained, where that is not as it is afterwards.</summary>
    internal virtual Tuning CreateTrained(Backbone backbone, SeededRandom random) => Create(backbone, random);

    /// <summary>Coefficient of the lengths of the head's columns while features are chosen.</summary>
    internal virtual double SelectionPenalty => 0;

    /// <summary>The same settings without what is there for training alone.</summary>
    internal virtual FineTuneOptions Fitted => this;

    /// <summary>What the method keeps of a forward pass where everything is kept.</summary>
    internal abstract MemoryMethod Keeps(BackboneConfig config);

    /// <summary>Numbers that the method's own tensors have at least, where a setting says how many: a file of fewer is
    /// not worth making them for.</summary>
    internal virtual long FewestNumbers(Backbone backbone) => 0;

    /// <summary>A method that acts on the last blocks only; null for all.</summary>
    private protected static MemoryMethod Last(MemoryMethod method, int? blocks) =>
        blocks is { } some ? method with { Blocks = count => Math.Min(some, count) } : method;

    /// <summary>Checks all settings; the message names all that are out of range.</summary>
    internal void Validate()
    {
        var violations = new OptionViolations(GetType().Name);
        violations.RequireName(LabelColumnName, nameof(LabelColumnName));
        violations.RequireName(FeatureColumnName, nameof(FeatureColumnName));
        violations.RequireNullOrName(OutputFeatureColumnName, nameof(OutputFeatureColumnName));
        violations.Require(
            OutputFeatureColumnName is not (ClassifierColumns.PredictedLabel or ClassifierColumns.Score),
            nameof(OutputFeatureColumnName), "another name than those of the prediction", OutputFeatureColumnName);
        violations.Require(
            FeatureTokenCount is null or >= 1, nameof(FeatureTokenCount), "null or at least 1", FeatureTokenCount);
        violations.Require(
            FeatureTokenCount is null || (Image is null && Text is null), nameof(FeatureTokenCount),
            "null with Image or Text", FeatureTokenCount);
        Image?.Validate(violations);
        Text?.Validate(violations);
        violations.RequireAtLeast(EpochCount, 1, nameof(EpochCount));
        violations.RequireAtLeast(BatchSize, 1, nameof(BatchSize));
        violations.Require(
            LearningRate is null or (> 0 and < double.PositiveInfinity), nameof(LearningRate), "null or above 0",
            LearningRate);
        violations.RequireAtLeast(WeightDecay, 0, nameof(WeightDecay));
        violations.Require(WarmUp is >= 0 and < 1, nameof(WarmUp), "in [0, 1)", WarmUp);
        violations.Require(
            ValidationFraction is >= 0 and <= 0.9, nameof(ValidationFraction), "in [0, 0.9]", ValidationFraction);
        violations.Require(Patience is null or >= 1, nameof(Patience), "null or at least 1", Patience);
        violations.Require(
            Patience is null || ValidationFraction > 0, nameof(Patience), "null without ValidationFraction", Patience);
        violations.RequireNullOrName(CheckpointPath, nameof(CheckpointPath));
        violations.Require(
            Enum.IsDefined(SavedActivations), nameof(SavedActivations), "a known way of saving", SavedActivations);
        violations.Require(ActivationBits is >= 1 and <= 4, nameof(ActivationBits), "from 1 to 4", ActivationBits);
        violations.Require(
            EntersBackbone || SavedActivations == ActivationSaving.All, nameof(SavedActivations),
            "All for a method that only reads the backbone", SavedActivations);
        violations.Require(
            !(CacheFeatures && EntersBackbone), nameof(CacheFeatures),
            "false for a method whose gradients enter the backbone", CacheFeatures);
        violations.RequireNullOrName(CachePath, nameof(CachePath));
        violations.Require(
            CachePath is null || CacheFeatures, nameof(CachePath), "null without CacheFeatures", CachePath);
        violations.Require(
            CachePath is null || CachePath != CheckpointPath, nameof(CachePath), "another file than CheckpointPath",
            CachePath);
        violations.Require(
            Enum.IsDefined(CachePrecision), nameof(CachePrecision), "a known precision", CachePrecision);
        violations.Require(
            CachePrecision == FeatureCachePrecision.Single || CacheFeatures, nameof(CachePrecision),
            "Single without CacheFeatures", CachePrecision);
        violations.Require(
            Enum.IsDefined(TrunkPrecision), nameof(TrunkPrecision), "a known precision", TrunkPrecision);
        violations.Require(
            TrunkPrecision == TrunkPrecision.Single
                || SavedActivations is ActivationSaving.All or ActivationSaving.Checkpoints,
            nameof(TrunkPrecision), "Single with SavedActivations in bits", TrunkPrecision);
        Validate(violations);
        violations.ThrowIfAny();
    }

    /// <summary>Checks the method's own settings.</summary>
    internal abstract void Validate(OptionViolations violations);
}
