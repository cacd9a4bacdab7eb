// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Visual prompt tuning: p trained tokens between the class token and the patches.</summary>
/// <remarks>
/// <para>Deep: every block has prompts of its own, which replace what the block before made of its; L p D weights.
/// Shallow: prompts enter the first block and stay; p D weights. Prompts have no positions and are left out of every
/// pooling. Of texts they stand after [CLS].</para>
/// <para>First values are even in ±v, v = sqrt(6 / (3 patch² + D)); for texts, which have no patches, v = sqrt(3 / D).
/// The longer sequence takes more memory than <see cref="BitFitOptions"/> does.</para>
/// <para>Source: Jia et al., 2022, arXiv 2203.12119.</para>
/// </remarks>
public sealed record VptOptions : FineTuneOptions
{
    /// <summary>Number p of prompts of a block, in [0, 65536]; 0 leaves the backbone as it is. Default 10.</summary>
    public int PromptCount { get; init; } = 10;

    /// <summary>Whether every block has prompts of its own. Default true.</summary>
    public bool Deep { get; init; } = true;

    /// <summary>Probability with which training zeroes values of prompts, in [0, 1). Default 0.</summary>
    public double Dropout { get; init; }

    internal override double DefaultLearningRate => 5e-3;

    internal override MemoryMethod Keeps(BackboneConfig config) => MemoryMethod.DeepPrompts(PromptCount);

    internal override long FewestNumbers(Backbone backbone) =>
        (long)PromptCount * (Deep ? backbone.Config.LayerCount : 1) * backbone.Config.HiddenSize;

    internal override Tuning Create(Backbone backbone, SeededRandom random) => new VptTuning(backbone, this, random);

    internal override void Validate(OptionViolations violations)
    {
        violations.Require(PromptCount is >= 0 and <= 65536, nameof(PromptCount), "in [0, 65536]", PromptCount);
        violations.Require(Dropout is >= 0 and < 1, nameof(Dropout), "in [0, 1)", Dropout);
    }
}
