// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How a memory's entries are searched; <c>new IndexOptions()</c> is valid.</summary>
public sealed record IndexOptions
{
    private const double AutoTargetRecall = 0.95;

    /// <summary>
    /// Exact, a graph, codes of product quantisation, or whichever of the first two suits the memory's size and data.
    /// Default <see cref="SearchStrategy.Auto"/>.
    /// </summary>
    public SearchStrategy Strategy { get; init; }

    /// <summary>
    /// Bytes that <see cref="SearchStrategy.Auto"/> may spend on a graph, at least 0; null (the default) means half of
    /// the memory that the process has left when it chooses, which may choose otherwise when a durable memory is opened
    /// again.
    /// </summary>
    public long? MemoryBudget { get; init; }

    /// <summary>
    /// Settings of a graph; null (the default) means the default settings with 8-bit codes, 16-bit ones for vectors of
    /// more than 65,536 values.
    /// </summary>
    public GraphSettings? Graph { get; init; }

    /// <summary>
    /// Settings of <see cref="SearchStrategy.Quantized"/>; null (the default) means the default settings without
    /// vectors. Its <see cref="QuantizedSettings.SubspaceCount"/> is at most the length of a vector.
    /// </summary>
    public QuantizedSettings? Quantization { get; init; }

    /// <summary>
    /// Share of the nearest entries that a graph has to find, in (0, 1], measured on up to 256 entries that are held
    /// out while it is built; it is searched as widely as that takes. Null (the default) means 0.95 for
    /// <see cref="SearchStrategy.Auto"/>, which stays exact where a graph takes as long to reach it as a single query
    /// that is compared with all, and that a graph asked for is searched as it is set. Exact search reaches any; codes
    /// are not measured.
    /// </summary>
    public double? TargetRecall { get; init; }

    /// <summary>Values stored up to which Auto stays exact; not saved. Tests have it take graphs of fewer.</summary>
    internal long LargestExactValues { get; init; } = SearchPlan.LargestExactValues;

    /// <summary>Share of neighbours that a graph is measured to find; null where it is not measured.</summary>
    internal double? GraphTarget => TargetRecall ?? (Strategy == SearchStrategy.Auto ? AutoTargetRecall : null);

    /// <summary>Gives the settings of a graph of vectors.</summary>
    internal GraphSettings GraphFor(int dimension) => Graph ?? new GraphSettings
    {
        Encoding = dimension <= GraphLimits.LongestSignedByteRow ? VectorEncoding.SignedByte : VectorEncoding.Half,
    };

    /// <summary>Gives the settings of codes of vectors.</summary>
    /// <exception cref="ArgumentException">There are more subspaces than values.</exception>
    internal QuantizedSettings QuantizationFor(int dimension)
    {
        QuantizedSettings settings = Quantization ?? new QuantizedSettings { KeepVectors = false };
        if (settings.SubspaceCount > dimension)
        {
            throw new ArgumentException(
                $"IndexOptions.Quantization.SubspaceCount must be at most {dimension}, the length of a vector. "
                + $"Got {settings.SubspaceCount}.");
        }

        return settings;
    }

    /// <summary>Checks every setting and reports all that are out of range at once.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public void Validate()
    {
        var violations = new OptionViolations(nameof(IndexOptions));
        Validate(violations, "");
        violations.ThrowIfAny();
    }

    /// <summary>Collects what is wrong with the settings.</summary>
    internal void Validate(OptionViolations violations, string name)
    {
        violations.Require(Enum.IsDefined(Strategy), name + nameof(Strategy), "a strategy", Strategy);
        violations.Require(
            MemoryBudget is null or >= 0, name + nameof(MemoryBudget), "null or at least 0", MemoryBudget);
        violations.Require(
            TargetRecall is null or (> 0 and <= 1), name + nameof(TargetRecall), "null or in (0, 1]", TargetRecall);
        Graph?.Validate(violations, $"{name}{nameof(Graph)}.");
        Quantization?.Validate(violations, $"{name}{nameof(Quantization)}.");
    }
}
