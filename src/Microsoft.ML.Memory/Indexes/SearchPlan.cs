// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How the entries of a memory will be searched, and why.</summary>
/// <param name="Strategy">Exact, Graph or Quantized.</param>
/// <param name="Reason">One sentence for the log.</param>
public sealed record SearchPlan(SearchStrategy Strategy, string Reason)
{
    /// <summary>
    /// Values stored, entries times dimension, up to which <see cref="SearchStrategy.Auto"/> stays exact: 2^27, a
    /// million vectors of 128 values. One query then reads 128 MiB of codes, a few milliseconds' worth.
    /// </summary>
    public const long LargestExactValues = 1L << 27;

    private const int NodeBytesOfEntry = 128; // what is known of the entry, links of upper layers, room to grow

    /// <summary>Chooses how to search by a strategy and a budget, the other settings as they are by default.</summary>
    /// <param name="asked">What the user wants.</param>
    /// <param name="count">Number of entries, at least 0.</param>
    /// <param name="dimension">Length of a vector, at least 1.</param>
    /// <param name="memoryBudget">
    /// Bytes that the search may take beside the vectors themselves; null means half of what the process has left.
    /// </param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    /// <remarks>As of the other overload.</remarks>
    public static SearchPlan Choose(SearchStrategy asked, long count, int dimension, long? memoryBudget = null)
    {
        if (!Enum.IsDefined(asked))
            throw new ArgumentException($"asked must be a strategy. Got {asked}.", nameof(asked));
        if (memoryBudget < 0)
            throw new ArgumentException(
                $"memoryBudget must be null or at least 0. Got {memoryBudget}.", nameof(memoryBudget));
        return Choose(new IndexOptions { Strategy = asked, MemoryBudget = memoryBudget }, count, dimension);
    }

    /// <summary>Chooses how to search.</summary>
    /// <param name="options">What the user wants.</param>
    /// <param name="count">Number of entries, at least 0.</param>
    /// <param name="dimension">Length of a vector, at least 1.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    /// <remarks>
    /// Auto is exact up to <see cref="LargestExactValues"/> stored values, and beyond where a graph of the settings
    /// asked for would not fit the budget; it never takes codes, which lose neighbours. Quantized is exact below
    /// <see cref="QuantizedSettings.TrainingCount"/> entries. With a budget the choice follows from the arguments
    /// alone. A memory that is to have a graph by Auto then measures it, and stays exact where it finds too little: see
    /// <see cref="IndexOptions.TargetRecall"/>.
    /// </remarks>
    public static SearchPlan Choose(IndexOptions options, long count, int dimension)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (count < 0) throw new ArgumentException($"count must be at least 0. Got {count}.", nameof(count));
        Check.AtLeast(dimension, 1, "SearchPlan.Choose's dimension", nameof(dimension));

        return options.Strategy switch
        {
            SearchStrategy.Auto => ChooseAuto(options, count, dimension),
            SearchStrategy.Quantized => ChooseQuantized(options.QuantizationFor(dimension), count, dimension),
            _ => new SearchPlan(options.Strategy, $"{options.Strategy} search: asked for."),
        };
    }

    /// <summary>Says whether Auto compares with all, whatever memory there is.</summary>
    internal static bool IsFew(IndexOptions options, long count, int dimension)
        => (double)count * dimension <= options.LargestExactValues;

    private static SearchPlan ChooseAuto(IndexOptions options, long count, int dimension)
    {
        string size = FormattableString.Invariant($"{count} entries of {dimension} values");
        long most = options.LargestExactValues;
        if (IsFew(options, count, dimension))
            return Exact($"{size} are at most {most} values in all, few enough to compare with all.");
        double needed = Math.Ceiling(count * GraphBytes(options.GraphFor(dimension), dimension) / (1 << 20));
        double budget = Math.Floor((options.MemoryBudget ?? BytesLeft() / 2) / (double)(1 << 20));
        return needed > budget
            ? Exact(
                $"a graph of {size} would take {Check.Shown(needed)} MiB, and {Check.Shown(budget)} MiB may be used.")
            : new SearchPlan(
                SearchStrategy.Graph,
                $"Graph search: {size} are more than {most} values in all; it takes {Check.Shown(needed)} MiB.");
    }

    private static SearchPlan ChooseQuantized(QuantizedSettings settings, long count, int dimension)
    {
        if (count < settings.TrainingCount)
        {
            return Exact(
                $"Quantized was asked for, and its codebooks are trained on {settings.TrainingCount} entries. "
                + $"There are {count}; their vectors are kept until then.");
        }

        string beside = settings.KeepVectors ? "beside" : "instead of";
        return new SearchPlan(
            SearchStrategy.Quantized,
            $"Quantized search: asked for. An entry has a code of {settings.SubspacesOf(dimension)} bytes "
            + $"{beside} a vector of {4L * dimension}.");
    }

    private static SearchPlan Exact(string reason) => new(SearchStrategy.Exact, $"Exact search: {reason}");

    /// <summary>Gives the bytes of an entry of a graph beside the vector: a code, and links.</summary>
    private static double GraphBytes(GraphSettings settings, int dimension)
    {
        int valueBytes = settings.Encoding switch
        {
            VectorEncoding.Single => sizeof(float),
            VectorEncoding.Half => sizeof(ushort),
            _ => sizeof(byte),
        };
        return ((double)dimension * valueBytes) + (2.0 * settings.LinkCount * sizeof(int)) + NodeBytesOfEntry;
    }

    private static long BytesLeft()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes);
    }
}
