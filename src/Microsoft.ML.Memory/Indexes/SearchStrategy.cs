// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How a memory finds neighbours; <see cref="SearchPlan"/> says what each costs.</summary>
public enum SearchStrategy
{
    /// <summary>
    /// Exact while that is fast enough, else a graph, if it finds enough; the log says which, and why. See
    /// <see cref="SearchPlan"/> and <see cref="IndexOptions.TargetRecall"/>.
    /// </summary>
    Auto = 0,

    /// <summary>Every query is compared with every entry: all neighbours are found.</summary>
    Exact = 1,

    /// <summary>
    /// Along a graph of near neighbours: most neighbours are found, in time that hardly grows with the memory.
    /// </summary>
    Graph = 2,

    /// <summary>
    /// Through codes of a few bytes that take the place of the vectors, or stand beside them: see
    /// <see cref="QuantizedSettings"/>. Never chosen by <see cref="Auto"/>, since it loses neighbours, and without
    /// vectors distances.
    /// </summary>
    Quantized = 3,
}
