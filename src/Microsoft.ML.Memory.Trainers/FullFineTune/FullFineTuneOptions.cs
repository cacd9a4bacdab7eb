// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Trains every weight that the backbone's feature depends on: the reference for all other methods.</summary>
/// <remarks>
/// <para>Takes the most memory: everything autograd can keep, and 16 bytes for each weight with the moments of Adam.
/// Weight decay applies to the matrices, not to biases, norms, layer scales and tables of tokens and positions.</para>
/// <para>A learning rate of a tenth of the other methods' or less is usual, such as 1e-4.</para>
/// </remarks>
public sealed record FullFineTuneOptions : FineTuneOptions
{
    /// <inheritdoc cref="BitFitOptions.TuneLastBlocks"/>
    public int? TuneLastBlocks { get; init; }

    internal override double DefaultLearningRate => 1e-4;

    internal override Tuning Create(Backbone backbone, SeededRandom random) => new FullFineTuning(backbone, this);

    internal override void Validate(OptionViolations violations) =>
        violations.Require(
            TuneLastBlocks is null or >= 1, nameof(TuneLastBlocks), "null or at least 1", TuneLastBlocks);
}
