// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How the probabilities of attention reach backward.</summary>
internal enum AttentionSaving
{
    /// <summary>Kept as they are.</summary>
    Exact,

    /// <summary>Kept in 4 bits.</summary>
    Coded,

    /// <summary>Computed again from queries and keys.</summary>
    Recomputed,
}
