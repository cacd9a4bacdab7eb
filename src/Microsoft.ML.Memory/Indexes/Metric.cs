// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Says how far apart two vectors are; every metric is a distance, and smaller is nearer.</summary>
public enum Metric
{
    /// <summary>
    /// <c>1 - dot(a, b) / (|a| |b|)</c>, in [0, 2]. A zero vector has similarity 0, so distance 1, to everything.
    /// The index normalises: vectors are stored as they were given.
    /// </summary>
    Cosine = 0,

    /// <summary><c>sum (a_i - b_i)^2</c>, at least 0. No square root is taken.</summary>
    SquaredEuclidean = 1,

    /// <summary><c>-dot(a, b)</c>, unbounded.</summary>
    InnerProduct = 2,
}
