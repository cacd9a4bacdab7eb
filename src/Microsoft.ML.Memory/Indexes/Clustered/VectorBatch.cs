// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Some rows of a stream from which an index is built.</summary>
/// <param name="Ids">n ids.</param>
/// <param name="Vectors">[n, d], row-major, finite.</param>
public readonly record struct VectorBatch(ReadOnlyMemory<long> Ids, ReadOnlyMemory<float> Vectors);
