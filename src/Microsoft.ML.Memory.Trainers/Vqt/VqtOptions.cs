// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Memory;

/// <summary>Visual query tuning: learned tokens query every block; the head reads what they gather.</summary>
/// <remarks>
/// <para>Block l gets T tokens Q_l that are queries only, so the trunk's own features stay what they are. With its keys
/// and values K, V: y = Q + Wo softmax(q Kᵀ / sqrt(d_h)) V + bo for q = Wq LN1(Q), Z_l = y + MLP(LN2 y). The feature is
/// [n(f), n(vec Z_0), ..., n(vec Z_(L-1))] with f the backbone's feature and n(v) = v / max(|v|, 1e-12).</para>
/// <para>Costs 2 N D floats a block until backward: the keys and values.</para>
/// <para>Source: Tu, Mai and Chao, 2023, arXiv 2212.03220.</para>
/// <para>With <see cref="KeepFeatures"/> training has two phases of <see cref="FineTuneOptions.EpochCount"/> epochs.
/// The first minimises loss + penalty sum over features f of |W[:, f]|, W the head's weight [C, F], a group lasso; then
/// the k = floor(share F) features of the longest columns are kept, of equals the first. The second trains the head's
/// weights of those alone, from where they are, and leaves queries as they are.</para>
/// <para>Differs from the paper: queries run beside the tokens and not among them, which gives the same numbers and
/// keeps less; texts, which have no patches, draw first queries from ±sqrt(6 / 2D).</para>
/// </remarks>
public sealed record VqtOptions : FineTuneOptions
{
    private const double DefaultPenalty = 1e-4;
    private const long MostFeatures = 1 << 24; // whole numbers that single precision holds

    /// <summary>Number T of queries of each block, in [0, 65536]; 0 is a linear probe on n(f). Default 1.</summary>
    public int QueryCount { get; init; } = 1;

    /// <summary>Probability with which numbers of the queries are zeroed in training, in [0, 1). Default 0.1.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>
    /// Share of the features that the head keeps, above 0 and below 1; null, the default, keeps all. The model then
    /// holds and computes scores with C k weights of the head's C F, and training takes twice as long. Rounded to 15
    /// significant digits, so that 2.0 / 3 of 48 is 32; what rounds to 1 keeps all. The paper's code tries 0.7 and
    /// others.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] // files without it stay what they were
    public double? KeepFeatures { get; init; }

    /// <summary>
    /// Coefficient of the columns' lengths while features are chosen, finite and at least 0; null, the default, takes
    /// 1e-4, that of the paper's code. Only with <see cref="KeepFeatures"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ColumnPenalty { get; init; }

    internal override double DefaultLearningRate => 1e-2;

    internal override bool EntersBackbone => false;

    internal override MemoryMethod Keeps(BackboneConfig config) => MemoryMethod.Queries(QueryCount);

    internal override long FewestNumbers(Backbone backbone) =>
        (long)QueryCount * backbone.Config.LayerCount * backbone.Config.HiddenSize;

    internal override double SelectionPenalty => ColumnPenalty ?? DefaultPenalty;

    internal override Tuning Create(Backbone backbone, SeededRandom random) =>
        new VqtTuning(backbone, this, random, isTrained: false);

    internal override Tuning CreateTrained(Backbone backbone, SeededRandom random) =>
        new VqtTuning(backbone, this, random, isTrained: true);

    internal override void Validate(OptionViolations violations)
    {
        violations.Require(QueryCount is >= 0 and <= 65536, nameof(QueryCount), "in [0, 65536]", QueryCount);
        violations.Require(Dropout is >= 0 and < 1, nameof(Dropout), "in [0, 1)", Dropout);
        violations.Require(
            KeepFeatures is null or (> 0 and < 1), nameof(KeepFeatures), "null or above 0 and below 1", KeepFeatures);
        violations.Require(
            ColumnPenalty is null or (>= 0 and < double.PositiveInfinity), nameof(ColumnPenalty),
            "null, or finite and at least 0", ColumnPenalty);
        violations.Require(
            ColumnPenalty is null || KeepFeatures is not null, nameof(ColumnPenalty), "null without KeepFeatures",
            ColumnPenalty);
    }

    /// <summary>Number of features that the head keeps of so many.</summary>
    /// <exception cref="ArgumentException">The share leaves none, or there are more than can be numbered.</exception>
    internal long KeptOf(long featureCount)
    {
        if (KeepFeatures is not { } share) return featureCount;
        if (featureCount > MostFeatures)
        {
            throw new ArgumentException(
                $"VqtOptions.KeepFeatures must choose among at most {MostFeatures} features. Got {featureCount}.");
        }

        long kept = (long)((decimal)share * featureCount); // to 15 digits: 0.29 of 100 is 29, 2.0 / 3 of 48 is 32
        return kept > 0 ? kept : throw new ArgumentException(
            $"VqtOptions.KeepFeatures must leave one of {featureCount} features. "
            + string.Create(CultureInfo.InvariantCulture, $"Got {share}."));
    }
}
