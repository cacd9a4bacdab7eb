// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>All that an adaptive memory knows at one moment, to look at, to save or to go on from.</summary>
/// <remarks>Immutable, so safe for concurrent use.</remarks>
public sealed class AdaptiveState
{
    internal AdaptiveState(
        BankSnapshot memory, int classCount, IReadOnlyList<EntryNote> notes, long[] asked, long nextId, ulong[] random)
    {
        Memory = memory;
        ClassCount = classCount;
        Notes = notes;
        Asked = asked;
        NextId = nextId;
        Random = random;
    }

    /// <summary>The entries: source, adapted and feedback.</summary>
    public BankSnapshot Memory { get; }

    /// <summary>Number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>What is known of the entries that are not source entries, in the order of the entries.</summary>
    public IReadOnlyList<EntryNote> Notes { get; }

    /// <summary>How many entries of each class ever asked to enter; a corrected one, of its true class.</summary>
    internal long[] Asked { get; }

    /// <summary>Lowest id that has never been given.</summary>
    internal long NextId { get; }

    /// <summary>State of the random stream.</summary>
    internal ulong[] Random { get; }

    /// <summary>What rows are matched to; null where statistics are not matched, or not yet measured.</summary>
    internal FeatureStatistics? SourceStatistics { get; init; }

    /// <summary>[m, d] the last finite rows, oldest first, where statistics are matched.</summary>
    internal float[] RecentRows { get; init; } = [];

    /// <summary>Starts from labelled entries alone.</summary>
    /// <param name="memory">The entries, by cosine.</param>
    /// <param name="classCount">Number of classes, above every label.</param>
    /// <param name="seed">Seed of the policies that draw.</param>
    /// <exception cref="ArgumentException">The metric is not cosine, or a label is too large.</exception>
    internal static AdaptiveState Start(BankSnapshot memory, int classCount, long seed)
    {
        if (memory.Metric != Metric.Cosine)
            throw new ArgumentException($"memory must have the cosine metric. Got {memory.Metric}.", nameof(memory));
        var counts = new double[Check.AtLeast(classCount, 1, "AdaptiveMemory's classCount")];
        memory.CountClasses(counts);
        EntryNote[] notes =
        [
            .. memory.Entries.Where(
                entry => entry.Origin != EntryOrigin.Source).Select(entry => new EntryNote(entry.Id)),
        ];
        return new AdaptiveState(
            memory,
            classCount,
            notes,
            Array.ConvertAll(counts, count => (long)count),
            memory.NextId,
            [.. new SeededRandom(seed).State]);
    }

    /// <summary>Gives the state with the statistics of the source entries of a memory.</summary>
    internal AdaptiveState WithStatisticsOf(BankSnapshot memory) =>
        new(Memory, ClassCount, Notes, Asked, NextId, Random)
        {
            SourceStatistics = FeatureStatistics.OfSource(memory),
            RecentRows = RecentRows,
        };
}
