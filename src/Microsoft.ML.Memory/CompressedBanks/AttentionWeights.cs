// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What an attention over codes is made of.</summary>
internal sealed record AttentionWeights
{
    /// <summary>Number of heads, at least 1.</summary>
    public int HeadCount { get; init; } = 1;

    /// <summary>Length of a head's queries and keys; the length of a row where there are no projections.</summary>
    public required int HeadDimension { get; init; }

    /// <summary>What dot products are multiplied by.</summary>
    public required double Scale { get; init; }

    /// <summary>[heads · head dimension, d] projection of rows; null takes rows as they are, for one head.</summary>
    public float[]? Query { get; init; }

    /// <summary>[heads · head dimension, d] projection of codes; null takes codes as they are, for one head.</summary>
    public float[]? Key { get; init; }

    /// <summary>Low-rank correction of keys and votes; null means none.</summary>
    public CodeCorrection? Correction { get; init; }
}
