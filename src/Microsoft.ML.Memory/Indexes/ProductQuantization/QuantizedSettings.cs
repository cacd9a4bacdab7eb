// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How an index of product-quantised vectors is trained and searched; saved with it.</summary>
public sealed record QuantizedSettings
{
    /// <summary>Subspaces, so bytes of a code, in [1, min(d, 256)]. Default null: max(1, d / 8), at most 256.</summary>
    public int? SubspaceCount { get; init; }

    /// <summary>
    /// Entries at which codebooks are trained, at least 1. Default 10,000. Below, vectors are kept and searches exact.
    /// </summary>
    public int TrainingCount { get; init; } = 10_000;

    /// <summary>
    /// Rounds of k-means, in [1, 1000]; it ends earlier where a round changes nothing. Default 12. Files that ask for
    /// more, which could be saved once, are read as 1000.
    /// </summary>
    public int Iterations { get; init; } = 12;

    /// <summary>
    /// True (the default) keeps the vectors beside the codes: candidates are found by codes and ranked by their
    /// vectors, and distances are exact. False keeps codes only: distances are those of the decoded vectors.
    /// </summary>
    public bool KeepVectors { get; init; } = true;

    /// <summary>
    /// Candidates for each neighbour asked for, at least 1, unless <see cref="SearchOptions.CandidateCount"/> gives
    /// their number. Default 10.
    /// </summary>
    public int CandidateFactor { get; init; } = 10;

    /// <summary>Seed of the training. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Checks all settings and says all that is wrong at once.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public void Validate()
    {
        var violations = new OptionViolations(nameof(QuantizedSettings));
        Validate(violations, "");
        violations.ThrowIfAny();
    }

    /// <summary>Collects what is wrong with the settings.</summary>
    internal void Validate(OptionViolations violations, string name)
    {
        violations.Require(
            SubspaceCount is null or (>= 1 and <= ProductQuantizer.MostSubspaces),
            name + nameof(SubspaceCount),
            $"null or in [1, {ProductQuantizer.MostSubspaces}]",
            SubspaceCount);
        violations.RequireAtLeast(TrainingCount, 1, name + nameof(TrainingCount));
        violations.Require(
            Iterations is >= 1 and <= QuantizerTrainer.MostIterations,
            name + nameof(Iterations),
            $"in [1, {QuantizerTrainer.MostIterations}]",
            Iterations);
        violations.RequireAtLeast(CandidateFactor, 1, name + nameof(CandidateFactor));
    }

    /// <summary>Gives the number of subspaces for a dimension.</summary>
    internal int SubspacesOf(int dimension)
        => SubspaceCount ?? Math.Clamp(dimension / 8, 1, ProductQuantizer.MostSubspaces);
}
