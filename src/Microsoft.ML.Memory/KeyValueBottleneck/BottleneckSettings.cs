// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Settings of a discrete key-value bottleneck; <c>new BottleneckSettings()</c> is valid.</summary>
/// <remarks>
/// Source: Träuble et al., ICML 2023, arXiv 2207.11240, and the authors' code; where a default is ours it is said.
/// </remarks>
public record BottleneckSettings
{
    /// <summary>Number of heads, at least 1. Default 256.</summary>
    public int HeadCount { get; init; } = 256;

    /// <summary>Pairs of a key and values in each head, at least 1. Default 256 (ours; the paper's 4,096 want more
    /// data).
    /// </summary>
    public int PairCount { get; init; } = 256;

    /// <summary>
    /// Length k of a head's input and keys, at least 1; with chunks it follows from the features. Default 14.
    /// </summary>
    public int KeyDimension { get; init; } = 14;

    /// <summary>How rows are cut into the inputs of the heads. Default by random projections.</summary>
    public HeadSplit Split { get; init; } = HeadSplit.RandomProjection;

    /// <summary>
    /// Whether rows are scaled to length 1 first, in training and prediction alike. Default true (ours).
    /// </summary>
    public bool NormalizeFeatures { get; init; } = true;

    /// <summary>What the moving averages behind the keys start from. Default clean (ours).</summary>
    public KeyStart KeyStart { get; init; } = KeyStart.Clean;

    /// <summary>Decay of the moving averages that keys are learned by, in (0, 1). Default 0.95.</summary>
    public double KeyDecay { get; init; } = 0.95;

    /// <summary>What the counts behind the keys are smoothed by, above 0. Default 1e-5.</summary>
    public double KeyEpsilon { get; init; } = 1e-5;

    /// <summary>
    /// A key moves to a random row when its average count falls below this part of an even share, at least 0. Default
    /// 0.1.
    /// </summary>
    public double DeadKeyFactor { get; init; } = 0.1;

    /// <summary>Passes over the unlabelled rows that keys are learned from, at least 0. Default 10.</summary>
    public int KeyEpochs { get; init; } = 10;

    /// <summary>Pairs that a head fetches, whose values are summed, in [1, pairs]. Default 1.</summary>
    public int FetchCount { get; init; } = 1;

    /// <summary>What values start as. Default zeros.</summary>
    public ValueStart ValueStart { get; init; } = ValueStart.Zeros;

    /// <summary>Learning rate of the values, above 0. Default 4 (ours; the authors' 0.3 is not scaled by the heads).
    /// </summary>
    public double LearningRate { get; init; } = 4;

    /// <summary>What the learning rate is multiplied by. Default the number of heads (ours).</summary>
    public LearningRateScale LearningRateScale { get; init; } = LearningRateScale.PerHead;

    /// <summary>Part of each target that is spread over all classes, in [0, 1). Default 0.1.</summary>
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>Largest norm of a batch's gradient, above 0; null means none. Default 1.</summary>
    public double? GradientClip { get; init; } = 1.0;

    /// <summary>
    /// Passes over the labelled rows of a training, at least 1, or 0 where values start as class log-odds. Default 20
    /// (ours; the authors' 2,000 go with their unscaled learning rate).
    /// </summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Rows of a batch, at least 1. Default 256.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Whether every pass takes the rows in another order. Default true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Whether pairs that training never fetched are passed over in prediction. Default true.</summary>
    public bool MaskUnusedPairs { get; init; } = true;

    /// <summary>Seed of projections, keys and orders. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Collects what is wrong with the settings.</summary>
    internal void Validate(OptionViolations violations)
    {
        violations.RequireAtLeast(HeadCount, 1, nameof(HeadCount));
        violations.RequireAtLeast(PairCount, 1, nameof(PairCount));
        violations.RequireAtLeast(KeyDimension, 1, nameof(KeyDimension));
        violations.Require(Enum.IsDefined(Split), nameof(Split), "a way to split", Split);
        violations.Require(Enum.IsDefined(KeyStart), nameof(KeyStart), "a start of keys", KeyStart);
        violations.Require(KeyDecay is > 0 and < 1, nameof(KeyDecay), "above 0 and below 1", KeyDecay);
        violations.RequirePositive(KeyEpsilon, nameof(KeyEpsilon));
        violations.RequireAtLeast(DeadKeyFactor, 0.0, nameof(DeadKeyFactor));
        violations.RequireAtLeast(KeyEpochs, 0, nameof(KeyEpochs));
        violations.Require(
            FetchCount >= 1 && FetchCount <= PairCount, nameof(FetchCount), $"in [1, {PairCount}]", FetchCount);
        violations.Require(Enum.IsDefined(ValueStart), nameof(ValueStart), "a start of values", ValueStart);
        violations.RequirePositive(LearningRate, nameof(LearningRate));
        violations.Require(
            Enum.IsDefined(LearningRateScale), nameof(LearningRateScale), "a scale", LearningRateScale);
        violations.Require(
            LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), "at least 0 and below 1", LabelSmoothing);
        violations.Require(
            GradientClip is null || (GradientClip > 0 && double.IsFinite(GradientClip.Value)),
            nameof(GradientClip), "null, or finite and above 0", GradientClip);
        violations.RequireAtLeast(Epochs, ValueStart == ValueStart.Zeros ? 1 : 0, nameof(Epochs));
        violations.RequireAtLeast(BatchSize, 1, nameof(BatchSize));
    }

    /// <summary>Gives the length of a head's input for rows of so many features.</summary>
    /// <exception cref="ArgumentException">The features cannot be cut into as many pieces.</exception>
    internal int KeyDimensionFor(int dimension)
    {
        if (Split == HeadSplit.RandomProjection) return KeyDimension;
        return dimension % HeadCount == 0
            ? dimension / HeadCount
            : throw new ArgumentException(
                $"{GetType().Name}.HeadCount must divide the number of features, {dimension}, where rows are split "
                + $"into chunks. Got {HeadCount}.");
    }
}
