// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Visual query tuning: learned tokens query every block; the head reads what they gather.</summary>
/// <remarks>
/// <para>Block l gets T tokens Q_l that are queries only, so the trunk's own features stay what they are. With its keys
/// and values K, V: y = Q + Wo softmax(q Kᵀ / sqrt(d_h)) V + bo for q = Wq LN1(Q), Z_l = y + MLP(LN2 y). The feature is
/// [n(f), n(vec Z_0), ..., n(vec Z_(L-1))] with f the backbone's feature and n(v) = v / max(|v|, 1e-12).</para>
/// <para>Costs 2 N D floats a block until backward: the keys and values.</para>
/// <para>Source: Tu, Mai and Chao, 2023, arXiv 2212.03220.</para>
/// <para>Differs from the paper: queries run beside the tokens and not among them, which gives the same numbers and
/// keeps less; texts, which have no patches, draw first queries from ±sqrt(6 / 2D).</para>
/// </remarks>
public sealed record VqtOptions : FineTuneOptions
{
    /// <summary>Number T of queries of each block, at least 0; 0 is a linear probe on n(f). Default 1.</summary>
    public int QueryCount { get; init; } = 1;

    /// <summary>Probability with which numbers of the queries are zeroed in training, in [0, 1). Default 0.1.</summary>
    public double Dropout { get; init; } = 0.1;

    internal override double DefaultLearningRate => 1e-2;

    internal override bool EntersBackbone => false;

    internal override MemoryMethod Keeps(BackboneConfig config) => MemoryMethod.Queries(QueryCount);

    internal override Tuning Create(Backbone backbone, SeededRandom random) => new VqtTuning(backbone, this, random);

    internal override void Validate(OptionViolations violations)
    {
        violations.RequireAtLeast(QueryCount, 0, nameof(QueryCount));
        violations.Require(Dropout is >= 0 and < 1, nameof(Dropout), "in [0, 1)", Dropout);
    }
}
