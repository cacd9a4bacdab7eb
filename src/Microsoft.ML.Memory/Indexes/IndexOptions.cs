// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How a memory's entries are searched; <c>new IndexOptions()</c> is valid.</summary>
public sealed record IndexOptions
{
    /// <summary>
    /// Exact, a graph, or whichever suits the memory's size. Default <see cref="SearchStrategy.Auto"/>.
    /// </summary>
    public SearchStrategy Strategy { get; init; }

    /// <summary>
    /// Bytes that <see cref="SearchStrategy.Auto"/> may spend on a graph, at least 0; null (the default) means half of
    /// the memory that the process has left when it chooses.
    /// </summary>
    public long? MemoryBudget { get; init; }

    /// <summary>
    /// Settings of a graph; null (the default) means the default settings with 8-bit codes, 16-bit ones for vectors of
    /// more than 65,536 values.
    /// </summary>
    public GraphSettings? Graph { get; init; }

    /// <summary>Gives the settings of a graph of vectors.</summary>
    internal GraphSettings GraphFor(int dimension) => Graph ?? new GraphSettings
    {
        Encoding = dimension <= GraphLimits.LongestSignedByteRow ? VectorEncoding.SignedByte : VectorEncoding.Half,
    };

    /// <summary>Collects what is wrong with the settings.</summary>
    internal void Validate(OptionViolations violations, string name)
    {
        violations.Require(Enum.IsDefined(Strategy), $"{name}.{nameof(Strategy)}", "a strategy", Strategy);
        violations.Require(
            MemoryBudget is null or >= 0, $"{name}.{nameof(MemoryBudget)}", "null or at least 0", MemoryBudget);
        Graph?.Validate(violations, $"{name}.{nameof(Graph)}.");
    }
}
