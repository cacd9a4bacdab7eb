// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How the entries of a memory will be searched, and why.</summary>
/// <param name="Strategy">Exact or Graph.</param>
/// <param name="Reason">One sentence for the log.</param>
public sealed record SearchPlan(SearchStrategy Strategy, string Reason)
{
    /// <summary>
    /// Values stored, entries times dimension, up to which <see cref="SearchStrategy.Auto"/> stays exact: 2^27, a
    /// million vectors of 128 values. One query then reads 128 MiB of codes, a few milliseconds' worth.
    /// </summary>
    public const long LargestExactValues = 1L << 27;

    private const int LinkBytesOfEntry = 256; // links, what is known of the entry, room to grow

    /// <summary>Chooses how to search.</summary>
    /// <param name="asked">What the user wants.</param>
    /// <param name="count">Number of entries, at least 0.</param>
    /// <param name="dimension">Length of a vector, at least 1.</param>
    /// <param name="memoryBudget">
    /// Bytes that the search may take beside the vectors themselves; null means half of what the process has left.
    /// </param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    /// <remarks>
    /// Auto is exact up to <see cref="LargestExactValues"/> stored values, and beyond where a graph would not fit the
    /// budget, which is compared with what a graph of default settings takes. With a budget the choice follows from the
    /// arguments alone.
    /// </remarks>
    public static SearchPlan Choose(SearchStrategy asked, long count, int dimension, long? memoryBudget = null)
    {
        if (!Enum.IsDefined(asked))
            throw new ArgumentException($"asked must be a strategy. Got {asked}.", nameof(asked));
        if (count < 0) throw new ArgumentException($"count must be at least 0. Got {count}.", nameof(count));
        Check.AtLeast(dimension, 1, "SearchPlan.Choose's dimension", nameof(dimension));
        if (memoryBudget < 0)
            throw new ArgumentException(
                $"memoryBudget must be null or at least 0. Got {memoryBudget}.", nameof(memoryBudget));
        if (asked != SearchStrategy.Auto) return new SearchPlan(asked, $"{asked} search: asked for.");

        string size = FormattableString.Invariant($"{count} entries of {dimension} values");
        if (IsFew(count, dimension))
            return Exact($"{size} are at most {LargestExactValues} values in all, few enough to compare with all.");
        double needed = Math.Ceiling(GraphBytes(count, dimension) / (1 << 20));
        double budget = Math.Floor((memoryBudget ?? BytesLeft() / 2) / (double)(1 << 20));
        return needed > budget
            ? Exact($"a graph of {size} would take {needed} MiB, and {budget} MiB may be used.")
            : new SearchPlan(
                SearchStrategy.Graph,
                $"Graph search: {size} are more than {LargestExactValues} values in all; it takes {needed} MiB.");
    }

    /// <summary>Says whether Auto compares with all, whatever memory there is.</summary>
    internal static bool IsFew(long count, int dimension) => (double)count * dimension <= LargestExactValues;

    private static SearchPlan Exact(string reason) => new(SearchStrategy.Exact, $"Exact search: {reason}");

    /// <summary>Gives the bytes of a graph beside the vectors: a byte a value, and links.</summary>
    private static double GraphBytes(long count, int dimension) => (double)count * (dimension + LinkBytesOfEntry);

    private static long BytesLeft()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes);
    }
}
