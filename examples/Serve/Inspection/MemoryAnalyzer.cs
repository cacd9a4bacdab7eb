// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory;

namespace MemoryServe;

/// <summary>Finds out what a person wants to know of a memory: who is near whom, who misleads, and where all are.
/// </summary>
internal static class MemoryAnalyzer
{
    /// <summary>Least neighbours of an entry that are looked at: what is usual for maps.</summary>
    private const int LeastNeighborCount = 15;

    /// <summary>Most of them: where more than these vote, they are searched once more and not kept.</summary>
    private const int MostNeighborCount = 64;

    /// <summary>Half of the processors stay for requests.</summary>
    private static readonly int _threadCount = Math.Max(1, Environment.ProcessorCount / 2);

    /// <inheritdoc cref="AnalysisWork"/>
    public static AnalysisResult Analyze(
        InspectedMemory memory, Action<string, double> report, CancellationToken cancellation)
    {
        BankSnapshot entries = memory.Entries;
        report("neighbours", 0);
        int voters = memory.Face.Visual?.Options.NeighborCount ?? 0;
        int neighborCount = Math.Clamp(voters, LeastNeighborCount, MostNeighborCount);
        var search = new SearchOptions { ThreadCount = _threadCount };
        EntryNeighbors neighbors = EntryNeighbors.Of(
            entries, neighborCount, search, new StageProgress(report, "neighbours", 0, 0.5), cancellation);
        EntryReliability reliability = EntryReliability.Of(neighbors);
        EntryMap principal = EntryMap.Principal(
            entries, _threadCount, new StageProgress(report, "plane", 0.5, 0.6), cancellation);
        EntryMap map = EntryMap.OfNeighbors(
            neighbors,
            new EntryMapSettings { ThreadCount = _threadCount },
            principal,
            new StageProgress(report, "map", 0.6, 0.9),
            cancellation);
        Verdicts? verdicts = memory.Face.Visual is { } visual
            ? Verdicts.Of(visual.CheckEntries(
                voters <= neighborCount ? neighbors : null, new StageProgress(report, "votes", 0.9, 1), cancellation))
            : null;
        int[] positions = [.. entries.Entries.Select(entry => entry.Position)];
        (long?[] twins, float[] distances) = Twins(neighbors, positions);
        return new AnalysisResult
        {
            Sequence = memory.Sequence,
            NeighborCount = neighborCount,
            ClassNames = memory.ClassNames,
            Ids = neighbors.Ids.ToArray(),
            Labels = Array.ConvertAll(positions, entries.LabelAt),
            Wrong = Array.ConvertAll(positions, reliability.WrongOf),
            Correct = Array.ConvertAll(positions, reliability.CorrectOf),
            Twins = twins,
            TwinDistances = distances,
            Principal = Places.Of(principal),
            VarianceShares = principal.VarianceShares.ToArray(),
            Map = Places.Of(map),
            Verdicts = verdicts,
        };
    }

    /// <summary>Finds the nearest neighbour of the same class of every entry.</summary>
    private static (long?[] Twins, float[] Distances) Twins(EntryNeighbors neighbors, int[] positions)
    {
        BankSnapshot entries = neighbors.Memory;
        var twins = new long?[neighbors.Count];
        float[] distances = new float[neighbors.Count];
        for (int row = 0; row < twins.Length; row++)
        {
            distances[row] = float.NaN;
            int own = entries.LabelAt(positions[row]);
            ReadOnlySpan<int> near = neighbors.PositionsOf(row);
            for (int rank = 0; rank < near.Length && twins[row] is null; rank++)
            {
                if (entries.LabelAt(near[rank]) != own) continue;
                twins[row] = neighbors.IdsOf(row)[rank];
                distances[row] = neighbors.DistancesOf(row)[rank];
            }
        }

        return (twins, distances);
    }
}
