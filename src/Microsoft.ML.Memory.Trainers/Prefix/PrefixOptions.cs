// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Prefix tuning: attention of every block sees l more keys and values, which are trained.</summary>
/// <remarks>
/// <para>K' = [P_k; K] and V' = [P_v; V], P of [l, D] split into heads as K and V are; 2 l D weights a block. Queries,
/// and so the number of tokens, stay as they are; a prefix has no positions and is never padding.</para>
/// <para>With <see cref="ReparametrizationWidth"/> the rows of all blocks are W2 tanh(W1 E + b1) + b2 in training, E
/// [l, D]; afterwards the rows alone are kept, and the model is one of rows that were trained directly.</para>
/// <para>Differs from the paper: rows are trained directly by default.</para>
/// <para>Source: Li and Liang, 2021, arXiv 2101.00190; direct form: He et al., 2022, arXiv 2110.04366.</para>
/// </remarks>
public sealed record PrefixOptions : FineTuneOptions
{
    /// <summary>
    /// Number l of keys and values for each block, in [0, 65536]; 0 leaves the backbone as it is. Default 16.
    /// </summary>
    public int Length { get; init; } = 16;

    /// <summary>Standard deviation of the first values, finite and above 0. Default 0.02.</summary>
    public double InitDeviation { get; init; } = 0.02;

    /// <summary>
    /// Width m of a network that makes the rows in training and is thrown away afterwards, in [1, 65536]; null, the
    /// default, trains the rows themselves. The paper takes 512 or 800. Null in the options of a fitted model.
    /// </summary>
    public int? ReparametrizationWidth { get; init; }

    internal override double DefaultLearningRate => 5e-3;

    internal override FineTuneOptions Fitted => this with { ReparametrizationWidth = null };

    internal override MemoryMethod Keeps(BackboneConfig config) => MemoryMethod.Prefixes(Length);

    internal override long FewestNumbers(Backbone backbone) =>
        2L * Length * backbone.Config.LayerCount * backbone.Config.HiddenSize;

    internal override Tuning Create(Backbone backbone, SeededRandom random) => new PrefixTuning(backbone, this, random);

    internal override void Validate(OptionViolations violations)
    {
        violations.Require(Length is >= 0 and <= 65536, nameof(Length), "in [0, 65536]", Length);
        violations.Require(
            ReparametrizationWidth is null or (>= 1 and <= 65536), nameof(ReparametrizationWidth),
            "null or in [1, 65536]", ReparametrizationWidth);
        violations.RequirePositive(InitDeviation, nameof(InitDeviation));
    }
}
