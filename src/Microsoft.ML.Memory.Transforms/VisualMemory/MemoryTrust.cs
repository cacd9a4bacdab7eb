// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What a memory has learnt about itself: reliable entries, temperature, scores of known queries.</summary>
/// <param name="Pruning">Which entries vote; null where nothing is pruned.</param>
/// <param name="Temperature">Map of the vote shares; null where they are the scores.</param>
/// <param name="Known">Scores of known queries; null where nothing is rejected.</param>
/// <param name="Medians">Median distance of the k-th neighbour a class, where the score wants it; else empty.</param>
internal sealed record MemoryTrust(
    EntryPruning? Pruning, PowerTemperature? Temperature, KnownScores? Known, float[] Medians)
{
    /// <summary>Fits everything that the options ask for, by leaving out one entry after the other.</summary>
    public static MemoryTrust Fit(
        VisualMemoryOptions options, BankSnapshot memory, ClassLevels levels, HeldOutFit heldOut)
    {
        EntryPruning? pruning = Prune(options.Pruning, memory, levels);
        bool isCalibrated = options.Calibration == CalibrationKind.PowerTemperature && heldOut.Temperature is null;
        bool isScored = options.Rejection is { } rejection
            && (heldOut.Known is null || rejection.Score == UnknownScoreKind.ClassNormalizedDistance);
        if (!isCalibrated && !isScored)
            return new MemoryTrust(pruning, TemperatureOf(options, heldOut, null), KnownOf(options, heldOut, null), []);

        var pass = new TrustPass(options, levels.Voted.Count);
        var vote = new NeighborVote(options, memory, levels, pruning);
        LeaveOneOut.Each(memory, options.NeighborCount, null, (entry, positions, distances) =>
        {
            if (vote.Count(positions, distances) is { } winner)
                pass.Add(levels.VotedOf(entry.Label), winner, vote.Shares, distances);
        });
        float[] medians = pass.Medians();
        return new MemoryTrust(
            pruning,
            TemperatureOf(options, heldOut, pass),
            KnownOf(options, heldOut, pass),
            medians);
    }

    private static EntryPruning? Prune(PruningOptions options, BankSnapshot memory, ClassLevels levels)
        => options.Kind == PruningKind.None
            ? null
            : new EntryPruning(
                memory,
                EntryReliability.OfAncestors(memory, options.CountedNeighbors, levels.Ancestors, null),
                options);

    private static PowerTemperature? TemperatureOf(VisualMemoryOptions options, HeldOutFit heldOut, TrustPass? pass)
        => options.Calibration == CalibrationKind.PowerTemperature
            ? heldOut.Temperature ?? pass!.Temperature()
            : null;

    private static KnownScores? KnownOf(VisualMemoryOptions options, HeldOutFit heldOut, TrustPass? pass)
        => options.Rejection is null ? null : heldOut.Known ?? pass!.Known();
}
