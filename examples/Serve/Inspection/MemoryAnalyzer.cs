// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory;

namespace MemoryServe;

/// <summary>Finds out what a person wants to know of a memory: who is near whom, who misleads, and where all are.
/// </summary>
internal static class MemoryAnalyzer
{
    /// <summary>Neighbours of an entry that maps and counts are made of: what is usual for maps.</summary>
    private const int NeighborCount = 15;

    /// <summary>Most neighbours of an entry that are kept for the votes, 16 bytes each; more are searched once more.
    /// </summary>
    private const int MostKept = 100;

    /// <summary>Half of the processors stay for requests.</summary>
    private static readonly int _threadCount = Math.Max(1, Environment.ProcessorCount / 2);

    /// <inheritdoc cref="AnalysisWork"/>
    public static AnalysisResult Analyze(
        InspectedMemory memory, Action<string, double> report, CancellationToken cancellation)
    {
        BankSnapshot entries = memory.Entries;
        int voters = memory.Face.Visual?.Options.NeighborCount ?? 0;
        report("neighbours", 0);
        EntryNeighbors found = EntryNeighbors.Of(
            entries,
            voters <= MostKept ? Math.Max(NeighborCount, voters) : NeighborCount,
            new SearchOptions { ThreadCount = _threadCount },
            new StageProgress(report, "neighbours", 0, 0.4),
            cancellation);
        EntryNeighbors neighbors = found.First(NeighborCount);
        EntryReliability reliability = EntryReliability.Of(neighbors);
        EntryMap principal = EntryMap.Principal(
            entries, _threadCount, new StageProgress(report, "plane", 0.4, 0.45), cancellation);
        EntryMap map = EntryMap.OfNeighbors(
            neighbors,
            new EntryMapSettings { ThreadCount = _threadCount },
            principal,
            new StageProgress(report, "map", 0.45, 0.7),
            cancellation);
        Verdicts? verdicts = Vote(memory, found, new StageProgress(report, "votes", 0.7, 1), cancellation);
        int[] positions = [.. entries.Entries.Select(entry => entry.Position)];
        (long?[] twins, float[] distances) = Twins(neighbors, positions);
        return new AnalysisResult
        {
            Sequence = memory.Sequence,
            NeighborCount = NeighborCount,
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

    /// <summary>Predicts every entry by the others; null where the memory is not a visual one.</summary>
    private static Verdicts? Vote(
        InspectedMemory memory, EntryNeighbors found, IProgress<double> progress, CancellationToken cancellation)
    {
        if (memory.Face.Visual is not { } visual) return null;
        EntryNeighbors? known = visual.Options.NeighborCount <= found.NeighborCount ? found : null;
        return Verdicts.Of(visual.CheckEntries(known, progress, cancellation));
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
