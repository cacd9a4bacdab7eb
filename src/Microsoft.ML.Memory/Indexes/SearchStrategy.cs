// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How the nearest entries are searched.</summary>
public enum SearchStrategy
{
    /// <summary>Chosen by the number of entries and their dimension.</summary>
    Auto = 0,

    /// <summary>Every entry is compared: the answers are exact.</summary>
    Exact = 1,

    /// <summary>A graph of neighbours is followed: faster on large banks, and approximate.</summary>
    Graph = 2,
}
